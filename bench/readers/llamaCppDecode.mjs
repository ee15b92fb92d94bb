// Seconds that llama.cpp takes to sample: {"model": file, "prompts": [[id]], "fresh": n, "threads": n, "runs": n} on stdin, {"seconds": [s]} on stdout.
import { text } from "node:stream/consumers"
import { getLlama, LlamaLogLevel } from "node-llama-cpp"

const { fresh, model: modelPath, prompts, runs, threads } = JSON.parse(await text(process.stdin))
const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
  maxThreads: threads
})
const model = await llama.loadModel({ modelPath, gpuLayers: 0 })
const longest = prompts[0].length + fresh + 8
const rows = prompts.length

/** From the moment at which every row has its first token to the last token. */
const run = async () => {
  const context = await model.createContext({
    contextSize: longest,
    sequences: rows,
    batchSize: Math.max(512, rows * prompts[0].length),
    threads
  })
  const sequences = prompts.map(() => context.getSequence())
  let begun = 0
  let started = 0
  await Promise.all(
    sequences.map(async (sequence, row) => {
      let drawn = 0
      for await (const _ of sequence.evaluate(prompts[row], { temperature: 1, yieldEogToken: true })) {
        drawn += 1
        if (drawn === 1) begun += 1
        if (begun === rows && started === 0) started = performance.now()
        if (drawn > fresh) break
      }
    })
  )
  const seconds = (performance.now() - started) / 1000
  await context.dispose()
  return seconds
}

await run()
const seconds = []
for (let i = 0; i < runs; i++) seconds.push(await run())
process.stdout.write(JSON.stringify({ seconds }))
await llama.dispose()
