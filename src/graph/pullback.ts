import { crossing } from "./crossing.ts"
import { sendBack } from "./differentiate.ts"
import type { Graph, Node, Value } from "./Graph.ts"
import { liveNodes } from "./liveNodes.ts"
import { Ops } from "./Ops.ts"

/** A graph cut in two: what computes a value, and what sends the gradient of that value back to some of its inputs. */
export interface Pullback {
  /** The graph, with the saved values among its outputs. */
  readonly forward: Graph
  /** Inputs: the seed, the saved values, and the inputs of `forward` that it reads. Outputs: the gradients. */
  readonly backward: Graph
  /** What goes from `forward` to `backward`, by the same names. */
  readonly saved: ReadonlyArray<Value>
}

/** The part of `graph` that `nodes` are, with `saved` and whatever else they read as inputs. */
const part = (graph: Graph, nodes: ReadonlyArray<Node>, saved: ReadonlyArray<Value>, outputs: ReadonlyArray<Value>) => {
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map((value) => value.name)])
  const made = new Set(nodes.flatMap((node) => node.outputs))
  const inputs = [...graph.inputs, ...saved].filter((value) => read.has(value.name))
  const initializers = graph.initializers.filter(({ value }) => read.has(value.name))
  const known = new Set([...inputs, ...initializers.map(({ value }) => value)].map((value) => value.name))
  const kept = <A>(map: ReadonlyMap<string, A>) =>
    new Map([...map].filter(([name]) => known.has(name) || made.has(graph.values.get(name)?.name ?? name)))
  return {
    ...graph,
    inputs,
    outputs: [],
    initializers,
    nodes,
    values: kept(graph.values),
    contents: kept(graph.contents),
    composites: []
  } satisfies Graph
}

/**
 * Cuts a graph into a forward half and a backward half that run at different times.
 *
 * What is only another view of a value, or its size, the backward half makes again, and what follows cheaply from inputs and
 * from what is saved; everything else that it reads of the forward half is saved.
 *
 * Shapes   Each seed as its value of `of`; each gradient as its value of `withRespectTo`.
 * Fails    GraphError, as `sendBack`.
 */
export const pullback = (
  graph: Graph,
  options: {
    readonly of: ReadonlyArray<Value>
    readonly withRespectTo: ReadonlyArray<Value>
    /** Names the inputs of the backward half that bring the gradients of `of`. */
    readonly seedName: (value: string) => string
    /** Names its outputs. */
    readonly gradientName: (value: string) => string
  }
): Pullback => {
  const op = Ops.extend(graph)
  const seeds = options.of.map((of) => ({ of, seed: op.input(options.seedName(of.name), of.type, of.shape) }))
  const { graph: whole, gradients } = sendBack(op.build(), { seeds, withRespectTo: options.withRespectTo })
  const wanted = [...gradients.values()].map((value) => value.name)
  const live = liveNodes(whole.nodes.slice(graph.nodes.length), wanted)
  const { again, kept } = crossing(graph, [...live.flatMap((node) => node.inputs), ...wanted])
  const saved = [...kept].flatMap((name) => graph.values.get(name) ?? [])
  const back = Ops.extend(part(whole, [...again, ...live], saved, [...gradients.values()]))
  for (const [name, gradient] of gradients) back.output(gradient, options.gradientName(name))
  const front = Ops.extend(graph)
  const outputs = new Set(graph.outputs.map((value) => value.name))
  for (const value of saved) if (!outputs.has(value.name)) front.output(value)
  return { forward: front.build(), backward: back.build(), saved }
}
