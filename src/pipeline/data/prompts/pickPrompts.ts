import { Effect, FileSystem, Option, Schema, Stream } from "effect"
import { Prompt } from "../../../../schemas/mod.ts"
import { DatasetError, RowsChanged } from "../../../dataset/mod.ts"
import type { DataError } from "../openData.ts"
import { fingerprint, type PromptIndex } from "./indexPrompts.ts"

/** Which prompts are wanted, by their places in the index, and the name of a file that holds them meanwhile. */
export interface Picks {
  readonly path: string
  readonly index: PromptIndex
  readonly places: Int32Array
  readonly spool: string
}

const encoder = new TextEncoder()
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Prompt))

/** Writes the wanted prompts to a file as they come, and gives where each of them lies there. */
const spoolPicks = Effect.fnUntraced(function* <R>(
  prompts: Stream.Stream<Prompt, DataError, R>,
  { index, path, places }: Picks,
  file: FileSystem.File
) {
  const rowAt = (rank: number) => index.rows[places[rank] ?? 0] ?? 0
  const order = Uint32Array.from(places, (_, rank) => rank).sort((a, b) => rowAt(a) - rowAt(b))
  const offsets = new Float64Array(places.length)
  const lengths = new Int32Array(places.length)
  const changed = new DatasetError({ path, reason: new RowsChanged() })
  let [row, next, end] = [0, 0, 0]
  const put = Effect.fnUntraced(function* (prompt: Prompt) {
    const place = places[order[next] ?? 0] ?? 0
    if (index.ids[place] !== fingerprint(prompt.promptId)) return yield* changed
    const bytes = encoder.encode(JSON.stringify(prompt))
    yield* file.writeAll(bytes)
    for (; next < order.length && rowAt(order[next] ?? 0) === row; next++) {
      const rank = order[next] ?? 0
      offsets[rank] = end
      lengths[rank] = bytes.length
    }
    end += bytes.length
  })
  yield* prompts.pipe(
    Stream.takeWhile(() => next < order.length),
    Stream.runForEach((prompt) =>
      Effect.suspend(() => {
        const work = next < order.length && rowAt(order[next] ?? 0) === row ? put(prompt) : Effect.void
        return Effect.map(work, () => void row++)
      })
    )
  )
  if (next < order.length) return yield* changed
  return { offsets, lengths }
})

/**
 * Prompts of a source that was indexed, in the order of the places asked for. The source is read once more from its start, and what
 * is wanted lies in the file `spool` until the stream ends: memory holds where, and one prompt at a time.
 *
 * Units    memory: 16 bytes a prompt that is asked for.
 * Fails    DatasetError (RowsChanged), as the source does, and PlatformError where the spool cannot be written
 */
export const pickPrompts = <R>(prompts: Stream.Stream<Prompt, DataError, R>, picks: Picks) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { path, places, spool } = picks
      const fs = yield* FileSystem.FileSystem
      yield* Effect.addFinalizer(() => Effect.ignore(fs.remove(spool, { force: true })))
      const file = yield* fs.open(spool, { flag: "w+" })
      const { lengths, offsets } = yield* spoolPicks(prompts, picks, file)
      const read = Effect.fnUntraced(function* (_: number, rank: number) {
        const bytes = yield* file.readAlloc(lengths[rank] ?? 0, { position: BigInt(offsets[rank] ?? 0) })
        const text = Option.match(bytes, { onNone: () => "", onSome: (found) => Buffer.from(found).toString("utf8") })
        return yield* Effect.mapError(decode(text), () => new DatasetError({ path, reason: new RowsChanged() }))
      })
      return Stream.mapEffect(Stream.fromIterable(places), read)
    })
  )
