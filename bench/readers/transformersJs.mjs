// Greedy tokens of transformers.js: {"model": folder, "prompts": [[id]], "maxNewTokens": n, "ends": [id], "texts": [text]} on stdin, {"ids", "encoded"} on stdout.
import { basename, dirname } from "node:path"
import { text } from "node:stream/consumers"
import { AutoModelForCausalLM, AutoTokenizer, env, Tensor } from "@huggingface/transformers"

const { ends, maxNewTokens, model: folder, prompts, texts } = JSON.parse(await text(process.stdin))
env.allowRemoteModels = false
env.localModelPath = `${dirname(folder)}/`
const name = basename(folder)
const tokenizer = await AutoTokenizer.from_pretrained(name)
const model = await AutoModelForCausalLM.from_pretrained(name)
const tensor = (ids) => new Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length])
const ids = []
for (const prompt of prompts) {
  const output = await model.generate({
    inputs: tensor(prompt),
    attention_mask: tensor(prompt.map(() => 1)),
    do_sample: false,
    max_new_tokens: maxNewTokens,
    eos_token_id: ends
  })
  ids.push(Array.from(output.data, Number).slice(prompt.length))
}
const encoded = texts.map((each) => tokenizer.encode(each, { add_special_tokens: false }))
process.stdout.write(JSON.stringify({ ids, encoded, template: tokenizer.chat_template ?? undefined }))
