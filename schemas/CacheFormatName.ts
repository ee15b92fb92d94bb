import { Schema } from "effect"

/** How a decoder keeps keys and values: as float32, as float16, or in eight bits with a scale for each feature. */
export const CacheFormatName = Schema.Literals(["float32", "float16", "int8"])
export type CacheFormatName = typeof CacheFormatName.Type
