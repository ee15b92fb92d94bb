import { Effect } from "effect"
import type { Checkpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { logProbabilityGraph, membership, type Sequence } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { scoreSequences } from "./scoreSequences.ts"

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
    feedsOf: (layout) => ({
      ids: { data: layout.ids, shape: [layout.rows, layout.tokens] },
      select: { data: layout.select, shape: [layout.select.length] },
      targets: { data: layout.targets, shape: [layout.targets.length, 1] },
      member: {
        data: membership(
          layout,
          Array.from({ length: layout.rows }, (_, row) => row)
        ),
        shape: [layout.rows, layout.select.length]
      }
    })
  })
}, Effect.scoped)
