import { Schema } from "effect"

const Shape = Schema.Array(Schema.Union([Schema.Finite, Schema.String]))
const Side = Schema.Literals(["input", "output"])

const bracket = (shape: ReadonlyArray<number | string>) => `[${shape.join(", ")}]`
const list = (names: ReadonlyArray<string>) =>
  names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ")

/** Shapes named in a message; the error carries all of them. */
const shapesNamed = 6

export class LibraryMissing extends Schema.TaggedError<LibraryMissing>()("LibraryMissing", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `found no library at "${this.path}" that loads, wanted the one of onnxruntime-node 1.30 (run "npm ci")`
  }
}

export class ThreadsFixed extends Schema.TaggedError<ThreadsFixed>()("ThreadsFixed", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `found a runtime with ${this.found} threads open in this process, wanted ${this.wanted} threads`
  }
}

export class DeviceAbsent extends Schema.TaggedError<DeviceAbsent>()("DeviceAbsent", {
  device: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found no ${this.device} device (${this.found}), wanted ${this.wanted}`
  }
}

/** ONNX Runtime itself refused: `code` and `detail` are its words, `node` the node of the graph that failed. */
export class StatusFailed extends Schema.TaggedError<StatusFailed>()("StatusFailed", {
  code: Schema.String,
  detail: Schema.String,
  node: Schema.optionalKey(Schema.String),
  shapes: Schema.Record(Schema.String, Schema.Array(Schema.Finite))
}) {
  override get message() {
    const where = this.node === undefined ? "" : `node "${this.node}" `
    const shapes = Object.entries(this.shapes).map(([name, shape]) => `${name} ${bracket(shape)}`)
    const rest = shapes.length > shapesNamed ? `, and ${shapes.length - shapesNamed} more` : ""
    const given = shapes.length === 0 ? "" : ` with ${shapes.slice(0, shapesNamed).join(", ")}${rest}`
    return `${where}failed with ${this.code}${given}: ${this.detail}`
  }
}

export class FeedMissing extends Schema.TaggedError<FeedMissing>()("FeedMissing", {
  name: Schema.String,
  given: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found no tensor for input "${this.name}" among ${list(this.given)}, wanted one for each input`
  }
}

export class FeedUnknown extends Schema.TaggedError<FeedUnknown>()("FeedUnknown", {
  side: Side,
  name: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found a tensor for ${this.side} "${this.name}", wanted one of ${list(this.known)}`
  }
}

export class FetchMissing extends Schema.TaggedError<FetchMissing>()("FetchMissing", {
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found no tensor to fetch into, wanted at least one of ${list(this.known)}`
  }
}

export class FetchRepeated extends Schema.TaggedError<FetchRepeated>()("FetchRepeated", {
  first: Schema.String,
  second: Schema.String
}) {
  override get message() {
    return `found one tensor for outputs "${this.first}" and "${this.second}", wanted one for each`
  }
}

export class FeedType extends Schema.TaggedError<FeedType>()("FeedType", {
  side: Side,
  name: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `${this.side} "${this.name}" is ${this.found}, wanted ${this.wanted}`
  }
}

export class FeedShape extends Schema.TaggedError<FeedShape>()("FeedShape", {
  side: Side,
  name: Schema.String,
  found: Schema.Array(Schema.Finite),
  wanted: Shape
}) {
  override get message() {
    return `${this.side} "${this.name}" has shape ${bracket(this.found)}, wanted ${bracket(this.wanted)}`
  }
}

export class DimensionDisagrees extends Schema.TaggedError<DimensionDisagrees>()("DimensionDisagrees", {
  dimension: Schema.String,
  first: Schema.Struct({ name: Schema.String, size: Schema.Finite }),
  second: Schema.Struct({ name: Schema.String, size: Schema.Finite })
}) {
  override get message() {
    const { first, second } = this
    return `dimension "${this.dimension}" is ${second.size} in "${second.name}", wanted ${first.size} as in "${first.name}"`
  }
}

