import type { Ops, Value } from "../graph/mod.ts"
import { type ModelConfig, rotaryWidth } from "./ModelConfig.ts"
import { rotary } from "./rotary.ts"

/** The tables of `rotary` as constants. Shapes: each [contextLength, rotaryWidth / 2]. */
export const rotaryTables = (
  op: Ops,
  config: ModelConfig,
  contextLength: number,
  type: "float32" | "float16" = "float32"
) => {
  const { cos, sin } = rotary(config, contextLength)
  const shape = [contextLength, rotaryWidth(config) / 2]
  const constant = (table: Float32Array) => op.constant(type === "float16" ? new Float16Array(table) : table, shape)
  return { cos: constant(cos), sin: constant(sin) }
}

/**
 * Heads turned by the angles of their positions; features past the rotated ones stay.
 *
 * Shapes   x: [rows, heads, tokens, head_dim]; positions: int64 [rows, tokens]; result as x.
 */
export const rotate = (
  op: Ops,
  config: ModelConfig,
  tables: ReturnType<typeof rotaryTables>,
  x: Value,
  positions: Value
): Value => {
  const width = rotaryWidth(config)
  const turn = (part: Value) => op.RotaryEmbedding(part, positions, tables.cos, tables.sin)
  if (width === config.head_dim) return turn(x)
  const [turned = x, still = x] = op.Split(x, { axis: 3, split: [width, config.head_dim - width] })
  return op.Concat([turn(turned), still], { axis: 3 })
}
