import { onnxType } from "./ElementType.ts"
import type { Attribute, Graph, Initializer, Node, Value } from "./Graph.ts"
import { liveNodes } from "./liveNodes.ts"
import { onnxMessages } from "./onnxMessages.ts"
import { verify } from "./verify.ts"

/** The version of the file format, and of each operator set, that a graph is written in. */
const versions = { ir: 10, onnx: 21, microsoft: 1 } as const

const tensorOf = (tensor: Extract<Attribute, { readonly tensor: unknown }>["tensor"]) => ({
  dims: tensor.shape,
  dataType: onnxType[tensor.type],
  rawData: tensor.bytes
})

const attributeOf = ([name, attribute]: readonly [string, Attribute]) => {
  if ("int" in attribute) return { name, type: 2, i: attribute.int }
  if ("ints" in attribute) return { name, type: 7, ints: attribute.ints }
  if ("float" in attribute) return { name, type: 1, f: attribute.float }
  if ("string" in attribute) return { name, type: 3, s: new TextEncoder().encode(attribute.string) }
  return { name, type: 4, t: tensorOf(attribute.tensor) }
}

/** Outputs after the first that an operator may leave out are written only where they are read. */
const omittable = new Set(["SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization"])

const nodeOf = (node: Node, read: ReadonlySet<string>) => {
  const wanted = node.outputs.map((name, i) => (i === 0 || read.has(name) || !omittable.has(node.op) ? name : ""))
  return {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs,
    output: wanted.slice(0, wanted.findLastIndex((name) => name !== "") + 1),
    attribute: Object.entries(node.attributes).map(attributeOf)
  }
}

const initializerOf = ({ value, data }: Initializer) => {
  const header = { name: value.name, dims: value.shape, dataType: onnxType[value.type] }
  if ("bytes" in data) return { ...header, rawData: data.bytes }
  const { location, offset, length } = data.external
  const entries = { location, offset: String(offset), length: String(length) }
  return {
    ...header,
    externalData: Object.entries(entries).map(([key, text]) => ({ key, value: text })),
    dataLocation: 1
  }
}

const valueInfoOf = (value: Value) => ({
  name: value.name,
  type: {
    tensorType: {
      elemType: onnxType[value.type],
      shape: { dim: value.shape.map((dim) => (typeof dim === "number" ? { dimValue: dim } : { dimParam: dim })) }
    }
  }
})

const modelMessage = {
  irVersion: versions.ir,
  producerName: "prefloop",
  opsetImport: [
    { domain: "", version: versions.onnx },
    { domain: "com.microsoft", version: versions.microsoft }
  ]
}

/** What the outputs depend on. */
const liveGraph = (graph: Graph): Graph => {
  const outputs = graph.outputs.map((value) => value.name)
  const nodes = liveNodes(graph.nodes, outputs)
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs])
  return { ...graph, nodes, initializers: graph.initializers.filter(({ value }) => read.has(value.name)) }
}

const graphMessage = ({ name, nodes, initializers, inputs, outputs }: Graph) => {
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map((value) => value.name)])
  return {
    name,
    node: nodes.map((node) => nodeOf(node, read)),
    initializer: initializers.map(initializerOf),
    input: inputs.map(valueInfoOf),
    output: outputs.map(valueInfoOf)
  }
}

const encode = (type: "ModelProto" | "GraphProto" | "TensorProto", message: object): Uint8Array => {
  const schema = onnxMessages.lookupType(type)
  return schema.encode(schema.fromObject(message)).finish()
}

/**
 * A graph as the bytes of an ONNX model; what no output depends on is left out, and the rest is checked to be whole: a
 * runtime that is given the bytes knows nothing of the names that went wrong.
 *
 * Source   onnx.proto, IR version 10, operator set 21 and com.microsoft 1.
 * Fails    GraphError, as `verify`.
 */
export const serialize = (graph: Graph): Uint8Array => {
  const live = liveGraph(graph)
  verify(live)
  return encode("ModelProto", { ...modelMessage, graph: graphMessage(live) })
}

/** The beginning of a field of known length. Source: protocol buffers, wire type 2: number and length as varints. */
const fieldOf = (number: number, length: number): Uint8Array => {
  const bytes = [number * 8 + 2]
  let left = length
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Uint8Array.from([...bytes, left])
}

/** Numbers of fields in onnx.proto. */
const fields = { graph: 7, initializer: 5, rawData: 9 } as const

/** A constant whose content is written after the graph. Units: length in bytes. */
export interface LateInitializer {
  readonly value: Value
  readonly length: number
}

const sizeOf = (parts: ReadonlyArray<Uint8Array>): number => parts.reduce((sum, part) => sum + part.length, 0)

/**
 * An ONNX model to be written piece by piece, so that its constants are never in memory together: first `head`, then for
 * each of `late` its frame and its content.
 *
 * Domain   The constants of the graph are those that it holds itself and `late`.
 */
export const serializeWithLate = (
  graph: Graph,
  late: ReadonlyArray<LateInitializer>
): {
  readonly head: ReadonlyArray<Uint8Array>
  readonly frames: ReadonlyArray<ReadonlyArray<Uint8Array>>
  readonly size: number
} => {
  const frames = late.map(({ length, value }) => {
    const tensor = [
      encode("TensorProto", { name: value.name, dims: value.shape, dataType: onnxType[value.type] }),
      fieldOf(fields.rawData, length)
    ]
    return [fieldOf(fields.initializer, sizeOf(tensor) + length), ...tensor]
  })
  const inside = encode("GraphProto", graphMessage(liveGraph(graph)))
  const lateSize = late.reduce((sum, { length }, i) => sum + length + sizeOf(frames[i] ?? []), 0)
  const head = [encode("ModelProto", modelMessage), fieldOf(fields.graph, inside.length + lateSize), inside]
  return { head, frames, size: sizeOf(head) + lateSize }
}
