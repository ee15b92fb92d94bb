import { sameShape } from "../Dim.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const Gather: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const axis = call.axisOf(call.int("axis", 0), shape.length)
  const ids = call.typed(1, "int64", "int32").shape
  return [{ type, shape: [...shape.slice(0, axis), ...ids, ...shape.slice(axis + 1)] }]
}

const GatherElements: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  call.axisOf(call.int("axis", 0), shape.length)
  const ids = call.typed(1, "int64", "int32").shape
  if (ids.length !== shape.length) throw call.refusal(`ids of ${shape.length} axes`)
  return [{ type, shape: ids }]
}

const ScatterElements: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  call.axisOf(call.int("axis", 0), shape.length)
  const ids = call.typed(1, "int64", "int32").shape
  const updates = call.typed(2, type)
  if (ids.length !== shape.length || !sameShape(ids, updates.shape)) {
    throw call.refusal(`ids and updates of one shape with ${shape.length} axes`)
  }
  return [{ type, shape }]
}

const GatherND: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const ids = call.typed(1, "int64").shape
  const depth = ids.at(-1)
  if (typeof depth !== "number" || depth > shape.length)
    throw call.refusal(`ids whose last axis is at most ${shape.length}`)
  return [{ type, shape: [...ids.slice(0, -1), ...shape.slice(depth)] }]
}

const OneHot: ShapeRule = (call) => {
  const ids = call.typed(0, "int64", "int32").shape
  const [depth] = call.contentOf(1) ?? []
  if (depth === undefined) throw call.refusal("a known depth at position 1")
  const values = call.input(2)
  if (!sameShape(values.shape, [2])) throw call.refusal("two values, off and on, at position 2")
  const axis = call.axisOf(call.int("axis", -1), ids.length + 1)
  return [{ type: values.type, shape: ids.toSpliced(axis, 0, depth) }]
}

const Range: ShapeRule = (call) => {
  const start = call.input(0)
  const scalars = [0, 1, 2].map((i) => call.typed(i, start.type))
  const [size] = call.declared ?? []
  if (size === undefined || scalars.some((value) => value.shape.length > 0))
    throw call.refusal("three scalars of one type")
  return [{ type: start.type, shape: [size] }]
}

const Shape: ShapeRule = (call) => {
  const rank = call.input(0).shape.length
  const end = Math.min(call.int("end", rank), rank)
  return [{ type: "int64", shape: [end - call.int("start", 0)] }]
}

const ConstantOfShape: ShapeRule = (call) => {
  const shape = call.contentOf(0)
  const value = call.node.attributes["value"]
  if (!shape || !value || !("tensor" in value)) throw call.refusal("a known shape and a value")
  return [{ type: value.tensor.type, shape }]
}

/** Shapes of operators that pick, place or count elements. */
export const indexing = {
  Gather,
  GatherElements,
  ScatterElements,
  GatherND,
  OneHot,
  Range,
  Shape,
  ConstantOfShape
} as const satisfies Record<string, ShapeRule>
