import { Schema } from "effect"
import { isInside } from "../dataset/folder/mod.ts"

const Oid = Schema.String.check(Schema.isPattern(/^([0-9a-f]{40}|[0-9a-f]{64})$/))

/**
 * A file of a commit.
 *
 * Units    `size` in bytes.
 * Domain   `oid` is the SHA-256 of a large file (64 digits), or git's name of a small one (40 digits).
 */
export const Entry = Schema.Struct({ path: Schema.String, size: Schema.Natural, oid: Oid })
export type Entry = typeof Entry.Type

/** The first path that would leave the data set. */
export const outside = (entries: ReadonlyArray<Entry>): string | undefined =>
  entries.find(({ path }) => !isInside(path))?.path
