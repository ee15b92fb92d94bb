import { Predicate } from "effect"
import type { Written } from "../pipeline/mod.ts"

type Key = Written["path"]

/** What the flags of `prefloop train` are given; undefined where they are left out. */
export type TrainFlagValues = { readonly [K in keyof typeof places]?: unknown }

const at =
  (...path: ReadonlyArray<string>): Key =>
  () =>
    path

/** A key below the name that was chosen under `parent`. */
const chosen =
  (parent: string, fallback: string, ...rest: ReadonlyArray<string>): Key =>
  (train) => {
    const found = Predicate.isReadonlyObject(train) ? train[parent] : undefined
    const name = Predicate.isReadonlyObject(found) ? Object.keys(found)[0] : undefined
    return [parent, name ?? fallback, ...rest]
  }

const same = (value: unknown): unknown => value
const named = (value: unknown): unknown => ({ [String(value)]: {} })
const targets = (value: unknown): unknown => (value === "all" ? value : String(value).split(","))
const bytes = (value: unknown): unknown => (/^\d+$/.test(String(value)) ? Number(value) : value)

interface Place {
  readonly flag: string
  readonly key: Key
  readonly read?: (value: unknown) => unknown
}

/** The key of a training file that each flag writes, in the order in which they are written. */
const places = {
  loss: { flag: "--loss", key: at("loss"), read: named },
  lossOptions: { flag: "--loss-options", key: chosen("loss", "dpo") },
  klCoefficient: { flag: "--kl-coefficient", key: chosen("loss", "dpo", "klCoefficient") },
  model: { flag: "--model", key: at("model") },
  reference: { flag: "--reference", key: at("reference") },
  data: { flag: "--data", key: at("data", "path") },
  format: { flag: "--format", key: at("data", "format") },
  dataset: { flag: "--dataset", key: at("data", "dataset") },
  config: { flag: "--config", key: at("data", "config") },
  split: { flag: "--split", key: at("data", "split") },
  revision: { flag: "--revision", key: at("data", "revision") },
  limit: { flag: "--limit", key: at("data", "limit") },
  into: { flag: "--into", key: at("into") },
  optimizer: { flag: "--optimizer", key: at("optimizer"), read: named },
  learningRate: { flag: "--learning-rate", key: chosen("optimizer", "adamW", "learningRate") },
  schedule: { flag: "--schedule", key: at("schedule"), read: named },
  warmup: { flag: "--warmup", key: chosen("schedule", "cosine", "warmup") },
  warmupSteps: { flag: "--warmup-steps", key: chosen("schedule", "cosine", "warmupSteps") },
  batchSize: { flag: "--batch-size", key: at("batchSize") },
  microBatchSize: { flag: "--micro-batch-size", key: at("microBatchSize") },
  epochs: { flag: "--epochs", key: at("epochs") },
  maxTokens: { flag: "--max-tokens", key: at("maxTokens") },
  lengthPolicy: { flag: "--length-policy", key: at("lengthPolicy") },
  turns: { flag: "--turns", key: at("turns") },
  afterEnd: { flag: "--after-end", key: at("afterEnd") },
  blockLength: { flag: "--block-length", key: at("blockLength") },
  loraRank: { flag: "--lora-rank", key: at("lora", "rank") },
  loraAlpha: { flag: "--lora-alpha", key: at("lora", "alpha") },
  loraTargets: { flag: "--lora-targets", key: at("lora", "targets"), read: targets },
  rsLora: { flag: "--rs-lora", key: at("lora", "rankStabilized") },
  merge: { flag: "--merge", key: at("lora", "merge") },
  memoryBudget: { flag: "--memory-budget", key: at("memoryBudget"), read: bytes },
  heldOut: { flag: "--held-out", key: at("heldOut", "data", "path") },
  evaluateEvery: { flag: "--evaluate-every", key: at("heldOut", "every") },
  patience: { flag: "--patience", key: at("heldOut", "patience") },
  saveEvery: { flag: "--save-every", key: at("saveEvery") },
  seed: { flag: "--seed", key: at("seed") }
} as const satisfies Record<string, Place>

/** What flags say, as keys of a training file; held-out examples have the shape of the others. */
export const trainKeys = (values: TrainFlagValues): ReadonlyArray<Written> => {
  const table: Readonly<Record<string, Place>> = places
  const written = Object.entries(table).flatMap(([name, { flag, key, read = same }]): ReadonlyArray<Written> => {
    const value = values[name as keyof typeof places] // as: the names are those of the table
    return value === undefined ? [] : [{ flag, path: key, value: read(value) }]
  })
  const shared = (["format", "dataset"] as const).flatMap((name): ReadonlyArray<Written> => {
    const value = values[name]
    if (values.heldOut === undefined || value === undefined) return []
    return [{ flag: places[name].flag, path: at("heldOut", "data", name), value }]
  })
  return [...written, ...shared]
}
