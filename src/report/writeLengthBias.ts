import { Effect, FileSystem, Path } from "effect"
import type { LengthBias } from "../../schemas/mod.ts"
import { lengthBiasSvg } from "./lengthBiasSvg.ts"

/** Writes `length-bias.json` and `length-bias.svg` into a folder, and gives their paths. Fails: PlatformError. */
export const writeLengthBias = Effect.fn("writeLengthBias")(function* (
  bias: LengthBias,
  options: { readonly folder: string; readonly title: string }
) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  yield* files.makeDirectory(options.folder, { recursive: true })
  const write = Effect.fnUntraced(function* (name: string, text: string) {
    const path = join(options.folder, name)
    yield* files.writeFileString(`${path}.tmp`, text)
    yield* files.rename(`${path}.tmp`, path)
    return path
  })
  const json = yield* write("length-bias.json", `${JSON.stringify(bias, undefined, 2)}\n`)
  const svg = yield* write("length-bias.svg", lengthBiasSvg(bias, options.title))
  return { json, svg }
})
