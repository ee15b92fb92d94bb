import protobuf from "protobufjs/light.js"

/** In proto2 a field that is set is written, also when it is 0 or empty. */
const message = (fields: protobuf.IType["fields"]) => ({ edition: "proto2", fields })
const optional = (type: string, id: number) => ({ type, id })
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id })

/**
 * The messages of the ONNX format that a graph needs.
 *
 * Source   onnx.proto of onnx/onnx, field numbers and enums as there.
 */
export const onnxMessages = protobuf.Root.fromJSON({
  nested: {
    ModelProto: message({
      irVersion: optional("int64", 1),
      producerName: optional("string", 2),
      graph: optional("GraphProto", 7),
      opsetImport: repeated("OperatorSetIdProto", 8)
    }),
    OperatorSetIdProto: message({ domain: optional("string", 1), version: optional("int64", 2) }),
    GraphProto: message({
      node: repeated("NodeProto", 1),
      name: optional("string", 2),
      initializer: repeated("TensorProto", 5),
      input: repeated("ValueInfoProto", 11),
      output: repeated("ValueInfoProto", 12)
    }),
    NodeProto: message({
      input: repeated("string", 1),
      output: repeated("string", 2),
      name: optional("string", 3),
      opType: optional("string", 4),
      attribute: repeated("AttributeProto", 5),
      domain: optional("string", 7)
    }),
    AttributeProto: message({
      name: optional("string", 1),
      f: optional("float", 2),
      i: optional("int64", 3),
      s: optional("bytes", 4),
      t: optional("TensorProto", 5),
      ints: repeated("int64", 8),
      type: optional("AttributeType", 20)
    }),
    AttributeType: { values: { UNDEFINED: 0, FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, INTS: 7 } },
    TensorProto: message({
      dims: repeated("int64", 1),
      dataType: optional("int32", 2),
      name: optional("string", 8),
      rawData: optional("bytes", 9),
      externalData: repeated("StringStringEntryProto", 13),
      dataLocation: optional("DataLocation", 14)
    }),
    DataLocation: { values: { DEFAULT: 0, EXTERNAL: 1 } },
    StringStringEntryProto: message({ key: optional("string", 1), value: optional("string", 2) }),
    ValueInfoProto: message({ name: optional("string", 1), type: optional("TypeProto", 2) }),
    TypeProto: message({ tensorType: optional("TypeProtoTensor", 1) }),
    TypeProtoTensor: message({ elemType: optional("int32", 1), shape: optional("TensorShapeProto", 2) }),
    TensorShapeProto: message({ dim: repeated("Dimension", 1) }),
    Dimension: message({ dimValue: optional("int64", 1), dimParam: optional("string", 2) })
  }
})
