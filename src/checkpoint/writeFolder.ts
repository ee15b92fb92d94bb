import { Effect, FileSystem, Path } from "effect"
import { type FloatType, writeSafetensors } from "../runtime/mod.ts"
import { CheckpointError, NotWritten } from "./errors.ts"

/** Weights by their names in a checkpoint. */
export type NamedWeights = ReadonlyMap<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>

/** A JSON file as people read it. */
export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/**
 * Writes a folder of texts and one file of weights; it appears only when it is complete.
 *
 * Fails    CheckpointError: NotWritten; RuntimeError.
 */
export const writeFolder = Effect.fnUntraced(function* (options: {
  readonly into: string
  readonly files: Readonly<Record<string, string>>
  readonly weightsFile: string
  readonly weights: NamedWeights
  readonly type: FloatType
}) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { into, type } = options
  const unfinished = `${into}.tmp`
  const write = Effect.gen(function* () {
    yield* fs.remove(unfinished, { recursive: true, force: true })
    yield* fs.makeDirectory(unfinished, { recursive: true })
    yield* Effect.forEach(Object.entries(options.files), ([file, text]) =>
      fs.writeFileString(path.join(unfinished, file), text)
    )
    const tensors = Object.fromEntries(
      [...options.weights].map(([name, { shape, data }]) => [name, { dtype: type, shape, data }])
    )
    yield* writeSafetensors(path.join(unfinished, options.weightsFile), tensors, { format: "pt" })
    yield* fs.remove(into, { recursive: true, force: true })
    yield* fs.rename(unfinished, into)
  })
  yield* write.pipe(
    Effect.catchTag("PlatformError", (error) =>
      Effect.fail(
        new CheckpointError({
          action: "write",
          folder: into,
          reason: new NotWritten({ detail: error.message, cause: error })
        })
      )
    ),
    Effect.onError(() => Effect.ignore(fs.remove(unfinished, { recursive: true, force: true })))
  )
  return into
})
