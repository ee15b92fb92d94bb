import type { Dim, Shape } from "../Graph.ts"

const broadcastDim = (a: Dim, b: Dim): Dim | undefined => (a === b || b === 1 ? a : a === 1 ? b : undefined)

/**
 * The shape to which all of `shapes` are repeated, aligned at the last axis; undefined if two axes disagree.
 *
 * Source   ONNX, multidirectional broadcasting.
 * Domain   Shapes in their one spelling; a symbol agrees with itself and with 1 only.
 */
export const broadcast = (shapes: ReadonlyArray<Shape>): Shape | undefined => {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const aligned = shapes.map((shape) => [...Array.from({ length: rank - shape.length }, () => 1), ...shape])
  const dims = Array.from({ length: rank }, (_, i) =>
    aligned.reduce<Dim | undefined>((dim, shape) => (dim === undefined ? dim : broadcastDim(dim, shape[i] ?? 1)), 1)
  )
  const known = dims.filter((dim) => dim !== undefined)
  return known.length === rank ? known : undefined
}
