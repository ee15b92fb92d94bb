import { Effect } from "effect"
import type { Checkpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { logProbabilityGraph, membership, type Sequence } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { blockFeeds, scoreSequences } from "./scoreSequences.ts"

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
  options: { readonly batchSize: number; readonly onBatch?: (rows: number) => Effect.Effect<void> }
) {
  const runtime = yield* OnnxRuntime
  const { family, config, weights, folder } = checkpoint
  const contextLength = sequences.reduce((longest, { ids }) => Math.max(longest, ids.length), 1)
  const session = yield* runtime.session({
    name: `logProbability ${folder}`,
    model: serialize(logProbabilityGraph({ family, config, contextLength }, weights)),
    externalFolder: folder
  })
  return yield* scoreSequences({
    ...options,
    session,
    output: "logps",
    sequences,
    feedsOf: (block) => ({
      ...blockFeeds(block),
      select: { data: block.select, shape: [block.select.length] },
      targets: { data: block.targets, shape: [block.targets.length, 1] },
      member: {
        data: membership(
          block,
          Array.from(block.last, (_, sequence) => sequence)
        ),
        shape: [block.last.length, block.select.length]
      }
    })
  })
}, Effect.scoped)
