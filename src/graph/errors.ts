import { Schema } from "effect"

const quoted = (names: ReadonlyArray<string>) => names.map((name) => `"${name}"`).join(", ")

/** A node was given inputs or attributes that its operator does not take. */
export class CallInvalid extends Schema.TaggedError<CallInvalid>()("CallInvalid", {
  op: Schema.String,
  node: Schema.String,
  inputs: Schema.Array(Schema.String),
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot call ${this.op} "${this.node}": found ${this.inputs.join(", ") || "no inputs"}, wanted ${this.wanted}`
  }
}

/** A constant's bytes do not fill its shape. */
export class SizeMismatch extends Schema.TaggedError<SizeMismatch>()("SizeMismatch", {
  name: Schema.String,
  value: Schema.String,
  found: Schema.Int,
  wanted: Schema.Int
}) {
  override get message() {
    return `Cannot store ${this.value} "${this.name}": found ${this.found} bytes, wanted ${this.wanted}`
  }
}

/** Text that is not the size of an axis. */
export class DimInvalid extends Schema.TaggedError<DimInvalid>()("DimInvalid", { found: Schema.String }) {
  override get message() {
    return `Cannot read a dimension: found "${this.found}", wanted a whole number, or sums of products of symbols such as "rows*tokens"`
  }
}

/** A symbolic dimension that no value carries. */
export class DimUnknown extends Schema.TaggedError<DimUnknown>()("DimUnknown", {
  dim: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `Cannot resolve the dimension "${this.dim}": no value carries it, known are ${quoted(this.known) || "none"}`
  }
}

/** A name is used for two values or outputs. */
export class NameTaken extends Schema.TaggedError<NameTaken>()("NameTaken", {
  name: Schema.String,
  by: Schema.String
}) {
  override get message() {
    return `Cannot define "${this.name}": it is already defined by ${this.by}`
  }
}

/** A name that the graph does not define. */
export class NameUnknown extends Schema.TaggedError<NameUnknown>()("NameUnknown", {
  name: Schema.String,
  by: Schema.String
}) {
  override get message() {
    return `Cannot find "${this.name}": it is read by ${this.by}, and nothing in the graph defines it`
  }
}

/** A value is read before the node that makes it. */
export class OrderInvalid extends Schema.TaggedError<OrderInvalid>()("OrderInvalid", {
  name: Schema.String,
  reader: Schema.String,
  producer: Schema.String
}) {
  override get message() {
    return `Cannot order the nodes: "${this.reader}" reads "${this.name}" before "${this.producer}" makes it`
  }
}

/** Nodes that wait for one another. */
export class Cycle extends Schema.TaggedError<Cycle>()("Cycle", { nodes: Schema.Array(Schema.String) }) {
  override get message() {
    return `Cannot order the nodes: found the cycle ${quoted(this.nodes)}, wanted none`
  }
}

/** A node's operator has no row in the table of shapes. */
export class OpUnknown extends Schema.TaggedError<OpUnknown>()("OpUnknown", {
  op: Schema.String,
  node: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `Cannot call ${this.op} "${this.node}": no such operator, known are ${this.known.join(", ")}`
  }
}

/** A value is declared otherwise than its node makes it. */
export class ValueDisagrees extends Schema.TaggedError<ValueDisagrees>()("ValueDisagrees", {
  name: Schema.String,
  declared: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot declare "${this.name}": found ${this.declared}, wanted ${this.wanted}`
  }
}

/** Something that nothing reads. */
export class Unused extends Schema.TaggedError<Unused>()("Unused", { kind: Schema.String, name: Schema.String }) {
  override get message() {
    return `Cannot keep the ${this.kind} "${this.name}": nothing reads it`
  }
}

/** Differentiation was asked of a value that has no gradient. */
export class ValueUnsuitable extends Schema.TaggedError<ValueUnsuitable>()("ValueUnsuitable", {
  name: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot differentiate "${this.name}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** The result does not depend on a value whose gradient was asked for. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  name: Schema.String,
  of: Schema.String
}) {
  override get message() {
    return `Cannot differentiate "${this.of}" with respect to "${this.name}": no differentiable path leads from one to the other`
  }
}

/** An operator on the path has no reverse rule, or its rule gives nothing for an input that matters. */
export class NotDifferentiable extends Schema.TaggedError<NotDifferentiable>()("NotDifferentiable", {
  op: Schema.String,
  node: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot differentiate ${this.op} "${this.node}": wanted ${this.wanted}`
  }
}

/** A buffer would be overwritten while it is still to be read. */
export class AliasUnsafe extends Schema.TaggedError<AliasUnsafe>()("AliasUnsafe", {
  input: Schema.String,
  output: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot write "${this.output}" over "${this.input}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** Why a graph was refused. */
export class GraphError extends Schema.TaggedError<GraphError>()("GraphError", {
  reason: Schema.Union([
    CallInvalid,
    SizeMismatch,
    DimInvalid,
    DimUnknown,
    NameTaken,
    NameUnknown,
    OrderInvalid,
    Cycle,
    OpUnknown,
    ValueDisagrees,
    Unused,
    ValueUnsuitable,
    Unreachable,
    NotDifferentiable,
    AliasUnsafe
  ])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Gives the GraphError of one reason. */
export const graphError = (reason: GraphError["reason"]): GraphError => new GraphError({ reason })
