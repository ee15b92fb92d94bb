import { Effect, FileSystem, Path, type PlatformError } from "effect"
import { serialize, serializeWithLate } from "../../graph/mod.ts"
import type { Writing } from "../Exporter.ts"
import { isHeld, type LaidModel, type LaidPart, layoutModel } from "./layoutModel.ts"
import type { Storage } from "./Storage.ts"

/** The most that a file in protocol buffers may hold. Units: bytes. */
export const largestFile = 2 ** 31 - 1

type Writer = (bytes: Uint8Array) => Effect.Effect<void, PlatformError.PlatformError>

/** Opens a file, hands out how to write to it, and flushes it to the disk. */
const writing = Effect.fnUntraced(function* <E, R>(path: string, body: (write: Writer) => Effect.Effect<void, E, R>) {
  const fs = yield* FileSystem.FileSystem
  const handle = yield* fs.open(path, { flag: "w" })
  // A file is closed only when no write is under way: interruption waits for the chunk.
  yield* body((bytes) => Effect.uninterruptible(handle.writeAll(bytes)))
  yield* Effect.uninterruptible(handle.sync)
}, Effect.scoped)

/** Goes through the weights in order, each read once for all of its parts. */
const eachPart = <E, R>(
  { onWeight, source }: Pick<Writing, "source" | "onWeight">,
  parts: ReadonlyArray<LaidPart>,
  write: (part: LaidPart, bytes: Uint8Array) => Effect.Effect<void, E, R>
) =>
  Effect.forEach(
    Map.groupBy(parts, ({ weight }) => weight),
    ([weight, own]) =>
      Effect.gen(function* () {
        const values = yield* source.load(weight)
        for (const part of own) yield* write(part, part.encode(values))
        yield* onWeight
      }),
    { discard: true }
  )

/** The model in one file. */
const writeWhole = (
  request: Omit<Writing, "dtype">,
  parts: ReadonlyArray<LaidPart>,
  { frames, head }: ReturnType<typeof serializeWithLate>
) => {
  const frameOf = new Map(parts.map(({ name }, i) => [name, frames[i] ?? []]))
  return writing(request.path, (write) => {
    const all = (pieces: ReadonlyArray<Uint8Array>) => Effect.forEach(pieces, write, { discard: true })
    const rest = eachPart(request, parts, ({ name }, bytes) => all([...(frameOf.get(name) ?? []), bytes]))
    return Effect.andThen(all(head), rest)
  })
}

/** The graph in one file, and its constants in another beside it. */
const writeApart = Effect.fnUntraced(function* (request: Omit<Writing, "dtype">, { graph, parts }: LaidModel) {
  let end = 0
  yield* writing(`${request.path}_data`, (write) =>
    eachPart(request, parts, ({ offset }, bytes) => {
      const gap = offset - end
      end = offset + bytes.length
      return Effect.andThen(gap > 0 ? write(new Uint8Array(gap)) : Effect.void, write(bytes))
    })
  )
  yield* writing(request.path, (write) => write(serialize(graph)))
})

/**
 * Writes the ONNX model of a language model: in one file, or with its constants in `<path>_data` where one file could not hold
 * them. Says which.
 *
 * Units    largest in bytes.
 * Fails    PlatformError; RuntimeError as `source.load`.
 */
export const writeModel = Effect.fn("writeModel")(function* (
  request: Omit<Writing, "dtype"> & { readonly storage: Storage; readonly largest: number }
) {
  const { basename } = yield* Path.Path
  const model = layoutModel(request.source, request.storage, `${basename(request.path)}_data`)
  const held = { ...model.graph, initializers: model.graph.initializers.filter(isHeld) }
  const late = model.parts.map(({ length, name, shape, type }) => ({ value: { name, type, shape }, length }))
  const whole = serializeWithLate(held, late)
  const apart = whole.size > request.largest
  yield* apart ? writeApart(request, model) : writeWhole(request, model.parts, whole)
  return { apart }
})
