import type { Attribute, Graph, Value } from "./Graph.ts"
import { ComposedOps } from "./ops/ComposedOps.ts"

/** One scale for each head and feature of a cache. */
const perChannel = { string: "PER_CHANNEL" }

/**
 * The builder of graphs: methods carry the names of ONNX operators and take inputs first, then attributes.
 *
 * Fails    Every method throws a GraphError when types or shapes do not fit.
 */
export class Ops extends ComposedOps {
  /** A builder that continues `graph`. */
  static extend(graph: Graph): Ops {
    return new Ops(graph)
  }

  /**
   * x divided by its root mean square over the axes from `axis` on, times `weight`; and the divisor's reciprocal.
   *
   * Shapes   x: any; weight: the last axes of x; results: as x, and float32 as x with size 1 at the normalized axes.
   */
  SimplifiedLayerNormalization(
    x: Value,
    weight: Value,
    options: { readonly epsilon: number; readonly axis?: number }
  ): readonly [Value, Value] {
    const attributes = { epsilon: { float: options.epsilon }, axis: { int: options.axis ?? -1 } }
    const [y, invStdVar] = this.many({
      op: "SimplifiedLayerNormalization",
      inputs: [x, weight],
      attributes,
      outputs: 2
    })
    return this.pair(y, invStdVar)
  }

  /** SimplifiedLayerNormalization of x + skip over the last axis; and x + skip. */
  SkipSimplifiedLayerNormalization(
    x: Value,
    skip: Value,
    weight: Value,
    options: { readonly epsilon: number }
  ): readonly [Value, Value] {
    const attributes = { epsilon: { float: options.epsilon } }
    const inputs = [x, skip, weight]
    const outputs = this.many({ op: "SkipSimplifiedLayerNormalization", inputs, attributes, outputs: 4 })
    return this.pair(outputs[0], outputs[3])
  }

  /**
   * Each pair of features turned by the angle of its position.
   *
   * Shapes   x: [rows, heads, tokens, width]; positions: int64 [1], the first one, or [rows, tokens]; cos, sin: [length, width/2].
   */
  RotaryEmbedding(
    x: Value,
    positions: Value,
    cos: Value,
    sin: Value,
    options: { readonly interleaved?: 0 | 1 } = {}
  ): Value {
    const attributes = { interleaved: { int: options.interleaved ?? 0 } }
    return this.one({ op: "RotaryEmbedding", inputs: [x, positions, cos, sin], attributes })
  }

  /**
   * Causal attention that appends keys and values to a cache; past and present may share a buffer. With `scales`, the cache holds
   * whole numbers from −128 to 127: what is nearest to keys and values divided by the scale of their head and feature.
   *
   * Shapes   q: [rows, tokens, num_heads·width]; k, v: [rows, tokens, kv_num_heads·width];
   *          pastKey, pastValue and the presents: [rows, kv_num_heads, cache, width], of the type of q, or int8 with `scales`, which
   *          are [1, kv_num_heads, 1, width]; lengths: int32 [rows]; total: int32 [].
   */
  GroupQueryAttention(
    q: Value,
    k: Value,
    v: Value,
    pastKey: Value,
    pastValue: Value,
    lengths: Value,
    total: Value,
    cos: Value | undefined,
    sin: Value | undefined,
    options: {
      readonly num_heads: number
      readonly kv_num_heads: number
      readonly do_rotary?: 0 | 1
      readonly scale?: number
      readonly softcap?: number
      readonly local_window_size?: number
      readonly scales?: { readonly key: Value; readonly value: Value } | undefined
    }
  ): readonly [Value, Value, Value] {
    const { scales } = options
    const rounding: Readonly<Record<string, Attribute>> = scales
      ? { k_quant_type: perChannel, v_quant_type: perChannel, kv_cache_bit_width: { int: 8 } }
      : {}
    const attributes = {
      num_heads: { int: options.num_heads },
      kv_num_heads: { int: options.kv_num_heads },
      do_rotary: { int: options.do_rotary ?? 0 },
      scale: { float: options.scale ?? 0 },
      softcap: { float: options.softcap ?? 0 },
      local_window_size: { int: options.local_window_size ?? -1 },
      ...rounding
    }
    const unused = [undefined, undefined, undefined] // positions, bias and sink of attention
    const last = scales ? [...unused, scales.key, scales.value] : []
    const inputs = [q, k, v, pastKey, pastValue, lengths, total, cos, sin, ...last]
    const [y, presentKey, presentValue] = this.many({ op: "GroupQueryAttention", inputs, attributes, outputs: 3 })
    const presents = this.pair(presentKey, presentValue)
    return [this.pair(y, presentKey)[0], ...presents]
  }
}
