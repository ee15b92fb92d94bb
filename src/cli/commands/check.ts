import { Console, Effect } from "effect"
import { printJson } from "../printJson.ts"
import { readChecked } from "./readChecked.ts"

export interface CheckOptions {
  readonly file: string
  readonly set: ReadonlyArray<string>
  readonly json: boolean
}

/** Reads a pipeline, a training or a mixture and what it names, and says whether it would start. */
export const check = Effect.fn("check")(function* (options: CheckOptions) {
  const { fileKind, readYaml } = yield* Effect.promise(() => import("../../pipeline/file/mod.ts"))
  const kind = fileKind((yield* readYaml(options.file, "pipeline")).value)
  if (kind === "training") return yield* checkPhase(options)
  if (kind !== "mixture") return yield* checkPipeline(options)
  const { mix } = yield* Effect.promise(() => import("./mix.ts"))
  yield* mix({ ...options, out: undefined, dryRun: true, onError: "stop" })
})

const checkPhase = Effect.fnUntraced(function* ({ file: path, json, set }: CheckOptions) {
  const { checkTraining, foundTexts, readTrainFile } = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const { examples, heldOut, sources } = yield* checkTraining(yield* readTrainFile({ path, assignments: set }))
  const counts = { examples: examples.length, heldOut: heldOut.length }
  if (json) return yield* printJson({ name: path, ...counts, sources })
  const held = counts.heldOut > 0 ? `, ${counts.heldOut} held out` : ""
  yield* Console.log(`"${path}" is in order: ${counts.examples} examples${held}`)
  for (const [key, where] of Object.entries(foundTexts(sources))) yield* Console.log(`${key}: ${where}`)
})

const checkPipeline = Effect.fnUntraced(function* (options: CheckOptions) {
  const checked = yield* readChecked(options.file, options.set)
  const { demonstrations, file, offline, overlong, preferences, prompts, sources, test, validation } = checked
  const { askedLines, askedOfPersons, foundTexts } = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const persons = askedOfPersons(checked)
  const counts = {
    prompts: prompts.length,
    overlong,
    validation: validation.length,
    test: test.length,
    demonstrations: demonstrations.length,
    preferences: preferences.length,
    offline: offline.length
  }
  if (options.json) return yield* printJson({ name: file.name, ...counts, sources, ...(persons ? { persons } : {}) })
  const found = Object.entries(counts).filter(([, count]) => count > 0)
  yield* Console.log(`"${file.name}" is in order: ${found.map(([what, count]) => `${count} ${what}`).join(", ")}`)
  for (const [what, count] of persons ? askedLines(persons) : []) yield* Console.log(`${what}: ${count}`)
  for (const [key, where] of Object.entries(foundTexts(sources))) yield* Console.log(`${key}: ${where}`)
})
