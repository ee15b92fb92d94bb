import { Effect, FileSystem, Path, Pull, Stream } from "effect"
import { type RecordSchema, withJsonLines, withParquet } from "../../arrow/mod.ts"

/** Where and how the shards of a split are written. */
export interface SplitOptions {
  readonly folder: string
  readonly name: string
  readonly schema: RecordSchema<object>
  readonly groupsPerShard: number
  readonly jsonLines: boolean
}

/** Groups of rows, one at a time; undefined at the end. */
const groupsOf = Effect.fnUntraced(function* <E, R>(groups: Stream.Stream<ReadonlyArray<object>, E, R>) {
  const pull = yield* Stream.toPull(groups)
  const waiting: Array<ReadonlyArray<object>> = []
  return Effect.gen(function* () {
    if (waiting.length === 0) waiting.push(...(yield* Pull.catchDone(pull, () => Effect.succeed([]))))
    return waiting.shift()
  })
})

const number = (i: number) => String(i).padStart(5, "0")

/**
 * Writes one split as shards of Parquet, and of JSON lines beside them where wanted; gives how many rows and shards.
 *
 * Domain   a split without rows has one shard; names say how many shards there are, so they are given at the end.
 * Fails    ArrowError, PlatformError, and what the stream fails with
 */
export const writeSplit = Effect.fnUntraced(function* <E, R>(
  { folder, groupsPerShard, jsonLines, name, schema }: SplitOptions,
  groups: Stream.Stream<ReadonlyArray<object>, E, R>
) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const next = yield* groupsOf(groups)
  let [rows, shards] = [0, 0]
  let group = yield* next
  const unnamed = (i: number, kind: string) =>
    join(folder, kind === "parquet" ? "data" : "json", `${name}-${number(i)}.${kind}`)
  for (;;) {
    yield* withParquet(unnamed(shards, "parquet"), schema, {}, (writeParquet) => {
      const fill = Effect.fnUntraced(function* (writeLines: typeof writeParquet) {
        for (let i = 0; i < groupsPerShard && group !== undefined; i++, group = yield* next) {
          yield* writeParquet(group)
          yield* writeLines(group)
          rows += group.length
        }
      })
      return jsonLines ? withJsonLines(unnamed(shards, "jsonl"), schema, fill) : fill(() => Effect.void)
    })
    shards++
    if (group === undefined) break
  }
  for (const kind of jsonLines ? ["parquet", "jsonl"] : ["parquet"]) {
    for (let i = 0; i < shards; i++) {
      const from = unnamed(i, kind)
      yield* fs.rename(from, from.replace(/\.(\w+)$/, `-of-${number(shards)}.$1`))
    }
  }
  return { name, rows, shards }
}, Effect.scoped)
