// Greedy tokens of ONNX Runtime as browsers have it (WebAssembly): {"model": folder, "prompts": [[id]], "maxNewTokens": n, "ends": [id]} on stdin, {"ids"} on stdout.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { env, InferenceSession, Tensor } from "onnxruntime-web"

const { ends, maxNewTokens, model: folder, prompts } = JSON.parse(await text(process.stdin))
env.wasm.numThreads = 1
const onnx = join(folder, "onnx")
const name = readdirSync(onnx).find((file) => file.endsWith(".onnx"))
const data = `${name}_data`
const session = await InferenceSession.create(readFileSync(join(onnx, name)), {
  executionProviders: ["wasm"],
  ...(existsSync(join(onnx, data)) ? { externalData: [{ path: data, data: readFileSync(join(onnx, data)) }] } : {})
})
const { head_dim: width, num_key_value_heads: heads } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))
const pasts = session.inputNames.filter((each) => each.startsWith("past_key_values."))
const int64 = (ids) => new Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length])
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i)

const answer = async (prompt) => {
  let cache = Object.fromEntries(
    pasts.map((each) => [each, new Tensor("float32", new Float32Array(), [1, heads, 0, width])])
  )
  const found = []
  let next = prompt
  for (let past = 0; found.length < maxNewTokens && !ends.includes(found.at(-1));) {
    const filled = past + next.length
    const output = await session.run({
      ...cache,
      input_ids: int64(next),
      attention_mask: int64(range(0, filled).map(() => 1)),
      position_ids: int64(range(past, filled))
    })
    const [, tokens, vocabulary] = output.logits.dims
    const logits = output.logits.data.subarray((tokens - 1) * vocabulary)
    found.push(logits.indexOf(logits.reduce((a, b) => Math.max(a, b))))
    cache = Object.fromEntries(pasts.map((each) => [each, output[each.replace("past_key_values", "present")]]))
    next = found.slice(-1)
    past = filled
  }
  return found
}

const ids = []
for (const prompt of prompts) ids.push(await answer(prompt))
process.stdout.write(JSON.stringify({ ids }))
process.exit(0)
