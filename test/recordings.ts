import { readFileSync } from "node:fs"
import { Layer } from "effect"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { OnnxRuntime } from "../src/runtime/mod.ts"

/** Optimizer steps that PyTorch took, and the first elements of some weights afterwards. */
export interface RecordedTraining {
  readonly steps: ReadonlyArray<{ readonly loss: number; readonly grad_norm: number }>
  readonly weights: Readonly<Record<string, ReadonlyArray<number>>>
}

/** What transformers and PyTorch computed: see fixtures/model/record.py. */
interface Recordings {
  readonly "untied-scaled-sharded": RecordedModel
  readonly "tied-bias-bfloat16": RecordedModel
  readonly reward: { readonly ids: ReadonlyArray<ReadonlyArray<number>>; readonly rewards: ReadonlyArray<number> }
  readonly training: {
    readonly pairs: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
    readonly promptLength: number
    readonly groups: ReadonlyArray<readonly [number, number]>
    readonly learningRate: number
    readonly weightDecay: number
    readonly sft: RecordedTraining
    readonly dpo: RecordedTraining
    readonly bradleyTerry: RecordedTraining
  }
}

interface RecordedModel {
  readonly ids: ReadonlyArray<ReadonlyArray<number>>
  readonly promptLength: number
  readonly logits: ReadonlyArray<ReadonlyArray<number>>
  readonly greedy: ReadonlyArray<ReadonlyArray<number>>
  readonly logps: ReadonlyArray<number>
}

export const recordings: Recordings = JSON.parse(readFileSync("fixtures/model/recordings.json", "utf8"))

export const recordedModels = ["untied-scaled-sharded", "tied-bias-bfloat16"] as const

/** The runtime and the file system that most tests want. */
export const Services = OnnxRuntime.layer({ threads: 1 }).pipe(Layer.provideMerge(NodeServices.layer))

/** The largest distance between two lists of numbers of the same length. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (largest, x, i) => Math.max(largest, Math.abs(x - (b[i] ?? Number.NaN))),
    a.length === b.length ? 0 : Number.NaN
  )
