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

/**
 * A graph as the bytes of an ONNX model; what no output depends on is left out, and the rest is checked to be whole: a
 * runtime that is given the bytes knows nothing of the names that went wrong.
 *
 * Source   onnx.proto, IR version 10, operator set 21 and com.microsoft 1.
 * Fails    GraphError, as `verify`.
 */
export const serialize = (graph: Graph): Uint8Array => {
  const outputs = graph.outputs.map((value) => value.name)
  const nodes = liveNodes(graph.nodes, outputs)
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs])
  const initializers = graph.initializers.filter(({ value }) => read.has(value.name))
  verify({ ...graph, nodes, initializers })
  const model = onnxMessages.lookupType("ModelProto")
  const message = model.fromObject({
    irVersion: versions.ir,
    producerName: "prefloop",
    opsetImport: [
      { domain: "", version: versions.onnx },
      { domain: "com.microsoft", version: versions.microsoft }
    ],
    graph: {
      name: graph.name,
      node: nodes.map((node) => nodeOf(node, read)),
      initializer: initializers.map(initializerOf),
      input: graph.inputs.map(valueInfoOf),
      output: graph.outputs.map(valueInfoOf)
    }
  })
  return model.encode(message).finish()
}
