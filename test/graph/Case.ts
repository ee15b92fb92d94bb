import { Record } from "effect"
import { multiplyDims, type Dim, type ElementType, Ops, type Shape, type Value } from "../../src/graph/mod.ts"
import { termsOf } from "../../src/graph/Dim.ts"
import { key, permutation, uniform } from "../../src/random/mod.ts"

/** Sizes of the symbols in a case. */
export type Sizes = Readonly<Record<string, number>>

/** An input of a case: numbers whose gradient is checked, or whole numbers below `below` that pick elements. */
export type Input = { readonly shape: Shape } & (
  | { readonly numbers: "checked" | "given" }
  | { readonly below: Dim; readonly distinct?: true; readonly from?: Dim }
)

/** Numbers whose gradient is checked. */
export const checked = (...shape: Shape): Input => ({ shape, numbers: "checked" })

/** Numbers that are fed but have no gradient. */
export const given = (...shape: Shape): Input => ({ shape, numbers: "given" })

/** Whole numbers from `from` (0) up to `below`, repeated unless `distinct` along the whole input. */
export const ids = (
  shape: Shape,
  options: { readonly below: Dim; readonly from?: Dim; readonly distinct?: true }
): Input => ({
  shape,
  ...options
})

/** One use of an operator, at sizes that the law chooses. */
export interface Case {
  readonly inputs: Readonly<Record<string, Input>>
  readonly build: (op: Ops, value: (name: string, input: Input) => Value, size: (dim: Dim) => Dim) => Value
  /** The numbers fed lie between these. */
  readonly range: readonly [number, number]
  /** The sizes at which the law of threads runs it; the kernels split work from about 13 000 elements on. */
  readonly big: Sizes
  /** Why it runs in float32: the operator has no float64 kernel on the CPU. */
  readonly float32: string | undefined
}

interface Options {
  readonly range?: readonly [number, number]
  readonly big?: Sizes
  readonly float32?: string
}

/** Makes a case; `size` gives a dimension as the law wants it, a number or a symbol. */
export const use = <K extends string>(
  inputs: Readonly<Record<K, Input>>,
  build: (op: Ops, values: Readonly<Record<K, Value>>, size: (dim: Dim) => Dim) => Value,
  options: Options = {}
): Case => ({
  inputs,
  build: (op, value, size) =>
    build(
      op,
      Record.map(inputs, (input, name) => value(name, input)),
      size
    ),
  range: options.range ?? [-2, 2],
  big: options.big ?? {},
  float32: options.float32
})

/** The number that a dimension is at these sizes. */
export const sizeAt = (dim: Dim, sizes: Sizes): number =>
  termsOf(dim).reduce(
    (sum, { coefficient, symbols }) =>
      sum + symbols.reduce((product, symbol) => product * (sizes[symbol] ?? Number.NaN), coefficient),
    0
  )

export const shapeAt = (shape: Shape, sizes: Sizes): ReadonlyArray<number> => shape.map((dim) => sizeAt(dim, sizes))

export const countAt = (shape: Shape, sizes: Sizes): number => sizeAt(multiplyDims(shape), sizes)

/** What is fed to a graph. */
export interface Feed {
  readonly data: Float32Array | Float64Array | BigInt64Array
  readonly shape: ReadonlyArray<number>
}

/**
 * The feeds of a case, a pure function of the seed. No two numbers lie closer than half a slot of the range, so that no
 * finite difference crosses a tie.
 */
export const feedsOf = (
  one: Pick<Case, "inputs" | "range">,
  type: "float32" | "float64",
  sizes: Sizes,
  seed: number
): Readonly<Record<string, Feed>> => {
  const entries = Object.entries(one.inputs)
  const counts = entries.map(([, input]) => ("numbers" in input ? countAt(input.shape, sizes) : 0))
  // an even number of slots keeps 0, a kink of many operators, on the border between two
  const slots = 2 * Math.ceil(counts.reduce((sum, count) => sum + count, 0) / 2)
  const random = key("feeds", seed)
  const order = permutation(random, slots)
  const [low, high] = one.range
  const value = (slot: number) =>
    low + ((high - low) * ((order[slot] ?? 0) + 0.5 + 0.5 * (uniform(random, slot) - 0.5))) / slots
  let next = 0
  return Object.fromEntries(
    entries.map(([name, input], i): readonly [string, Feed] => {
      const shape = shapeAt(input.shape, sizes)
      if ("numbers" in input) {
        const xs = Array.from({ length: counts[i] ?? 0 }, () => value(next++))
        return [name, { shape, data: type === "float64" ? Float64Array.from(xs) : Float32Array.from(xs) }]
      }
      const [from, below] = [sizeAt(input.from ?? 0, sizes), sizeAt(input.below, sizes)]
      const own = key("ids", name, seed)
      const shuffled = permutation(own, below - from)
      const pick = (_: unknown, at: number) =>
        BigInt(from + (input.distinct ? (shuffled[at] ?? 0) : Math.floor(uniform(own, at) * (below - from))))
      return [name, { shape, data: BigInt64Array.from({ length: countAt(input.shape, sizes) }, pick) }]
    })
  )
}

/** How the graph of a case is declared: with its symbols, or with their sizes. */
export type Declared = "symbolic" | "numeric"

/**
 * The graph of a case and its scalar: the sum of all elements of the result, each with a weight of its own.
 */
export const graphOf = (one: Case, type: "float32" | "float64", declared: Declared, sizes: Sizes) => {
  const op = new Ops("case")
  const size = (dim: Dim): Dim => (declared === "symbolic" ? dim : sizeAt(dim, sizes))
  const elementType = (input: Input): ElementType => ("numbers" in input ? type : "int64")
  const values = new Map<string, Value>()
  const y = one.build(
    op,
    (name, input) => {
      const value = op.input(name, elementType(input), input.shape.map(size))
      values.set(name, value)
      return value
    },
    size
  )
  // weights cos 0, cos 1, … over the flat result: deterministic, and no two alike
  const count = multiplyDims(y.shape)
  const flat = op.Reshape(y, [count])
  const limit = op.Squeeze(op.dims([count]), [0])
  const places = op.Range(op.scalar(0, "int64"), limit, op.scalar(1, "int64"), count)
  const weights = op.Cast(op.Cos(op.Cast(places, { to: "float32" })), { to: type })
  const scalar = op.output(op.ReduceSum(op.Mul(flat, weights), { keepdims: 0 }), "scalar")
  return { graph: op.build(), y, scalar, values }
}

/** The names of the inputs whose gradient is checked. */
export const checkedNames = (one: Case): ReadonlyArray<string> =>
  Object.entries(one.inputs).flatMap(([name, input]) =>
    "numbers" in input && input.numbers === "checked" ? [name] : []
  )

/** Every symbol of a case. */
export const symbolsOf = (one: Case): ReadonlyArray<string> => [
  ...new Set(
    Object.values(one.inputs).flatMap((input) =>
      input.shape.flatMap((dim) => termsOf(dim).flatMap((term) => term.symbols))
    )
  )
]