export class ElementTypeUnknown extends Schema.TaggedError<ElementTypeUnknown>()("ElementTypeUnknown", {
  name: Schema.String,
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `"${this.name}" holds ${this.found}, wanted one of ${list(this.known)}`
  }
}

export class ElementsDiffer extends Schema.TaggedError<ElementsDiffer>()("ElementsDiffer", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found}, wanted ${this.wanted}`
  }
}

export class Terminated extends Schema.TaggedError<Terminated>()("Terminated", {}) {
  override get message() {
    return "its session was closed during the run, wanted a session that stays open until its runs end"
  }
}

export class Released extends Schema.TaggedError<Released>()("Released", { what: Schema.String }) {
  override get message() {
    return `the scope of ${this.what} has been closed, wanted it open`
  }
}

export class CheckpointMissing extends Schema.TaggedError<CheckpointMissing>()("CheckpointMissing", {
  wanted: Schema.Array(Schema.String),
  found: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found ${list(this.found)}, wanted ${this.wanted.map((name) => `"${name}"`).join(" or ")}`
  }
}

export class CheckpointTruncated extends Schema.TaggedError<CheckpointTruncated>()("CheckpointTruncated", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `found ${this.found} bytes, wanted ${this.wanted} bytes by its header`
  }
}

export class CheckpointHeader extends Schema.TaggedError<CheckpointHeader>()("CheckpointHeader", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found} in its header, wanted ${this.wanted}`
  }
}

export class CheckpointOverlap extends Schema.TaggedError<CheckpointOverlap>()("CheckpointOverlap", {
  first: Schema.String,
  second: Schema.String
}) {
  override get message() {
    return `the bytes of "${this.first}" and "${this.second}" overlap, wanted each tensor on its own bytes`
  }
}

export class CheckpointDtype extends Schema.TaggedError<CheckpointDtype>()("CheckpointDtype", {
  name: Schema.String,
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `tensor "${this.name}" is stored as "${this.found}", wanted one of ${list(this.known)}`
  }
}

export class TensorMissing extends Schema.TaggedError<TensorMissing>()("TensorMissing", {
  name: Schema.String,
  file: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found no tensor "${this.name}" in "${this.file}", wanted one of ${list(this.known)}`
  }
}

export class TensorShape extends Schema.TaggedError<TensorShape>()("TensorShape", {
  name: Schema.String,
  shape: Schema.Array(Schema.Finite),
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `tensor "${this.name}" has ${this.found} bytes, wanted ${this.wanted} bytes for shape ${bracket(this.shape)}`
  }
}

export class FileFailed extends Schema.TaggedError<FileFailed>()("FileFailed", {
  found: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `found ${this.found}, wanted the file system to allow it`
  }
}

export const RuntimeReason = Schema.Union([
  LibraryMissing,
  ThreadsFixed,
  DeviceAbsent,
  StatusFailed,
  FeedMissing,
  FeedUnknown,
  FetchMissing,
  FetchRepeated,
  FeedType,
  FeedShape,
  DimensionDisagrees,
  ElementTypeUnknown,
  ElementsDiffer,
  Terminated,
  Released,
  CheckpointMissing,
  CheckpointTruncated,
  CheckpointHeader,
  CheckpointOverlap,
  CheckpointDtype,
  TensorMissing,
  TensorShape,
  FileFailed
])
export type RuntimeReason = typeof RuntimeReason.Type

/** Why ONNX Runtime, a device or a file of weights did not do as asked. `subject` is a model, a tensor or a path. */
export class RuntimeError extends Schema.TaggedError<RuntimeError>()("RuntimeError", {
  action: Schema.Literals(["start", "open", "make", "copy", "run", "bind", "read", "write"]),
  subject: Schema.String,
  reason: RuntimeReason
}) {
  override get message() {
    return `Cannot ${this.action} "${this.subject}": ${this.reason.message}`
  }
}
