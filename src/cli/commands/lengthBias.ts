import { Console, Effect, Path } from "effect"
import type { LengthBias } from "../../../schemas/mod.ts"
import { printJson } from "../printJson.ts"
import { badInput } from "./readExamples.ts"

export interface LengthBiasCommand {
  readonly file: string
  readonly out: string
  readonly length: "characters" | "tokens"
  readonly resamples: number | undefined
  readonly seed: number
  readonly json: boolean
}

/** A share of the prompts that the interval is to hold, and how finely the picture is cut. */
const fixed = { level: 0.95, columns: 20, rows: 12 }

const summary = ({ coefficients, high, low, mean, none, prompts }: LengthBias): string => {
  const counted = Object.entries({
    "with fewer than two responses": none.single,
    "of one length": none.sameLength,
    "of one reward": none.sameReward
  }).filter(([, n]) => n > 0)
  const rest = counted.map(([why, n]) => `, ${n} ${why}`).join("")
  return `Mean coefficient ${mean.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}) over ${coefficients} of ${prompts} prompts${rest}`
}

/**
 * Says how much the rewards of a file like long responses, and writes it as data and as a picture.
 *
 * Fails    BadInput when the file cannot be read or has nothing to correlate; PlatformError when the folder cannot be written.
 */
export const lengthBias = Effect.fn("lengthBias")(function* (options: LengthBiasCommand) {
  const { measureLengthBias, writeLengthBias } = yield* Effect.promise(() => import("../../report/mod.ts"))
  const { file, length: unit, out: folder, resamples = 2000, seed } = options
  const bias = yield* badInput(measureLengthBias(file, { unit, seed, resamples, ...fixed }))
  const { basename } = yield* Path.Path
  const paths = yield* writeLengthBias(bias, { folder, title: `Length and reward: ${basename(file)}` })
  if (options.json) return yield* printJson({ ...bias, files: paths })
  yield* Console.log(summary(bias))
  if (bias.lengthPenalty !== undefined)
    yield* Console.log(`The rewards in this file are less ${bias.lengthPenalty} per character`)
  yield* Console.log(`Wrote "${paths.json}" and "${paths.svg}"`)
})
