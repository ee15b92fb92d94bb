import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { lockFile } from "../../src/arrow/mod.ts"

const refuse = (process: number) => `held by ${process}`

/** Above the largest process id of Linux. */
const gone = "4194305"

const inFolder = <A, E, R>(test: (lock: string, folder: string) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
    return yield* test((yield* Path.Path).join(folder, "lock"), folder)
  }).pipe(Effect.scoped)

layer(NodeServices.layer)("lockFile()", (it) => {
  it.effect("lets one of many in, names it to the others, and leaves nothing behind", () =>
    inFolder((lock, folder) =>
      Effect.gen(function* () {
        const files = yield* FileSystem.FileSystem
        const held = lockFile(lock, refuse).pipe(Effect.andThen(Effect.yieldNow), Effect.scoped)
        const inside = lockFile(lock, refuse).pipe(
          Effect.andThen(Effect.all([Effect.flip(held), Effect.flip(held)], { concurrency: 2 })),
          Effect.scoped
        )
        const holder = refuse(process.pid)
        assert.deepStrictEqual(yield* inside, [holder, holder])
        assert.deepStrictEqual(yield* files.readDirectory(folder), [])
        yield* held
      })
    )
  )

  for (const [left, what] of [
    [gone, "of a process that is gone"],
    ["", "in which no process is named"]
  ] as const) {
    it.effect(`takes over a lock ${what}`, () =>
      inFolder((lock, folder) =>
        Effect.gen(function* () {
          const files = yield* FileSystem.FileSystem
          yield* files.writeFileString(lock, left)
          const found = yield* Effect.scoped(Effect.andThen(lockFile(lock, refuse), files.readFileString(lock)))
          assert.strictEqual(found, String(process.pid))
          assert.deepStrictEqual(yield* files.readDirectory(folder), [])
        })
      )
    )
  }
})
