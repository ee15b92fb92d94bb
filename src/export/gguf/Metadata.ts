/** A value in the header of a GGUF file, in one of the types that a model needs. */
export type MetadataValue =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: ReadonlyArray<string> }
  | { readonly int32s: ReadonlyArray<number> }
  | { readonly float32s: ReadonlyArray<number> }

/** The header's values by key, in the order in which they are written. */
export type Metadata = Readonly<Record<string, MetadataValue>>
