import { type Graph, Ops, type Value } from "../graph/mod.ts"
import { drawToken } from "./drawToken.ts"

interface Limits {
  readonly topK: Value
  readonly topP: Value
  readonly minP: Value
}

/** Logits of tokens that have been seen, divided by the penalty where positive and multiplied where negative. */
const penalized = (op: Ops, logits: Value): Value => {
  const seen = op.input("seen", "bool", logits.shape)
  const penalty = op.input("repetitionPenalty", "float32", ["rows", 1])
  const changed = op.Where(op.Greater(logits, op.scalar(0)), op.Div(logits, penalty), op.Mul(logits, penalty))
  return op.Where(seen, changed, logits)
}

/**
 * The least probability that stays under each limit, found among the `candidates` most likely tokens; and whether they
 * were too few to tell. Sums run one by one from the most likely token on, so that they do not depend on `candidates`.
 */
const leastKept = (
  op: Ops,
  limits: Limits,
  options: { probability: Value; candidates: number; vocabulary: number }
) => {
  const { topK, topP, minP } = limits
  const { candidates, vocabulary } = options
  const int = (n: number) => op.scalar(n, "int64")
  const [sorted] = op.TopK(options.probability, candidates)
  const sums = op.CumSum(sorted, int(1))
  const capped = op.Min(topK, int(candidates))
  const unlimited = op.Greater(topK, int(vocabulary - 1))
  const mass = op.Where(unlimited, op.scalar(1), op.GatherElements(sums, op.Sub(capped, int(1)), { axis: 1 }))
  // the token that crosses topP stays: what counts is the mass before it
  const before = op.CumSum(sorted, int(1), { exclusive: 1 })
  const within = op.Cast(op.Less(before, op.Mul(topP, mass)), { to: "int64" })
  const partial = op.Less(topP, op.scalar(1))
  const count = op.Where(partial, op.ReduceSum(within, { axes: [1], keepdims: 1 }), int(candidates))
  const place = op.Sub(op.Max(op.Min(count, capped), int(1)), int(1))
  const ranked = op.GatherElements(sorted, place, { axis: 1 })
  const free = op.And(unlimited, op.Not(partial))
  const most = op.Slice(sorted, { starts: [0], ends: [1], axes: [1] })
  const least = op.Max(op.Where(free, op.scalar(0), ranked), op.Mul(minP, most))
  const reached = op.Slice(sums, { starts: [candidates - 1], ends: [candidates], axes: [1] })
  const past = op.And(partial, op.Less(reached, op.Mul(topP, mass)))
  const short = op.And(past, op.Greater(topK, int(candidates)))
  return { least, short }
}

/**
 * The graph that chooses tokens under limits: repetition penalty, temperature, then top-k, top-p of what is left, min-p.
 *
 * Source   top-p: Holtzman et al., "The curious case of neural text degeneration"; min-p: Nguyen et al., "Turning up the heat";
 *          repetition penalty: Keskar et al., "CTRL".
 * Shapes   logits: [rows, vocabulary]; seen: bool as logits; temperature, uniform, repetitionPenalty, topP, minP: [rows, 1];
 *          topK: int64 [rows, 1]; token: int64 [rows]; short: bool [rows, 1].
 * Domain   topK is at most `candidates`, or the vocabulary, which leaves all; topP 1 and minP 0 leave all. Where `short` holds,
 *          top-p reaches past the candidates and the token has to be chosen again with all of them. Equal probabilities stay together.
 */
export const chooseGraph = (options: { readonly vocabulary: number; readonly candidates: number }): Graph => {
  const { vocabulary } = options
  const op = new Ops("choose")
  const logits = penalized(op, op.input("logits", "float32", ["rows", vocabulary]))
  const column = (name: string) => op.input(name, "float32", ["rows", 1])
  const limits = { topK: op.input("topK", "int64", ["rows", 1]), topP: column("topP"), minP: column("minP") }
  const probability = op.Softmax(op.Div(logits, column("temperature")), { axis: -1 })
  const { least, short } = leastKept(op, limits, { ...options, probability })
  const kept = op.Where(op.Less(probability, least), op.scalar(0), probability)
  op.output(drawToken(op, { vocab_size: vocabulary }, kept, column("uniform")), "token")
  op.output(short, "short")
  return op.build()
}
