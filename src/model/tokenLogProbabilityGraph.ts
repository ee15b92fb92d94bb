import { type Graph, Ops } from "../graph/mod.ts"

/**
 * The graph of log π of one token of each row, at temperature 1.
 *
 * Shapes   logits: [rows, vocabulary]; token: int64 [rows]; logProbability: [rows, 1].
 * Units    Nats.
 */
export const tokenLogProbabilityGraph = (vocabulary: number): Graph => {
  const op = new Ops("tokenLogProbability")
  const all = op.LogSoftmax(op.input("logits", "float32", ["rows", vocabulary]), { axis: -1 })
  const token = op.Unsqueeze(op.input("token", "int64", ["rows"]), [1])
  op.output(op.GatherElements(all, token, { axis: 1 }), "logProbability")
  return op.build()
}
