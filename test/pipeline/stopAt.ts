import { Effect, Layer } from "effect"
import { liveTrainers, Trainers } from "../../src/pipeline/mod.ts"

/** Real models; the training of `phase` is stopped after it has told of `step`, and `tell` hears every step. */
export const stopAt = (options: {
  readonly phase?: string
  readonly step?: number
  readonly tell?: (what: string) => void
}) =>
  Layer.effect(
    Trainers,
    Effect.map(Trainers, (real) =>
      Trainers.of({
        ...real,
        train: (request) =>
          real.train({
            ...request,
            onStep: (metrics) =>
              Effect.andThen(
                request.onStep(metrics),
                Effect.suspend(() => {
                  options.tell?.(`${metrics.phase} ${metrics.step}`)
                  const stops = metrics.phase === options.phase && metrics.step === options.step
                  return stops ? Effect.interrupt : Effect.void
                })
              )
          })
      })
    )
  ).pipe(Layer.provide(liveTrainers))
