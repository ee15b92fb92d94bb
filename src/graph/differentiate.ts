import type { Composite } from "./Composite.ts"
import { multiplyDims, sameShape } from "./Dim.ts"
import { formatValue, isFloat } from "./ElementType.ts"
import { graphError, NotDifferentiable, Unreachable, ValueUnsuitable } from "./errors.ts"
import { ReverseCall } from "./gradients/ReverseCall.ts"
import type { Graph, Node, Value } from "./Graph.ts"
import { liveNodes } from "./liveNodes.ts"
import { Ops } from "./Ops.ts"
import { rowOf, type Step, stepsOf } from "./stepsOf.ts"
import { sumToShape } from "./sumToShape.ts"

const refusal = (step: Step, wanted: string) =>
  "node" in step
    ? graphError(new NotDifferentiable({ op: step.node.op, node: step.node.name, wanted }))
    : graphError(new NotDifferentiable({ op: "composite", node: step.composite.name, wanted }))

/** A value whose gradient is known: that of the scalar by itself is 1. */
interface Seed {
  readonly of: Value
  readonly seed: Value | undefined
}

/** One differentiation: which values change with the chosen ones, and the gradients found so far. */
class Walk {
  private readonly graph: Graph
  private readonly op: Ops
  private readonly active: Set<string>
  private readonly gradients = new Map<string, Value>()

  constructor(graph: Graph, op: Ops, from: ReadonlyArray<Value>) {
    this.graph = graph
    this.op = op
    this.active = new Set(from.map((value) => value.name))
  }

  /** Marks what changes with the values the walk started from. */
  forward(steps: ReadonlyArray<Step>): void {
    for (const step of steps) {
      if (!step.reads.some((name) => this.active.has(name))) continue
      for (const name of step.gives) {
        if (isFloat(this.valueOf(name).type)) this.active.add(name)
      }
    }
  }

  /** Sends gradients, 1 where none is given, back through every step that changes with the values the walk started from. */
  backward(steps: ReadonlyArray<Step>, seeds: ReadonlyArray<Seed>): void {
    for (const { of, seed } of seeds) {
      const ones = () => this.op.scalar(1, of)
      this.gradients.set(of.name, seed ?? (of.shape.length === 0 ? ones() : this.op.Reshape(ones(), of.shape)))
    }
    for (const step of steps.toReversed()) {
      if (!step.reads.some((name) => this.active.has(name))) continue
      if (!step.gives.some((name) => this.active.has(name) && this.gradients.has(name))) continue
      this.op.within(`/gradient/${"node" in step ? step.node.name : step.composite.name}`, () =>
        "node" in step ? this.reverseNode(step, step.node) : this.reverseComposite(step, step.composite)
      )
    }
  }

  gradientOf(value: Value): Value | undefined {
    return this.gradients.get(value.name)
  }

  private valueOf(name: string): Value {
    const value = this.graph.values.get(name)
    if (!value) throw new RangeError(`Value "${name}" is not in the graph`)
    return value
  }

  private reverseNode(step: Step, node: Node): void {
    const row = rowOf(node)
    if (row === "constant") return
    if (row === "undifferentiable") throw refusal(step, "an operator with a reverse rule")
    const inputs = node.inputs.map((name) => (name === "" ? undefined : this.valueOf(name)))
    const call = new ReverseCall({
      node,
      inputs,
      declared: undefined,
      contents: (name) => this.graph.contents.get(name),
      outputs: node.outputs.map((name) => this.valueOf(name)),
      gradients: node.outputs.map((name) => this.gradients.get(name))
    })
    this.receive(step, inputs, row(this.op, call))
  }

  private reverseComposite(step: Step, composite: Composite): void {
    const hidden = step.captured.find((name) => this.active.has(name))
    if (hidden !== undefined) throw refusal(step, `"${hidden}" among its inputs, since the gradient must reach it`)
    const leaked = step.gives.find((name) => name !== composite.output.name && this.gradients.has(name))
    if (leaked !== undefined) throw refusal(step, `its inner value "${leaked}" to be read inside only`)
    const { inputs, output, saved } = composite
    const dy = this.gradients.get(output.name)
    if (!dy) return
    const needs = inputs.map((value) => this.active.has(value.name))
    this.receive(step, inputs, composite.reverse(this.op, { inputs, output, saved, dy, needs }))
  }

  private receive(step: Step, inputs: ReadonlyArray<Value | undefined>, found: ReadonlyArray<Value | undefined>): void {
    inputs.forEach((input, i) => {
      if (!input || !this.active.has(input.name)) return
      const gradient = found[i]
      if (!gradient) throw refusal(step, `a gradient for "${input.name}", its input ${i}`)
      const summed = sumToShape(this.op, gradient, input.shape)
      const before = this.gradients.get(input.name)
      this.gradients.set(input.name, before ? this.op.Add(before, summed) : summed)
    })
  }
}

