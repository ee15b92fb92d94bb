import { Effect, FileSystem, Path, Schema } from "effect"
import { CheckpointHeader, CheckpointMissing, RuntimeError, type RuntimeReason, TensorMissing } from "../errors.ts"
import type { Doing } from "../native/status.ts"
import { asFileFailed } from "./fileFailure.ts"
import { listFolder } from "./listFolder.ts"
import { readSafetensors } from "./readSafetensors.ts"
import type { SafetensorsEntry } from "./SafetensorsEntry.ts"

const singleFile = "model.safetensors"
const indexFile = "model.safetensors.index.json"

const Index = Schema.fromJsonString(Schema.Struct({ weight_map: Schema.Record(Schema.String, Schema.String) }))

const readIndex = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const subject = path.join(folder, indexFile)
  const doing: Doing = { action: "read", subject }
  const fail = (reason: RuntimeReason) => Effect.fail(new RuntimeError({ ...doing, reason }))
  const text = yield* fs.readFileString(subject).pipe(asFileFailed(doing))
  const { weight_map } = yield* Schema.decodeUnknownEffect(Index)(text).pipe(
    Effect.catchTag("SchemaError", (error) =>
      fail(new CheckpointHeader({ found: error.message, wanted: "a weight_map from tensors to files" }))
    )
  )
  const files = [...new Set(Object.values(weight_map))]
  const outside = files.find((file) => path.basename(file) !== file || file === "..")
  if (outside !== undefined) {
    return yield* fail(
      new CheckpointHeader({ found: `file "${outside}"`, wanted: "names of files in the same folder" })
    )
  }
  const shards = new Map(
    yield* Effect.forEach(files, (file) =>
      Effect.map(readSafetensors(path.join(folder, file)), ({ entries }) => [file, entries] as const)
    )
  )
  const entries = new Map<string, SafetensorsEntry>()
  for (const [name, file] of Object.entries(weight_map)) {
    const entry = shards.get(file)?.get(name)
    if (!entry) return yield* fail(new TensorMissing({ name, file, known: [...(shards.get(file)?.keys() ?? [])] }))
    entries.set(name, entry)
  }
  return entries
})

/**
 * Finds every tensor of a model folder, in one file or in the shards of an index.
 *
 * Fails    RuntimeError: CheckpointMissing, TensorMissing, and as `readSafetensors`
 */
export const readCheckpointFiles = Effect.fn("readCheckpointFiles")(function* (
  folder: string
): Effect.fn.Return<ReadonlyMap<string, SafetensorsEntry>, RuntimeError, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const found = yield* listFolder(folder)
  if (found.includes(singleFile)) return (yield* readSafetensors(path.join(folder, singleFile))).entries
  if (found.includes(indexFile)) return yield* readIndex(folder)
  const reason = new CheckpointMissing({ wanted: [singleFile, indexFile], found })
  return yield* new RuntimeError({ action: "read", subject: folder, reason })
})
