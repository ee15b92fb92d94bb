import protobuf from "protobufjs"

const field = (id: number, type: string, rule?: "repeated") => ({ id, type, ...(rule ? { rule } : {}) })
const unpacked = (id: number, type: string) => ({ id, type, rule: "repeated", options: { packed: false } })

/** The part of the ONNX schema that a model of ours needs, as field numbers and types. Source: onnx.proto, IR version 10. */
const descriptor = {
  nested: {
    onnx: {
      nested: {
        OperatorSetIdProto: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
        StringStringEntryProto: { fields: { key: field(1, "string"), value: field(2, "string") } },
        TensorProto: {
          fields: {
            dims: unpacked(1, "int64"),
            dataType: field(2, "int32"),
            name: field(8, "string"),
            rawData: field(9, "bytes"),
            externalData: field(13, "StringStringEntryProto", "repeated"),
            dataLocation: field(14, "int32")
          }
        },
        Dimension: {
          oneofs: { value: { oneof: ["dimValue", "dimParam"] } },
          fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") }
        },
        TensorShapeProto: { fields: { dim: field(1, "Dimension", "repeated") } },
        TensorType: { fields: { elemType: field(1, "int32"), shape: field(2, "TensorShapeProto") } },
        TypeProto: { fields: { tensorType: field(1, "TensorType") } },
        ValueInfoProto: { fields: { name: field(1, "string"), type: field(2, "TypeProto") } },
        AttributeProto: {
          fields: {
            name: field(1, "string"),
            f: field(2, "float"),
            i: field(3, "int64"),
            s: field(4, "bytes"),
            t: field(5, "TensorProto"),
            ints: unpacked(8, "int64"),
            type: field(20, "int32")
          }
        },
        NodeProto: {
          fields: {
            input: field(1, "string", "repeated"),
            output: field(2, "string", "repeated"),
            name: field(3, "string"),
            opType: field(4, "string"),
            attribute: field(5, "AttributeProto", "repeated"),
            domain: field(7, "string")
          }
        },
        GraphProto: {
          fields: {
            node: field(1, "NodeProto", "repeated"),
            name: field(2, "string"),
            initializer: field(5, "TensorProto", "repeated"),
            input: field(11, "ValueInfoProto", "repeated"),
            output: field(12, "ValueInfoProto", "repeated")
          }
        },
        ModelProto: {
          fields: {
            irVersion: field(1, "int64"),
            producerName: field(2, "string"),
            graph: field(7, "GraphProto"),
            opsetImport: field(8, "OperatorSetIdProto", "repeated")
          }
        }
      }
    }
  }
}

/** The message type of a whole model. */
export const ModelProto = protobuf.Root.fromJSON(descriptor).lookupType("onnx.ModelProto")
