import { Console, Effect, Layer, Option, Path } from "effect"
import { Engine, type EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { progressLayer } from "../progress/mod.ts"
import { version } from "../version.ts"
import { readChecked } from "./readChecked.ts"

/** Runs a pipeline in its run folder: from the start, or from where an earlier run of the same command stopped. */
export const run = Effect.fn("run")(function* (
  options: {
    readonly file: string
    readonly set: ReadonlyArray<string>
    readonly out: Option.Option<string>
    readonly fresh: boolean
    readonly tensorboard: boolean
    readonly json: boolean
  } & EngineOptions
) {
  const pipeline = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const { sinks } = yield* Effect.promise(() => import("../../telemetry/mod.ts"))
  const { join } = yield* Path.Path
  const checked = yield* readChecked(options.file, options.set)
  const { name, seed } = checked.file
  const folder = Option.getOrElse(options.out, () => join("runs", `${name}-seed${seed}`))
  const trainers = (yield* Engine)(options)
  const store = Layer.unwrap(
    Effect.map(pipeline.Trainers, ({ versions }) =>
      pipeline.RunStore.layer({
        folder,
        fresh: options.fresh,
        sinks: [sinks.jsonLines, ...(options.tensorboard ? [sinks.tensorBoard] : []), sinks.openTelemetry],
        run: {
          name,
          seed,
          versions: { prefloop: version, node: process.versions.node, ...versions },
          pipelineFile: options.file,
          pipeline: checked.file
        }
      })
    )
  )
  const results = yield* pipeline.runPipeline(checked).pipe(
    Effect.provide(store.pipe(Layer.provideMerge(trainers), Layer.provideMerge(progressLayer(options)))),
    Effect.onInterrupt(() => Console.error(`Interrupted: run the same command again to continue in "${folder}"`))
  )
  yield* options.json
    ? printJson({ event: "results", ...pipeline.resultsData(results) })
    : Console.log(pipeline.formatResults(results))
})
