// Greedy tokens of llama.cpp: {"model": file, "prompts": [[id]], "maxNewTokens": n, "ends": [id], "texts": [text]} on stdin, {"ids", "encoded"} on stdout.
import { text } from "node:stream/consumers"
import { getLlama, LlamaLogLevel } from "node-llama-cpp"

const { ends, maxNewTokens, model: modelPath, prompts, texts } = JSON.parse(await text(process.stdin))
const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.error
})
const model = await llama.loadModel({ modelPath, gpuLayers: 0 })
const longest = Math.max(...prompts.map((prompt) => prompt.length)) + maxNewTokens
const context = await model.createContext({
  contextSize: longest + 8,
  sequences: 1,
  threads: 1, // threads of llama.cpp wait for each other by spinning
  flashAttention: false,
  // float16 is usual, and rounds what is remembered of earlier tokens
  experimentalKvCacheKeyType: "F32",
  experimentalKvCacheValueType: "F32"
})
const sequence = context.getSequence()
const ids = []
for (const prompt of prompts) {
  await sequence.clearHistory()
  const found = []
  for await (const id of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    found.push(id)
    if (ends.includes(id) || found.length === maxNewTokens) break
  }
  ids.push(found)
}
const encoded = texts.map((each) => Array.from(model.tokenize(each, true)))
const { chat_template: template } = model.fileInfo.metadata.tokenizer
process.stdout.write(JSON.stringify({ ids, encoded, template }))
await llama.dispose()
