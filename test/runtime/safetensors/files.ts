import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, type FileSystem, type Path } from "effect"
import type { RuntimeError } from "../../../src/runtime/mod.ts"

/** A folder that lives as long as the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-safetensors-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
)

/** A file with this header and as many zero bytes after it. */
export const fileOf = (header: unknown, bytes: number): Uint8Array => {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([prefix, text, Buffer.alloc(bytes)])
}

/** What a header says of one tensor. */
export const row = (dtype: string, shape: ReadonlyArray<number>, ...data_offsets: ReadonlyArray<number>) => ({
  dtype,
  shape,
  data_offsets
})

/** What a failure says, without the path of the file. */
export const failureOf = <A>(effect: Effect.Effect<A, RuntimeError, FileSystem.FileSystem | Path.Path>) =>
  Effect.map(Effect.flip(effect), ({ action, reason }) => ({ action, tag: reason._tag, message: reason.message }))
