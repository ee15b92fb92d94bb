import { Effect } from "effect"
import type { Checkpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { logProbabilityGraph, type Sequence, type Sheet } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { scoreSequences } from "./scoreSequences.ts"

interface Options {
  readonly batchSize: number
}

const feedsOf = ({ targets }: Sheet) => ({ targets: { data: targets, shape: [targets.length, 1] } })

/**
 * A model that gives log π(a|x) of sequences, for as long as the scope is open.
 *
 * Shapes   Its result [sequence].
 * Units    Nats, summed over response tokens; batchSize in sequences; contextLength, the longest sequence, in tokens.
 * Fails    RuntimeError.
 */
export const openLogProbabilities = Effect.fn("openLogProbabilities")(function* (
  checkpoint: Checkpoint,
  contextLength: number
) {
  const runtime = yield* OnnxRuntime
  const { family, config, weights, folder } = checkpoint
  const session = yield* runtime.session({
    name: `logProbability ${folder}`,
    model: serialize(logProbabilityGraph({ family, config, contextLength }, weights)),
    externalFolder: folder
  })
  return (sequences: ReadonlyArray<Sequence>, options: Options) =>
    scoreSequences({ ...options, session, output: "logps", sequences, read: "select", feedsOf })
})

/**
 * log π(a|x) of every sequence under a model.
 *
 * Shapes   Result [sequence].
 * Units    Nats, summed over response tokens; batchSize in sequences.
 * Fails    RuntimeError.
 */
export const logProbabilities = Effect.fn("logProbabilities")(function* (
  checkpoint: Checkpoint,
  sequences: ReadonlyArray<Sequence>,
  options: Options
) {
  const longest = sequences.reduce((length, { ids }) => Math.max(length, ids.length), 1)
  const score = yield* openLogProbabilities(checkpoint, longest)
  return yield* score(sequences, options)
}, Effect.scoped)
