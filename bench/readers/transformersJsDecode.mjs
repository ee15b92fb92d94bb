// Seconds that transformers.js takes to sample: {"model": folder, "prompts": [[id]], "fresh": n, "threads": n, "runs": n} on stdin, {"seconds": [s]} on stdout.
import { basename, dirname } from "node:path"
import { text } from "node:stream/consumers"
import { AutoModelForCausalLM, env, Tensor } from "@huggingface/transformers"

const { fresh, model: folder, prompts, runs, threads } = JSON.parse(await text(process.stdin))
env.allowRemoteModels = false
env.localModelPath = `${dirname(folder)}/`
const model = await AutoModelForCausalLM.from_pretrained(basename(folder), {
  dtype: "fp32",
  session_options: { intraOpNumThreads: threads }
})
const shape = [prompts.length, prompts[0].length]
const tensor = (ids) => new Tensor("int64", BigInt64Array.from(ids.flat(), BigInt), shape)

const generate = async (tokens) => {
  const started = performance.now()
  const output = await model.generate({
    inputs: tensor(prompts),
    attention_mask: tensor(prompts.map((ids) => ids.map(() => 1))),
    do_sample: true,
    temperature: 1,
    top_k: 0,
    min_new_tokens: tokens,
    max_new_tokens: tokens
  })
  if (output.dims[1] !== shape[1] + tokens) throw new Error(`wanted ${tokens} new tokens, found ${output.dims}`)
  return (performance.now() - started) / 1000
}

await generate(2)
const seconds = []
for (let i = 0; i < runs; i++) seconds.push((await generate(1 + fresh)) - (await generate(1)))
process.stdout.write(JSON.stringify({ seconds }))
