import protobuf from "protobufjs/light.js"

/** In proto3 a field inside a oneof is written also when it is 0, any other only when it is not. */
const message = (fields: protobuf.IType["fields"], oneofs: protobuf.IType["oneofs"] = {}) => ({
  edition: "proto3",
  fields,
  oneofs
})
const field = (type: string, id: number) => ({ type, id })

/**
 * The messages of a TensorBoard event file that scalars need.
 *
 * Source   event.proto and summary.proto of tensorflow/tensorboard, field numbers and enums as there.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    Event: message(
      {
        wallTime: field("double", 1),
        step: field("int64", 2),
        fileVersion: field("string", 3),
        summary: field("Summary", 5),
        sessionLog: field("SessionLog", 7)
      },
      { what: { oneof: ["fileVersion", "summary", "sessionLog"] } }
    ),
    SessionLog: message({ status: field("SessionStatus", 1) }),
    SessionStatus: { values: { STATUS_UNSPECIFIED: 0, START: 1, STOP: 2, CHECKPOINT: 3 } },
    Summary: message({ value: { ...field("SummaryValue", 1), rule: "repeated" } }),
    SummaryValue: message(
      { tag: field("string", 1), simpleValue: field("float", 2) },
      { value: { oneof: ["simpleValue"] } }
    )
  }
})

const Event = messages.lookupType("Event")

/** What an event says: which form the file has, that a phase starts at its step, or scalars by their tags. */
export type EventContent =
  | { readonly fileVersion: "brain.Event:2" }
  | { readonly sessionLog: { readonly status: "START" } }
  | { readonly summary: { readonly value: ReadonlyArray<{ readonly tag: string; readonly simpleValue: number }> } }

/**
 * The bytes of one event.
 *
 * Units    wallTime in seconds since 1970.
 */
export const encodeEvent = (event: { readonly wallTime: number; readonly step: number } & EventContent): Uint8Array =>
  Event.encode(Event.fromObject(event)).finish()
