// Seconds that DuckDB needs to parse a file of preferences: node duckdb.mjs FILE THREADS RUNS; prints the best run.
import { DuckDBInstance } from "@duckdb/node-api"

const [path, threads, runs] = process.argv.slice(2)
const instance = await DuckDBInstance.create(":memory:", { threads })
const connection = await instance.connect()
const columns = `{promptId: 'VARCHAR', messages: 'STRUCT(role VARCHAR, content VARCHAR)[]', chosen: 'VARCHAR',
  rejected: 'VARCHAR', margin: 'DOUBLE'}`
// sums make it look at every value of every row
const query = `SELECT count(*), sum(strlen(promptId)), sum(strlen(messages[1].role)), sum(strlen(messages[1].content)),
  sum(strlen(chosen)), sum(strlen(rejected)), sum(margin) FROM read_ndjson('${path.replaceAll("'", "''")}', columns = ${columns})`
let seconds = Infinity
let processor = Infinity
let least = Infinity
let rows = 0
for (let run = 0; run < Number(runs); run++) {
  const started = performance.now()
  const before = process.cpuUsage()
  const answer = await connection.runAndReadAll(query)
  seconds = Math.min(seconds, (performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage(before)
  processor = Math.min(processor, (user + system) / 1e6)
  least = Math.min(least, user / 1e6)
  rows = Number(answer.getRows()[0][0])
}
console.log(JSON.stringify({ seconds, processor, user: least, rows }))
