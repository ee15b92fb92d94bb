import { Schema, SchemaGetter } from "effect"
import { oneOf, optional, Share, WarmupRatio } from "../../../schemas/mod.ts"
import type { schedules } from "../../training/mod.ts"

/** The paper's warm-up, for a schedule that names none (share of the steps). */
const paperWarmup = WarmupRatio.make(0.03)

const warmUp = {
  warmup: optional(WarmupRatio, `Share of the steps in which the rate rises from zero (default ${paperWarmup})`),
  warmupSteps: optional(Schema.Natural, "Steps in which the rate rises from zero, in place of warmup (steps)")
}

const down = {
  ...warmUp,
  minimumRatio: optional(Share, "Share of the peak at which the cosine ends (default 0)")
}

interface WarmUp {
  readonly warmup?: WarmupRatio
  readonly warmupSteps?: number
}

const notBoth = Schema.makeFilter(({ warmup, warmupSteps }: WarmUp) =>
  warmup !== undefined && warmupSteps !== undefined ? "Expected one of the keys warmup, warmupSteps, found both" : true
)

const withPaperWarmup = <S extends WarmUp>() => ({
  decode: SchemaGetter.transform((written: S): S =>
    written.warmupSteps === undefined ? { warmup: paperWarmup, ...written } : written
  ),
  encode: SchemaGetter.passthrough<S>()
})

const falling = (description: string) =>
  Schema.Struct(down).annotate({ description }).check(notBoth).pipe(Schema.decode(withPaperWarmup()))
const plain = (description: string) =>
  Schema.Struct(warmUp).annotate({ description }).check(notBoth).pipe(Schema.decode(withPaperWarmup()))

/** How the learning rate moves over the steps; one row per schedule. */
export const Schedule = oneOf({
  cosine: falling("Half a cosine down to zero (the paper), or to minimumRatio of the peak"),
  linear: plain("A straight line down to zero"),
  constant: plain("The peak to the end")
} satisfies Record<keyof typeof schedules, Schema.Top>)
