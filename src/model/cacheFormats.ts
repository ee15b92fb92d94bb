import type { CacheFormatName } from "../../schemas/mod.ts"
import type { ElementType } from "../graph/mod.ts"

/** How a decoder keeps keys and values. */
export interface CacheFormat {
  readonly doc: string
  /** What an element of the cache is. */
  readonly type: Extract<ElementType, "float32" | "float16" | "int8">
  /** What queries, keys and values are when attention reads them. */
  readonly reads: Extract<ElementType, "float32" | "float16">
  /** Whether an element is a whole number of steps, whose size each key/value head and feature has for itself. */
  readonly stepped: boolean
}

/** How a decoder may keep keys and values, by name. In each, a row's tokens do not depend on the rows beside it. */
export const cacheFormats = {
  float32: {
    doc: "keys and values as they are",
    type: "float32",
    reads: "float32",
    stepped: false
  },
  float16: {
    doc: "keys and values rounded to float16, and queries with them",
    type: "float16",
    reads: "float16",
    stepped: false
  },
  int8: {
    doc: "keys and values in whole steps of their feature's own size, from −128 to 127",
    type: "int8",
    reads: "float32",
    stepped: true
  }
} as const satisfies Record<CacheFormatName, CacheFormat>
