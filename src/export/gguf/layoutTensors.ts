import { Effect } from "effect"
import type { ModelSource } from "../../checkpoint/mod.ts"
import type { Writing } from "../Exporter.ts"
import type { Architecture } from "./architecture/mod.ts"
import { interleaveRows } from "./interleaveRows.ts"
import { ropeFactors } from "./ropeFactors.ts"
import { tensorName } from "./tensorName.ts"
import { type TensorType, tensorTypeOf, tensorTypes } from "./tensorTypes.ts"
import type { GgufTensor } from "./writeGguf.ts"

type Change = (values: Float32Array) => Float32Array

/** What has to be done to the values of a weight so that llama.cpp computes the same with them; nothing, mostly. */
const changeOf = (name: string, { config }: ModelSource, architecture: Architecture): Change | undefined => {
  const { normShift, pairs, queryScale } = architecture
  const isQuery = name.includes(".self_attn.q_proj.")
  const isKey = name.includes(".self_attn.k_proj.")
  if (pairs === "neighbours" && (isQuery || isKey)) {
    const heads = isQuery ? config.num_attention_heads : config.num_key_value_heads
    return (values) => interleaveRows(values, heads, config.head_dim)
  }
  if (queryScale && isQuery) {
    const scale = queryScale(config)
    return scale === 1 ? undefined : (values) => values.map((x) => x * scale)
  }
  if (normShift !== undefined && name.endsWith("norm.weight")) return (values) => values.map((x) => x + normShift)
  return undefined
}

/** The tensors of a model in the order of the file, each read and changed when its turn comes. */
export const layoutTensors = (
  { onWeight, source }: Pick<Writing, "source" | "onWeight">,
  architecture: Architecture,
  type: TensorType
): ReadonlyArray<GgufTensor> => {
  const factors = ropeFactors(source.config)
  const extra: ReadonlyArray<GgufTensor> = factors
    ? [{ name: "rope_freqs.weight", shape: [factors.length], type: tensorTypes.F32, load: Effect.succeed(factors) }]
    : []
  const own = source.parameters.map(({ name, shape }): GgufTensor => {
    const change = changeOf(name, source, architecture)
    const load = Effect.tap(source.load(name), () => onWeight)
    return {
      name: tensorName(name, architecture.names),
      shape,
      type: tensorTypeOf(type, shape),
      load: change ? Effect.map(load, change) : load
    }
  })
  return [...own, ...extra]
}
