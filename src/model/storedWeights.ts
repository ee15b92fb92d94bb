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

/** The same value for the same name. */
const once = (make: ParameterOf): ParameterOf => {
  const made = new Map<string, Value>()
  return (name) => {
    const value = made.get(name) ?? make(name)
    made.set(name, value)
    return value
  }
}

/**
 * Weights as constants of the graph, in the type that they are stored in, which the runtime maps straight from the checkpoint.
 *
 * Domain   `stored` holds every name that the graph asks for.
 */
export const mappedWeights = (op: Ops, stored: ReadonlyMap<string, StoredWeight>): ParameterOf =>
  once((name) => {
    const weight = stored.get(name)
    if (!weight) throw new RangeError(`Weight "${name}" was not checked before the graph was built`)
    const { location, offset, length } = weight
    return op.initializer(name, weight.type, weight.shape, { external: { location, offset, length } })
  })

/** Whether an element takes 16 bits. */
export const isHalf = (type: ElementType): boolean => type === "float16" || type === "bfloat16"

/** A value as float32 where it is in half. */
export const widen = (op: Ops, value: Value): Value => (isHalf(value.type) ? op.Cast(value, { to: "float32" }) : value)

/** Weights, widened. */
export const widenedWeights = (op: Ops, mapped: ParameterOf): ParameterOf => once((name) => widen(op, mapped(name)))

/** Weights as float32 constants of the graph, mapped from the checkpoint. Domain: as `mappedWeights`. */
export const storedWeights = (op: Ops, stored: ReadonlyMap<string, StoredWeight>): ParameterOf =>
  widenedWeights(op, mappedWeights(op, stored))
