import { Effect } from "effect"
import type { LengthBias } from "../../schemas/mod.ts"
import { lengthBiasSvg } from "./lengthBiasSvg.ts"
import { writeFiles } from "./writeFiles.ts"

/** Writes `length-bias.json` and `length-bias.svg` into a folder, and gives their paths. Fails: PlatformError. */
export const writeLengthBias = Effect.fn("writeLengthBias")(function* (
  bias: LengthBias,
  { folder, title }: { readonly folder: string; readonly title: string }
) {
  const [json = "", svg = ""] = yield* writeFiles(folder, {
    "length-bias.json": `${JSON.stringify(bias, undefined, 2)}\n`,
    "length-bias.svg": lengthBiasSvg(bias, title)
  })
  return { json, svg }
})
