import { Schema } from "effect"

/** How a decoder keeps the weights of a model: as float32, in 16 bits, or in blocks of eight or four bits. */
export const WeightFormatName = Schema.Literals(["float32", "float16", "int8", "int4"])
export type WeightFormatName = typeof WeightFormatName.Type
