import { type Graph, Ops } from "../graph/mod.ts"
import { concatenatedAttention } from "./concatenatedAttention.ts"
import type { Family, ParameterOf } from "./Family.ts"
import { languageHead } from "./languageHead.ts"
import { plainLinear } from "./linear.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { trunk } from "./trunk.ts"

/**
 * The graph of a language model as other programs want it: logits of every token, and a cache that grows by concatenation.
 *
 * Source   The inputs and outputs that Optimum exports and transformers.js reads.
 * Shapes   input_ids, position_ids: int64 [rows, tokens]; attention_mask: int64 [rows, past+tokens]; logits: [rows, tokens,
 *          vocab_size]; the cache as `concatenatedAttention` has it.
 * Domain   Positions below contextLength. `weights` gives the parameters of the family and the head as graph values.
 */
export const causalGraph = (options: {
  readonly family: Family
  readonly config: ModelConfig
  readonly contextLength: number
  readonly weights: (op: Ops) => ParameterOf
}): Graph => {
  const { config, contextLength, family } = options
  const op = new Ops("causal")
  const ids = op.input("input_ids", "int64", ["rows", "tokens"])
  const attentionMask = op.input("attention_mask", "int64", ["rows", "past+tokens"])
  const positions = op.input("position_ids", "int64", ["rows", "tokens"])
  const parameterOf = options.weights(op)
  const attend = concatenatedAttention(op, config, { contextLength, attentionMask, positions })
  const context = { config, parameterOf, linear: plainLinear(op, parameterOf), attend }
  const hidden = family.norm(op, context, trunk(op, family, context, ids))
  const logits = languageHead(op, config, parameterOf, hidden)
  op.output(op.Reshape(logits, ["rows", "tokens", config.vocab_size]), "logits")
  return op.build()
}
