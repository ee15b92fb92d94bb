import { Effect, Option, Result, Schema, Stream } from "effect"
import { type LengthBias, Scored } from "../../schemas/mod.ts"
import { readArrowMetadata, readRecords } from "../arrow/mod.ts"
import {
  correlateLength,
  lengthBias,
  type LengthBiasOptions,
  type LengthCorrelation,
  type LengthUnit
} from "../metric/mod.ts"
import { CoefficientsMissing, ReportError, RewardsDiffer } from "./errors.ts"

/** What the run store writes about a file of scored rows, as far as it is asked here. */
const Lineage = Schema.fromJsonString(
  Schema.Struct({ settings: Schema.Struct({ parameters: Schema.Struct({ lengthPenalty: Schema.Finite }) }) })
)
const decodeLineage = Schema.decodeUnknownOption(Lineage)

/** λ that was taken off the rewards of a stage file, where the file says so. Units: reward per character. */
const penaltyOf = Effect.fnUntraced(function* (path: string) {
  if (!path.endsWith(".arrow")) return undefined
  const { lineage } = yield* readArrowMetadata(path)
  const found = Option.getOrUndefined(decodeLineage(lineage))?.settings.parameters.lengthPenalty
  return found === 0 ? undefined : found
})

/**
 * How much the rewards of a file of scored rows like long responses; memory holds two numbers for each prompt.
 *
 * Source   §2 and Fig. 3.
 * Fails    ArrowError, ReportError: RewardsDiffer, CoefficientsMissing.
 */
export const measureLengthBias = Effect.fn("measureLengthBias")(function* (
  path: string,
  options: LengthBiasOptions & { readonly unit: LengthUnit }
) {
  const { unit } = options
  const correlate = correlateLength(unit)
  const lengthPenalty = yield* penaltyOf(path)
  const found: Array<LengthCorrelation> = []
  const none = { single: 0, sameLength: 0, sameReward: 0 }
  let prompts = 0
  let responses = 0
  const take = (row: Scored) => {
    Result.match(correlate(row), { onSuccess: (one) => void found.push(one), onFailure: (why) => void none[why]++ })
    prompts++
    responses += row.responses.length
  }
  yield* Stream.runForEach(
    readRecords(path, Scored),
    Effect.fnUntraced(function* ({ rows }) {
      for (const row of rows) {
        const { promptId, rewards } = row
        if (rewards.length !== row.responses.length) {
          const counts = { found: rewards.length, wanted: row.responses.length }
          return yield* new ReportError({ path, reason: new RewardsDiffer({ row: prompts, promptId, ...counts }) })
        }
        take(row)
      }
    })
  )
  if (found.length === 0) {
    return yield* new ReportError({ path, reason: new CoefficientsMissing({ prompts, ...none }) })
  }
  const penalty = lengthPenalty === undefined ? {} : { lengthPenalty }
  return { unit, ...penalty, prompts, responses, none, ...lengthBias(found, options) } satisfies LengthBias
})
