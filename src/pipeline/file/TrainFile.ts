import { Predicate, Schema } from "effect"
import { defaulted, LearnedTurns, optional, required, Seed } from "../../../schemas/mod.ts"
import { keptAdapter } from "./Adapter.ts"
import { Arguments } from "./Arguments.ts"
import { AnyLoss } from "./PolicyLoss.ts"
import { FilePath, Source } from "./Source.ts"
import { policySettings, trainSettings } from "./TrainSettings.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const HeldOut = Schema.Struct({
  data: required(Source, "Examples that are not trained on"),
  every: defaulted(Count, 50, "Steps between two evaluations; the last step has one too (steps)"),
  patience: optional(Count, "Evaluations without a new lowest loss after which training stops (default never)")
})

type Paper = Parameters<typeof trainSettings>[0]

/** One training phase; the model with the lowest held-out loss is kept, or the last. */
const phase = (paper: Paper) =>
  Schema.Struct({
    model: required(FilePath, "Model folder to start from"),
    data: required(
      Source,
      "Demonstrations for sft, judged responses or preferences for losses on rows (kto), preferences for every other loss"
    ),
    loss: required(AnyLoss, "What is minimised"),
    reference: optional(FilePath, "Frozen model folder π₀ of losses that compare with one (default the model itself)"),
    into: required(FilePath, "Folder that is written; beside it lie <into>.log and, until it is done, <into>.state"),
    turns: defaulted(
      LearnedTurns,
      "all",
      "Which assistant turns of a demonstration are learned: all, or the last alone"
    ),
    ...policySettings,
    ...trainSettings(paper),
    lora: keptAdapter,
    heldOut: optional(HeldOut, "Measure during training, and keep the best"),
    seed: defaulted(Seed, 0, "All chance of the training is derived from this number")
  })

const fileOf = (paper: Paper) => Schema.Struct({ arguments: Arguments, train: required(phase(paper), "The phase") })

/** Training files by what they train: their defaults are the paper's numbers for it, their keys are the same. */
const files = {
  sft: fileOf({ learningRate: 2e-5, batchSize: 32, epochs: 1 }),
  bradleyTerry: fileOf({ learningRate: 2e-6, batchSize: 512, epochs: 1 }),
  preferenceModel: fileOf({ learningRate: 5e-6, batchSize: 128, epochs: 1 }),
  policy: fileOf({ learningRate: 5e-7, batchSize: 128, epochs: 2 })
}

/** A file of one training phase, as a person writes it in YAML. */
export const TrainFile = files.policy
export type TrainFile = typeof TrainFile.Type

/** The schema of a file, by the loss that it names. */
export const trainFileOf = (value: unknown): typeof TrainFile => {
  const train = Predicate.hasProperty(value, "train") ? value.train : undefined
  const loss = Predicate.hasProperty(train, "loss") ? train.loss : undefined
  const kind = (["sft", "bradleyTerry", "preferenceModel"] as const).find((name) => Predicate.hasProperty(loss, name))
  return files[kind ?? "policy"]
}

/** The keys below `train`. */
export const phaseKeys: ReadonlyArray<string> = Object.keys(TrainFile.fields.train.fields)
