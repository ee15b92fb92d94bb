/**
 * Clients of a server, each with one request after another from a line on standard input on; prints how long all answers are. A
 * process of its own, so that the server's thread is not theirs.
 *
 * ```sh
 * node bench/eventLoop/clients.ts stream|choices|score|preference URL CLIENTS REQUESTS TOKENS TEXT_FILE
 * ```
 */
import { readFileSync } from "node:fs"
import { once } from "node:events"

const [kind = "", url = "", clients = "16", requests = "2", tokens = "48", file = ""] = process.argv.slice(2)
const words = readFileSync(file, "utf8").split(/\s+/)

const wordsFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, i) => words[(start + i) % words.length]).join(" ")

/** A conversation; one of four is long. */
const chatOf = (client: number, request: number) => ({
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: wordsFrom(client * 997 + request * 311, 40) },
    { role: "assistant", content: wordsFrom(client * 991 + request * 313, 60) },
    { role: "user", content: wordsFrom(client * 983 + request * 317, (client + request) % 4 === 0 ? 3000 : 200) }
  ],
  max_tokens: Number(tokens),
  seed: client * 1000 + request,
  stop: ["\n\n\n", "The end."],
  logprobs: true,
  top_p: 0.95
})

const choicesOf = (client: number, request: number) => ({
  messages: [{ role: "user", content: wordsFrom(client * 997 + request * 311, 40) }],
  max_tokens: Number(tokens),
  seed: client * 1000 + request,
  n: 8,
  logprobs: true
})

/** Conversations of some 90 words; `said` are the keys of what is read beside each. */
const rowsOf = (client: number, request: number, said: ReadonlyArray<string>) => ({
  rows: Array.from({ length: 64 }, (_, row) => {
    const at = client * 997 + request * 311 + row * 101
    const answers = said.map((name, i) => [name, wordsFrom(at + 60 + i, 30)])
    return { messages: [{ role: "user", content: wordsFrom(at, 60) }], ...Object.fromEntries(answers) }
  })
})

const streamed = { stream: true, stream_options: { include_usage: true } }
const asked: Record<string, { path: string; end: string; bodyOf: (client: number, request: number) => unknown }> = {
  stream: {
    path: "chat/completions",
    end: "data: [DONE]\n\n",
    bodyOf: (client, request) => ({ ...chatOf(client, request), ...streamed })
  },
  choices: { path: "chat/completions", end: "}", bodyOf: choicesOf },
  score: { path: "score", end: "}", bodyOf: (client, request) => rowsOf(client, request, ["response"]) },
  preference: {
    path: "preference",
    end: "}",
    bodyOf: (client, request) => rowsOf(client, request, ["first", "second"])
  }
}

const ask = async (client: number, request: number): Promise<number> => {
  const { bodyOf, end, path } = asked[kind] ?? { path: kind, end: "", bodyOf: () => ({}) }
  const response = await fetch(`${url}/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(bodyOf(client, request))
  })
  const text = await response.text()
  if (!response.ok || !text.endsWith(end)) throw new Error(text.slice(0, 500))
  return text.length
}

await once(process.stdin, "data")
process.stdin.destroy()
const all = await Promise.all(
  Array.from({ length: Number(clients) }, async (_, client) => {
    let length = 0
    for (let request = 0; request < Number(requests); request++) length += await ask(client, request)
    return length
  })
)
process.stdout.write(`${all.reduce((sum, length) => sum + length, 0)}\n`)
