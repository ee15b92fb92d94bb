import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { models, type Parameter, type StoredWeight } from "../src/model/mod.ts"
import { readCheckpointFiles, writeSafetensors } from "../src/runtime/mod.ts"

/** Weights in a temporary folder, so that a benchmark maps them from a file as a run does. */
export const storeModel = Effect.fnUntraced(function* (
  parameters: ReadonlyArray<Parameter>,
  dataOf: (parameter: Parameter) => Float32Array
) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-bench-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true }))
  )
  const tensors = Object.fromEntries(
    parameters.map((parameter) => [
      parameter.name,
      { dtype: "F32" as const, shape: parameter.shape, data: dataOf(parameter) }
    ])
  )
  yield* writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" })
  const entries = yield* readCheckpointFiles(folder)
  const weights = new Map(
    [...entries].map(([name, { file, offset, length, shape }]): [string, StoredWeight] => [
      name,
      { location: file, type: "float32", shape, offset, length }
    ])
  )
  return { folder, family: models.llama, weights }
})
