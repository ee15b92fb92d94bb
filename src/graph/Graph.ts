import type { Composite } from "./Composite.ts"

/** The size of one axis: a number, or an expression over symbols such as "rows", "rows*tokens", "tokens-1". */
export type Dim = number | string

/** The sizes of all axes; [] is a scalar. */
export type Shape = ReadonlyArray<Dim>

/** What one element of a tensor is. */
export type ElementType = "float32" | "float64" | "float16" | "bfloat16" | "int64" | "int32" | "int8" | "uint8" | "bool"

/** A tensor of the graph: everything that is known of it before the graph runs. */
export interface Value {
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
}

/** A parameter of a node, in one of the kinds that ONNX knows. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: ReadonlyArray<number> }
  | { readonly float: number }
  | { readonly string: string }
  | {
      readonly tensor: { readonly type: ElementType; readonly shape: ReadonlyArray<number>; readonly bytes: Uint8Array }
    }

/** One call of an operator; the name "" stands for an absent input or output. */
export interface Node {
  readonly op: string
  readonly domain: string
  readonly name: string
  readonly inputs: ReadonlyArray<string>
  readonly outputs: ReadonlyArray<string>
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** The content of an initializer: in the graph, or a byte range of a file beside it. */
export type Data =
  | { readonly bytes: Uint8Array }
  | { readonly external: { readonly location: string; readonly offset: number; readonly length: number } }

/** A constant of the graph. */
export interface Initializer {
  readonly value: Value
  readonly data: Data
}

/** A whole computation: nodes in an order in which they can run. */
export interface Graph {
  readonly name: string
  readonly inputs: ReadonlyArray<Value>
  readonly outputs: ReadonlyArray<Value>
  readonly initializers: ReadonlyArray<Initializer>
  readonly nodes: ReadonlyArray<Node>
  /** Every value by its name, and by the name it had before `output` renamed it. */
  readonly values: ReadonlyMap<string, Value>
  /** What 1-D int64 values hold, where that is known without running the graph. */
  readonly contents: ReadonlyMap<string, Shape>
  readonly composites: ReadonlyArray<Composite>
}
