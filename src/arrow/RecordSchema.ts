import type { Schema } from "effect"

/** The schema of a record A that needs no service to decode or encode. */
export type RecordSchema<A> = Schema.Codec<A, unknown>
