import type { CacheFormatName } from "../../schemas/mod.ts"
import { type Graph, Ops, type Value } from "../graph/mod.ts"
import { cachedAttention } from "./cachedAttention.ts"
import { drawToken } from "./drawToken.ts"
import type { Family } from "./Family.ts"
import { blockLinear } from "./blockLinear.ts"
import { halfLinear } from "./halfLinear.ts"
import { boundLogits, embedding, headWeight } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { mappedWeights, type StoredWeight, widen, widenedWeights } from "./storedWeights.ts"
import { trunk } from "./trunk.ts"
import type { WeightFormat } from "./weightFormats.ts"

/**
 * The graph that reads tokens, fills the cache and chooses the next token of each row: from softmax(logits / temperature)
 * by inversion.
 *
 * Shapes   ids: int64 [rows, tokens]; lengths: int32 [rows], last filled index of the cache after this run;
 *          longest: int32 [], the largest filled length; last: int64 [rows], flat index of the token that predicts;
 *          temperature, uniform: [rows, 1]; token: int64 [rows]; logits: [rows, vocab_size].
 * Domain   temperature > 0; uniform as `drawToken` wants it; `mostLikely` takes the most likely token. With one row, tokens may follow what its cache holds;
 *          with more, they are one each or begin their rows. Weights of linear layers may be in blocks: see `blockNames`.
 */
export const decodeGraph = (options: {
  readonly family: Family
  readonly config: ModelConfig
  readonly weights: ReadonlyMap<string, StoredWeight>
  readonly contextLength: number
  /** How the cache is kept. Default "float32". */
  readonly cache?: CacheFormatName | undefined
  /** Where weights in half become float32: once, by a runtime that folds constants, or at each run. Default "once". */
  readonly widens?: WeightFormat["widens"] | undefined
}): Graph => {
  const { family, config, contextLength, weights, cache = "float32", widens = "once" } = options
  const op = new Ops("decode")
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const lengths = op.input("lengths", "int32", ["rows"])
  const longest = op.input("longest", "int32", [])
  const last = op.input("last", "int64", ["rows"])
  const mapped = mappedWeights(op, weights)
  const parameterOf = widenedWeights(op, mapped)
  const folded = blockLinear(op, parameterOf, (name) => weights.has(name))
  const looked = headWeight(config) === embedding ? undefined : embedding // the embedding is no layer where it is not the head
  const matrices = new Map([...weights].filter(([name]) => name !== looked))
  const linear = widens === "once" ? folded : halfLinear(op, { weights: matrices, parameterOf, otherwise: folded })
  const rowsOf = (name: string, of: Value) => widen(op, op.Gather(mapped(name), of, { axis: 0 }))
  const attend = cachedAttention(op, config, { contextLength, lengths, longest, cache })
  const context = { config, parameterOf, linear, rowsOf, attend }
  const hidden = family.norm(op, context, op.Gather(trunk(op, family, context, ids), last, { axis: 0 }))
  const logits = boundLogits(op, config, linear(hidden, headWeight(config).replace(/\.weight$/, "")))
  const temperature = op.input("temperature", "float32", ["rows", 1])
  const uniform = op.input("uniform", "float32", ["rows", 1])
  op.output(drawToken(op, config, op.Softmax(op.Div(logits, temperature), { axis: -1 }), uniform), "token")
  op.output(logits, "logits")
  return op.build()
}
