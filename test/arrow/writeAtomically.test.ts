import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, FileSystem } from "effect"
import { writeAtomically } from "../../src/arrow/writeAtomically.ts"
import { withFile } from "./temporary.ts"

/** Enough to begin a flush. */
const piece = new Uint8Array(1 << 24)

/** A file system that tells of writes, flushes and the renaming; a flush ends when it is let go. */
const watched = Effect.gen(function* () {
  const fileSystem = yield* FileSystem.FileSystem
  const letGo = yield* Deferred.make<void>()
  const told: Array<string> = []
  const tell = (what: string) => Effect.sync(() => void told.push(what))
  const open: FileSystem.FileSystem["open"] = (...given) =>
    Effect.map(fileSystem.open(...given), (file) => ({
      ...file,
      writeAll: () => tell("write"),
      sync: Effect.andThen(tell("flush"), Deferred.await(letGo))
    }))
  const rename = (from: string, to: string) => Effect.andThen(tell("rename"), fileSystem.rename(from, to))
  return { letGo, told, layer: { ...fileSystem, open, rename } }
})

describe("writeAtomically()", () => {
  it.effect("goes on writing while a flush is under way, and flushes all before the file gets its name", () =>
    withFile("file", (path) =>
      Effect.gen(function* () {
        const { layer, letGo, told } = yield* watched
        const written = writeAtomically(path, (append) =>
          Effect.gen(function* () {
            yield* append(piece)
            yield* append(piece)
            yield* append(piece)
            yield* Deferred.succeed(letGo, undefined)
          })
        )
        yield* Effect.provideService(written, FileSystem.FileSystem, layer)
        assert.deepStrictEqual(told, ["write", "flush", "write", "write", "flush", "rename"])
      })
    )
  )
})
