import type { Dtype } from "./dtypes.ts"

/** Where one tensor lies in a file of weights. */
export interface SafetensorsEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: ReadonlyArray<number>
  /** The name of the file in its folder, as external data of a model names it. */
  readonly file: string
  readonly path: string
  /** First byte, counted from the start of the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}
