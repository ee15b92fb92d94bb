import { type Dim, multiplyDims, type Ops, type Value } from "../graph/mod.ts"
import { attention } from "./attention.ts"
import type { Attend } from "./Family.ts"
import { tileBands } from "./layoutTiles.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rotaryTables, rotate } from "./rotate.ts"

/** A `Tiling` as values of a graph. */
interface TilingInputs {
  readonly bands: ReadonlyArray<{ readonly queryAt: Value; readonly keyAt: Value }>
  readonly back: Value
}

/** The names under which the arrays of a tiling are fed. */
export const tilingNames = (name: string) => ({
  back: `${name}.back`,
  bands: Array.from({ length: tileBands }, (_, i) => ({ queryAt: `${name}.queries.${i}`, keyAt: `${name}.keys.${i}` }))
})

/** Declares the inputs of a tiling; `queries` is how many there are. */
export const tilingInputs = (op: Ops, name: string, queries: Dim): TilingInputs => {
  const names = tilingNames(name)
  return {
    back: op.input(names.back, "int64", [queries]),
    bands: names.bands.map(({ keyAt, queryAt }, i) => ({
      queryAt: op.input(queryAt, "int64", [`${name}.tiles.${i}`, `${name}.width.${i}`]),
      keyAt: op.input(keyAt, "int64", [`${name}.tiles.${i}`, `${name}.seen.${i}`])
    }))
  }
}

/** 0 where a query sees a key, else −1e9; a key's position is its place in the tile. Shapes: positions: int64 [tiles, queries]; result [tiles, group·queries, keys]. */
const tileMask = (
  op: Ops,
  positions: Value,
  options: { readonly keys: Dim; readonly group: number; readonly window: number | undefined }
): Value => {
  const { group, keys, window } = options
  const [tiles = 1, queries = 1] = positions.shape
  const whole = (n: number) => op.constant(BigInt64Array.of(BigInt(n)), [])
  const at = op.Range(whole(0), op.Squeeze(op.dims([keys]), [0]), whole(1), keys)
  const ahead = op.Sub(op.Unsqueeze(positions, [2]), at)
  const earlier = op.Not(op.Less(ahead, whole(0)))
  const seen = window === undefined ? earlier : op.And(earlier, op.Less(ahead, whole(window)))
  const mask = op.Unsqueeze(op.Where(seen, op.scalar(0), op.scalar(-1e9)), [2])
  return op.Reshape(op.Expand(mask, [tiles, queries, group, keys]), [tiles, multiplyDims([group, queries]), keys])
}

/**
 * Attention of some queries over tokens that stand one after another, tile by tile; differentiable.
 *
 * What a query gets is the same, bit for bit, whatever stands beside it in its tile or its band: it is compared with the
 * keys of its sequence in their order, and those behind it count nothing.
 *
 * Shapes   q: [queries, num_attention_heads·head_dim]; k, v: [tokens, num_key_value_heads·head_dim]; result as q.
 *          positions: int64 [queries] and [tokens]. Query heads of one group lie beside each other in a tile, so that no
 *          key is repeated.
 * Domain   contextLength above each position.
 */
export const tiledAttention = (
  op: Ops,
  config: ModelConfig,
  options: {
    readonly contextLength: number
    readonly tiling: TilingInputs
    readonly positions: { readonly queries: Value; readonly keys: Value }
  }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { contextLength, positions, tiling } = options
  const group = num_attention_heads / num_key_value_heads
  const tables = rotaryTables(op, config, contextLength)
  const rotated = (x: Value, heads: number, at: Value) =>
    rotate(op, config, tables, op.Reshape(x, [x.shape[0] ?? 1, heads, 1, head_dim]), op.Unsqueeze(at, [1]))
  const byHead = (x: Value, width: number) =>
    op.Transpose(op.Reshape(x, [x.shape[0] ?? 1, num_key_value_heads, width]), { perm: [1, 0, 2] })
  const masks = new Map<string, Value>()
  const maskOf = (i: number, window: number | undefined): Value => {
    const name = `${i}/${window}`
    const band = tiling.bands[i]
    if (!band) throw new RangeError(`No band ${i} among ${tiling.bands.length}`)
    const make = () =>
      tileMask(op, op.Gather(positions.queries, band.queryAt), { keys: band.keyAt.shape[1] ?? 1, group, window })
    const mask = masks.get(name) ?? op.within("/mask", make)
    masks.set(name, mask)
    return mask
  }
  return (_layer, q, k, v, { window, softcap, scale = 1 / Math.sqrt(head_dim) } = {}) => {
    const scaled = op.Mul(q, op.scalar(scale))
    const queries = byHead(rotated(scaled, num_attention_heads, positions.queries), group * head_dim)
    const keys = byHead(rotated(k, num_key_value_heads, positions.keys), head_dim)
    const values = byHead(v, head_dim)
    const attended = tiling.bands.map(({ keyAt, queryAt }, i) => {
      const [tiles = 1, width = 1] = queryAt.shape
      const wide = [num_key_value_heads, tiles, multiplyDims([group, width]), head_dim]
      const operands = {
        q: op.Reshape(op.Gather(queries, queryAt, { axis: 1 }), wide),
        k: op.Gather(keys, keyAt, { axis: 1 }),
        v: op.Gather(values, keyAt, { axis: 1 }),
        mask: maskOf(i, window)
      }
      const heads = attention(op, operands, { softcap })
      return op.Reshape(heads, [num_key_value_heads, multiplyDims([tiles, width]), group * head_dim])
    })
    const inOrder = op.Gather(op.Concat(attended, { axis: 1 }), tiling.back, { axis: 1 })
    return op.Reshape(op.Transpose(inOrder, { perm: [1, 0, 2] }), q.shape)
  }
}