const suitable = (graph: Graph, value: Value, wanted: string, fits: (found: Value) => boolean): Value => {
  const found = graph.values.get(value.name)
  if (found && fits(found)) return found
  const text = found ? formatValue(found) : "no such value in the graph"
  throw graphError(new ValueUnsuitable({ name: value.name, found: text, wanted }))
}

const isScalar = (found: Value): boolean => isFloat(found.type) && multiplyDims(found.shape) === 1

const knownSeed = (graph: Graph, { of, seed }: { readonly of: Value; readonly seed: Value }): Seed => {
  const found = suitable(graph, of, "a floating-point value", (value) => isFloat(value.type))
  const wanted = `a value as "${of.name}", ${formatValue(found)}`
  return {
    of: found,
    seed: suitable(graph, seed, wanted, (value) => value.type === found.type && sameShape(value.shape, found.shape))
  }
}

/**
 * The graph that also computes the gradients of one scalar, and those gradients by the names of `withRespectTo`.
 *
 * Source   Reverse-mode differentiation over the table `gradients`; several uses add up, repeated axes are summed back.
 * Shapes   Each gradient as its value.
 * Fails    GraphError: ValueUnsuitable, Unreachable, NotDifferentiable, CallInvalid, DimUnknown.
 */
export const differentiate = (
  graph: Graph,
  options: { readonly of: Value; readonly withRespectTo: ReadonlyArray<Value> }
): Differentiated => {
  const of = suitable(graph, options.of, "a floating-point scalar", isScalar)
  return walkBack(graph, [{ of, seed: undefined }], options.withRespectTo)
}

/**
 * The graph that also sends the gradients of some values back to others: the product of a vector and the Jacobian.
 *
 * Source   As `differentiate`, begun in the middle: each `seed` is the gradient of some later scalar by `of`.
 * Shapes   seed as its `of`; each gradient as its value.
 * Fails    GraphError, as `differentiate`.
 */
export const sendBack = (
  graph: Graph,
  options: {
    readonly seeds: ReadonlyArray<{ readonly of: Value; readonly seed: Value }>
    readonly withRespectTo: ReadonlyArray<Value>
  }
): Differentiated =>
  walkBack(
    graph,
    options.seeds.map((seed) => knownSeed(graph, seed)),
    options.withRespectTo
  )

/** A graph with gradients in it, and where they are. */
interface Differentiated {
  readonly graph: Graph
  readonly gradients: ReadonlyMap<string, Value>
}

const walkBack = (graph: Graph, seeds: ReadonlyArray<Seed>, withRespectTo: ReadonlyArray<Value>): Differentiated => {
  const from = withRespectTo.map((value) =>
    suitable(graph, value, "a floating-point value", (found) => isFloat(found.type))
  )
  const op = Ops.extend(graph)
  const steps = stepsOf(graph)
  const walk = new Walk(graph, op, from)
  walk.forward(steps)
  walk.backward(steps, seeds)
  const gradients = new Map<string, Value>()
  withRespectTo.forEach((value, i) => {
    const gradient = walk.gradientOf(from[i] ?? value)
    const names = seeds.map(({ of }) => of.name).join(", ")
    if (!gradient) throw graphError(new Unreachable({ name: value.name, of: names }))
    gradients.set(value.name, gradient)
  })
  return {
    graph: withLive(
      graph,
      op.build(),
      [...gradients.values()].map((value) => value.name)
    ),
    gradients
  }
}

/** `after`, without the nodes it adds to `before` that no gradient reads. */
const withLive = (before: Graph, after: Graph, names: ReadonlyArray<string>): Graph => {
  const added = liveNodes(after.nodes.slice(before.nodes.length), names)
  const nodes = [...before.nodes, ...added]
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...names])
  const old = new Set(before.initializers)
  const initializers = after.initializers.filter((each) => old.has(each) || read.has(each.value.name))
  const dropped = new Set([
    ...after.nodes
      .slice(before.nodes.length)
      .filter((node) => !added.includes(node))
      .flatMap((node) => node.outputs),
    ...after.initializers.filter((each) => !initializers.includes(each)).map((each) => each.value.name)
  ])
  const kept = <A>(map: ReadonlyMap<string, A>) => new Map([...map].filter(([name]) => !dropped.has(name)))
  return { ...after, nodes, initializers, values: kept(after.values), contents: kept(after.contents) }
}
