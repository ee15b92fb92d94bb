import { Schema } from "effect"
import { oneOf, defaulted, LearnedTurns, optional, required } from "../../../schemas/mod.ts"
import { losses } from "../../loss/mod.ts"
import { Ensemble, PreferenceOracle, Remote, Rule } from "./Oracles.ts"
import { FilePath, Source } from "./Source.ts"
import { trainSettings } from "./TrainSettings.ts"

/** Where the weights of a first phase start: a model folder, or fresh random weights in the shape of one. */
const Start = Schema.Union([
  FilePath,
  Schema.Struct({
    random: required(FilePath, "Folder with config.json and tokenizer files; weights are drawn from the seed")
  })
])
export type Start = typeof Start.Type

const SupervisedFineTuning = Schema.Struct({
  from: required(Start, "Model folder, or { random: folder }"),
  data: required(Source, "Demonstrations"),
  turns: defaulted(LearnedTurns, "all", "Which assistant turns of a conversation are learned: all, or the last alone"),
  ...trainSettings({ learningRate: 2e-5, batchSize: 32, epochs: 1 })
})

const BradleyTerry = Schema.Struct({
  from: required(FilePath, "Model folder whose head is replaced by a scalar, or the word policy for π₀"),
  data: required(Source, "Preferences"),
  ...losses.bradleyTerry.options.fields,
  ...trainSettings({ learningRate: 2e-6, batchSize: 512, epochs: 1 })
})

/** The models of a run. */
export const Models = Schema.Struct({
  policy: required(
    Schema.Union([FilePath, oneOf({ sft: SupervisedFineTuning })]),
    "π₀, where the loop starts: a model folder, or made by supervised fine-tuning (§3.1)"
  ),
  reference: defaulted(
    Schema.Literals(["initial", "previous"]),
    "initial",
    "What DPO pulls back to: initial is π₀, frozen (§3.3, the paper); previous is the policy the iteration starts from"
  ),
  reward: required(
    Schema.Union([
      FilePath,
      oneOf({
        rule: Rule,
        bradleyTerry: BradleyTerry.annotate({ description: "A reward model trained by Eq. (4)" }),
        remote: Remote,
        ensemble: Ensemble.annotate({ description: "Several rewards as one" })
      })
    ]),
    "r(x, a): a reward model folder, a rule, trained here, a server, or several of them as one"
  ),
  rewardCache: optional(
    Schema.Int.check(Schema.isGreaterThan(0)),
    "Rewards remembered during a phase, so that equal responses are scored once (responses; default none)"
  ),
  preference: defaulted(
    PreferenceOracle,
    { bradleyTerry: {} },
    "P(a¹ ≻ a² | x), which the judge stage asks: the folder of a pairwise preference model, or another oracle"
  )
})
export type Models = typeof Models.Type
