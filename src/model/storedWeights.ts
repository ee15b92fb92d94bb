import type { ElementType, Ops, Value } from "../graph/mod.ts"
import type { ParameterOf } from "./Family.ts"

/** Where a weight lies: a byte range of a file inside the checkpoint's folder. */
export interface StoredWeight {
  readonly location: string
  readonly type: ElementType
  readonly shape: ReadonlyArray<number>
  readonly offset: number
  readonly length: number
}

/**
 * Weights as constants of the graph that the runtime maps straight from the checkpoint, cast to float32 where they are stored in half.
 *
 * Domain   `stored` holds every name that the graph asks for.
 */
export const storedWeights = (op: Ops, stored: ReadonlyMap<string, StoredWeight>): ParameterOf => {
  const made = new Map<string, Value>()
  const make = (name: string): Value => {
    const weight = stored.get(name)
    if (!weight) throw new RangeError(`Weight "${name}" was not checked before the graph was built`)
    const { location, offset, length } = weight
    const value = op.initializer(name, weight.type, weight.shape, { external: { location, offset, length } })
    return weight.type === "float32" ? value : op.Cast(value, { to: "float32" })
  }
  return (name) => {
    const value = made.get(name) ?? make(name)
    made.set(name, value)
    return value
  }
}
