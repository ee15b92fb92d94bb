import { Context, Effect, type FileSystem, Layer, type Path } from "effect"
import type { Trainers } from "../pipeline/mod.ts"

/** Where models run. */
export interface EngineOptions {
  readonly device: "cpu" | "cuda" | "webgpu"
  /** Threads of the CPU; all, without a number. */
  readonly threads: number | undefined
}

type TrainersLayer = Layer.Layer<Trainers, unknown, FileSystem.FileSystem | Path.Path>

/** ONNX Runtime, loaded when a run starts and not before: `--help` stays quick. */
const onnx = ({ device, threads }: EngineOptions): TrainersLayer =>
  Layer.unwrap(
    Effect.promise(async () => {
      const [{ liveTrainers }, { OnnxRuntime }] = await Promise.all([
        import("../pipeline/mod.ts"),
        import("../runtime/mod.ts")
      ])
      return Layer.provide(liveTrainers, OnnxRuntime.layer({ device, threads }))
    })
  )

/** What computes for `run`; a test puts something without models in its place. */
export const Engine = Context.Reference<(options: EngineOptions) => TrainersLayer>("prefloop/cli/Engine", {
  defaultValue: () => onnx
})
