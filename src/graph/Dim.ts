import { DimInvalid, DimUnknown, graphError } from "./errors.ts"
import type { Dim, Shape } from "./Graph.ts"

/** One summand of a dimension: a whole number times symbols in alphabetical order. */
export interface Term {
  readonly coefficient: number
  readonly symbols: ReadonlyArray<string>
}

const symbol = /^[A-Za-z_][\w.]*$/
const whole = /^\d+$/

const fromTerms = (terms: ReadonlyArray<Term>): Dim => {
  const sums = new Map<string, number>()
  for (const { coefficient, symbols } of terms) {
    const product = [...symbols].sort().join("*")
    sums.set(product, (sums.get(product) ?? 0) + coefficient)
  }
  const constant = sums.get("") ?? 0
  const symbolic = [...sums].filter(([product, coefficient]) => product !== "" && coefficient !== 0)
  if (symbolic.length === 0) return constant
  const written = symbolic
    .toSorted(([a, m], [b, n]) => Math.sign(n) - Math.sign(m) || (a < b ? -1 : 1))
    .map(([product, coefficient]) => {
      const size = Math.abs(coefficient)
      return `${coefficient < 0 ? "-" : "+"}${size === 1 ? "" : `${size}*`}${product}`
    })
    .join("")
  const rest = constant === 0 ? "" : constant < 0 ? `${constant}` : `+${constant}`
  return `${written}${rest}`.replace(/^\+/, "")
}

/** The summands of a dimension. Fails: GraphError with DimInvalid. */
export const termsOf = (dim: Dim): ReadonlyArray<Term> => {
  const invalid = () => graphError(new DimInvalid({ found: String(dim) }))
  if (typeof dim === "number") {
    if (!Number.isSafeInteger(dim)) throw invalid()
    return [{ coefficient: dim, symbols: [] }]
  }
  return dim
    .replaceAll(" ", "")
    .split(/(?=[+-])/)
    .map((text) => {
      const factors = text.replace(/^[+-]/, "").split("*")
      if (!factors.every((factor) => symbol.test(factor) || whole.test(factor))) throw invalid()
      return {
        coefficient: factors
          .filter((factor) => whole.test(factor))
          .reduce((product, factor) => product * Number(factor), text.startsWith("-") ? -1 : 1),
        symbols: factors.filter((factor) => symbol.test(factor))
      }
    })
}

/** A dimension in its one spelling, so that equal dimensions are equal strings: `tokens*rows` is `rows*tokens`. */
export const canonicalDim = (dim: Dim): Dim => fromTerms(termsOf(dim))

/** A shape with every dimension in its one spelling. */
export const canonicalShape = (shape: Shape): Shape => shape.map(canonicalDim)

/** The product of dimensions; 1 for none. */
export const multiplyDims = (dims: Shape): Dim =>
  fromTerms(
    dims
      .map(termsOf)
      .reduce(
        (left, right) =>
          left.flatMap((a) =>
            right.map((b) => ({ coefficient: a.coefficient * b.coefficient, symbols: [...a.symbols, ...b.symbols] }))
          ),
        [{ coefficient: 1, symbols: [] }]
      )
  )

/** The sum of dimensions; 0 for none. */
export const addDims = (dims: Shape): Dim => fromTerms(dims.flatMap(termsOf))

/** The dimension `a − b`. */
export const subtractDims = (a: Dim, b: Dim): Dim =>
  fromTerms([...termsOf(a), ...termsOf(b).map(({ coefficient, symbols }) => ({ coefficient: -coefficient, symbols }))])

/** True if both shapes, in their one spelling, are the same. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i])

/** A shape as a reader writes it: `[rows, 4]`. */
export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`

/**
 * A shape in numbers, given what its symbols stand for.
 *
 * Fails    GraphError with DimUnknown.
 */
export const resolveShape = (shape: Shape, sizes: Readonly<Record<string, number>>): ReadonlyArray<number> => {
  const sizeOf = (name: string): number => {
    const size = sizes[name]
    if (size === undefined) throw graphError(new DimUnknown({ dim: name, known: Object.keys(sizes) }))
    return size
  }
  return shape.map((dim) =>
    termsOf(dim).reduce(
      (sum, { coefficient, symbols }) => sum + symbols.reduce((product, name) => product * sizeOf(name), coefficient),
      0
    )
  )
}
