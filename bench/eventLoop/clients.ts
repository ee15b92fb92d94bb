/**
 * Clients of a server, each with one streamed request after another; prints how many events came. A process of its own, so that the
 * server's thread is not theirs.
 *
 * ```sh
 * node bench/eventLoop/clients.ts URL CLIENTS REQUESTS TOKENS TEXT_FILE
 * ```
 */
import { readFileSync } from "node:fs"

const [url = "", clients = "16", requests = "2", tokens = "48", file = ""] = process.argv.slice(2)
const words = readFileSync(file, "utf8").split(/\s+/)

const wordsFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, i) => words[(start + i) % words.length]).join(" ")

const bodyOf = (client: number, request: number) => ({
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: wordsFrom(client * 997 + request * 311, 40) },
    { role: "assistant", content: wordsFrom(client * 991 + request * 313, 60) },
    // one of four is long
    { role: "user", content: wordsFrom(client * 983 + request * 317, (client + request) % 4 === 0 ? 3000 : 200) }
  ],
  max_tokens: Number(tokens),
  seed: client * 1000 + request,
  stop: ["\n\n\n", "The end."],
  logprobs: true,
  top_p: 0.95,
  stream: true,
  stream_options: { include_usage: true }
})

const ask = async (client: number, request: number): Promise<number> => {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(bodyOf(client, request))
  })
  const text = await response.text()
  if (!response.ok || !text.endsWith("data: [DONE]\n\n")) throw new Error(text.slice(0, 500))
  return text.split("\n\n").length - 2
}

const all = await Promise.all(
  Array.from({ length: Number(clients) }, async (_, client) => {
    let events = 0
    for (let request = 0; request < Number(requests); request++) events += await ask(client, request)
    return events
  })
)
process.stdout.write(`${all.reduce((sum, events) => sum + events, 0)}\n`)
