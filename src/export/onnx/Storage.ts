import type { ElementType, Ops, Value } from "../../graph/mod.ts"
import type { Parameter } from "../../model/mod.ts"

/** A constant of the file that holds a weight, or a part of it. */
export interface Part {
  readonly name: string
  readonly type: ElementType
  readonly shape: ReadonlyArray<number>
  readonly encode: (values: Float32Array) => Uint8Array
}

/** How weights are stored, and how the graph gets float32 from what is stored. */
export interface Storage {
  /** The name of the file, and of this type in transformers.js. */
  readonly file: string
  readonly dtype: string
  readonly partsOf: (parameter: Parameter) => ReadonlyArray<Part>
  /** The weight as float32. Domain: `parts` as `partsOf` says. */
  readonly combine: (op: Ops, parts: ReadonlyArray<Value>) => Value
}
