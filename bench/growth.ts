/**
 * How a training grows: the time of a step with its tokens, and the peak memory with the rows of the data. Each number is
 * measured in a process of its own.
 *
 * ```sh
 * node bench/growth.ts [--json] [--only=time|memory]
 * ```
 */
import { execFileSync } from "node:child_process"
import { fitTime, type Timed } from "./growth/fitTime.ts"
import { rowParts } from "../src/model/mod.ts"
import { parameterCount, shape27M } from "./shape.ts"

const tokens = [256, 512, 1024, 2048]
const total = 4096
const fewestRows = 2
const rows = [100, 1000, 10_000]
const phases = ["sft", "dpo"]

const round = (x: number, digits = 3): number => Number(x.toPrecision(digits))

const child = (script: string, ...flags: ReadonlyArray<string>): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [`${import.meta.dirname}/growth/${script}`, ...flags], { encoding: "utf8" })
  )

const timeOf = (perRow: number, count: number): Timed => {
  const { seconds } = child("step.ts", `--tokens=${perRow}`, `--rows=${count}`) as Pick<Timed, "seconds"> // as: what the script prints
  return { perRow, rows: count, seconds }
}

/** Attention's share of the work of a step: its products over the parts of a row that tokens see, beside those with weights. */
const shareOfWork = (perRow: number): number => {
  const { head_dim, num_attention_heads, num_hidden_layers } = shape27M
  const seen = (perRow * (rowParts + 1)) / (2 * rowParts)
  const attention = 2 * seen * num_attention_heads * head_dim * num_hidden_layers
  return attention / (attention + parameterCount)
}

const options = process.argv.slice(2)
const only = options.find((option) => option.startsWith("--only="))?.slice("--only=".length)
const print = (found: object) => {
  if (options.includes("--json")) process.stdout.write(`${JSON.stringify(found)}\n`)
  else console.table(found)
}

if (only !== "memory") {
  const fixedRows = tokens.map((perRow) => timeOf(perRow, fewestRows))
  const fixedTotal = tokens.map((perRow) => timeOf(perRow, total / perRow))
  const fitted = fitTime([...fixedRows, ...fixedTotal])
  for (const [growing, series] of [
    [`tokens, ${fewestRows} rows`, fixedRows],
    [`row length, ${total} tokens`, fixedTotal]
  ] as const) {
    const [first] = series
    for (const timed of series) {
      const perToken = timed.seconds / (timed.rows * timed.perRow)
      const before = first ? first.seconds / (first.rows * first.perRow) : Number.NaN
      print({
        growing,
        rows: timed.rows,
        "tokens per row": timed.perRow,
        seconds: round(timed.seconds),
        "against linear": round(perToken / before),
        "fitted seconds": round(fitted.secondsOf(timed)),
        "quadratic share of them": round(fitted.quadraticOf(timed) / fitted.secondsOf(timed), 2),
        "attention's share of the work": round(shareOfWork(timed.perRow), 2)
      })
    }
    print({ growing, "fitted exponent": round(fitTime.exponent(series)) })
  }
}

if (only !== "time") {
  for (const phase of phases) {
    for (const count of rows) print(child("rows.ts", `--phase=${phase}`, `--rows=${count}`) as object) // as: what the script prints
  }
}
