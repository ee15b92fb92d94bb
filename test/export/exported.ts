import { Effect, FileSystem, Path } from "effect"
import { openSource } from "../../src/checkpoint/mod.ts"
import { type Exporter, exportModel, exports, planExport } from "../../src/export/mod.ts"

/** A model written in a format, in a folder that is gone with the scope: where it lies. */
export const exported = Effect.fnUntraced(function* (
  model: string,
  format: keyof typeof exports,
  options: { readonly dtype?: string; readonly table?: Readonly<Record<string, Exporter>> } = {}
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const into = path.join(yield* fs.makeTempDirectoryScoped(), format === "gguf" ? "model.gguf" : "model")
  const plan = yield* planExport(options.table ?? exports)({ model, format, dtype: options.dtype, into })
  const source = yield* openSource(model)
  return yield* exportModel(plan, source)
})
