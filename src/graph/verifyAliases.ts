import { sameShape } from "./Dim.ts"
import { formatValue } from "./ElementType.ts"
import { AliasUnsafe, graphError, NameUnknown } from "./errors.ts"
import type { Graph, Node, Value } from "./Graph.ts"
import { liveNodes } from "./liveNodes.ts"

/** An input whose buffer is also that of an output. */
export interface Alias {
  readonly input: string
  readonly output: string
}

/** Operators whose output may be the memory of their first input. */
const views = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"])

/** Operators that read each element of a full-size operand just before they write the one at its place. */
const elementwise = new Set(["Add", "Sub", "Mul", "Div", "Neg", "Identity", "Where", "Clip", "Sqrt", "Max", "Min"])

/** Operators made to write over these inputs. */
const inPlace: Readonly<Record<string, ReadonlyArray<number>>> = {
  GroupQueryAttention: [3, 4],
  ScatterElements: [0],
  Gemm: [2]
}

/** The names by which the memory of `name` may be read. */
const namesOf = (graph: Graph, name: string): ReadonlySet<string> => {
  const names = new Set([name])
  for (const node of graph.nodes) {
    const [source, view] = [node.inputs[0] ?? "", node.outputs[0] ?? ""]
    if (views.has(node.op) && names.has(source)) names.add(view)
  }
  return names
}

const mayOverwrite = (node: Node, names: ReadonlySet<string>): boolean =>
  elementwise.has(node.op) || node.inputs.every((name, i) => !names.has(name) || (inPlace[node.op] ?? []).includes(i))

const valueOf = (values: ReadonlyArray<Value>, name: string, by: string): Value => {
  const value = values.find((each) => each.name === name)
  if (!value) throw graphError(new NameUnknown({ name, by }))
  return value
}

const verifyAlias = (graph: Graph, alias: Alias): void => {
  const refuse = (found: string, wanted: string) => graphError(new AliasUnsafe({ ...alias, found, wanted }))
  const input = valueOf(graph.inputs, alias.input, "an alias, as an input")
  const output = valueOf(graph.outputs, alias.output, "an alias, as an output")
  if (input.type !== output.type || !sameShape(input.shape, output.shape)) {
    throw refuse(formatValue(output), formatValue(input))
  }
  const producer = graph.nodes.find((node) => node.outputs.includes(output.name))
  if (!producer) throw refuse("an output that no node makes", "one that a node makes")
  const ancestors = new Set(liveNodes(graph.nodes, producer.inputs))
  const names = namesOf(graph, input.name)
  for (const node of graph.nodes) {
    if (node.op === "Shape" || !node.inputs.some((name) => names.has(name))) continue
    if (node === producer) {
      if (!mayOverwrite(node, names))
        throw refuse(`${node.op} "${node.name}", which reads elements after it wrote others`, "an elementwise operator")
    } else if (!ancestors.has(node)) {
      throw refuse(`"${node.name}", which may read "${input.name}" later`, `readers that run before "${producer.name}"`)
    }
  }
  const read = graph.outputs.find((each) => each.name !== output.name && names.has(each.name))
  if (read) throw refuse(`the output "${read.name}" in the same memory`, "no other output")
}

/**
 * Checks that outputs may be written into the buffers of inputs: every reader of such an input has finished when it is overwritten.
 *
 * Domain   Each input and each output in one pair only.
 * Fails    GraphError: AliasUnsafe, NameUnknown.
 */
export const verifyAliases = (graph: Graph, pairs: ReadonlyArray<Alias>): void => {
  pairs.forEach((pair, i) => {
    const other = pairs.slice(0, i).find((each) => each.input === pair.input || each.output === pair.output)
    if (!other) return
    const found = `the pair "${other.input}", "${other.output}"`
    throw graphError(new AliasUnsafe({ ...pair, found, wanted: "one pair for each buffer" }))
  })
  for (const pair of pairs) verifyAlias(graph, pair)
}
