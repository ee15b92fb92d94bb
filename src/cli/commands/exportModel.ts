import { Console, Effect, FileSystem, Path } from "effect"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { progressLayer } from "../progress/mod.ts"
import { badInput } from "./readExamples.ts"

export interface ExportModelOptions {
  readonly model: string
  readonly base: string | undefined
  readonly format: string
  readonly dtype: string | undefined
  readonly out: string
  readonly overwrite: boolean
  readonly threads: number | undefined
  readonly json: boolean
}

/** Other spellings of the names of types. */
const spellings: Readonly<Record<string, string>> = { fp32: "float32", fp16: "float16", bf16: "bfloat16" }

const nameOf = (dtype: string): string => spellings[dtype.toLowerCase()] ?? dtype.toLowerCase()

const megabyte = 1e6

/** Units: bytes of a file, or of everything in a folder. */
const sizeOf = Effect.fnUntraced(function* (place: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const found = yield* fs.stat(place)
  const names = found.type === "Directory" ? yield* fs.readDirectory(place, { recursive: true }) : []
  const sizes = yield* Effect.forEach(names, (name) => fs.stat(join(place, name)))
  return (found.type === "Directory" ? sizes.filter(({ type }) => type === "File") : [found]).reduce(
    (sum, { size }) => sum + Number(size),
    0
  )
})

/**
 * Writes a model in the format of another program.
 *
 * Fails    BadInput, CheckpointError, ExportError, RuntimeError.
 */
export const exportModel = Effect.fn("exportModel")(function* (options: ExportModelOptions) {
  const room = yield* Effect.promise(() => import("../../export/mod.ts"))
  const { openSource } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const { Progress } = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const { base, format, json, model, out, overwrite, threads } = options
  const dtype = options.dtype === undefined ? undefined : nameOf(options.dtype)
  const plan = yield* badInput(room.planExport(room.exports)({ model, format, dtype, into: out, overwrite }))
  const write = Effect.gen(function* () {
    const { kind } = plan.exporter
    const source = yield* badInput(openSource(model, { base, ...(kind === undefined ? {} : { kind }) }))
    const phase = yield* Progress
    const advance = yield* phase.phase({ name: "export", total: source.parameters.length, unit: "weights" })
    return yield* room
      .exportModel(plan, source, advance(1))
      .pipe(
        Effect.catchTag("ExportError", (error) =>
          Effect.fail(error.reason._tag === "NotWritten" ? error : new BadInput({ message: error.message }))
        )
      )
  })
  yield* write.pipe(
    Effect.scoped,
    Effect.provide([OnnxRuntime.layer({ device: "cpu", threads }), progressLayer(options)])
  )
  const bytes = yield* sizeOf(out)
  const { exporter } = plan
  yield* json
    ? printJson({ event: "results", model, format, dtype: plan.dtype, out, bytes })
    : Console.log(
        `Wrote "${out}" (${format}, ${plan.dtype}, ${(bytes / megabyte).toFixed(1)} MB) for ${exporter.readers}`
      )
})
