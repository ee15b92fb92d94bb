/**
 * The data sets of the paper: where each lies, its licence, how a row becomes records, which filters the recipe asks for.
 *
 * ```ts
 * const { counts, stream } = readSource({
 *   dataset: "shp", source: datasets.shp, rows: readRows("train.json"), path: "train.json", name: "train"
 * })
 * ```
 */
import { evolInstruct } from "./demonstration/evolInstruct.ts"
import { gpTeacher } from "./demonstration/gpTeacher.ts"
import { gpt4Llm } from "./demonstration/gpt4Llm.ts"
import { magicoderEvolInstruct } from "./demonstration/magicoderEvolInstruct.ts"
import { mathInstruct } from "./demonstration/mathInstruct.ts"
import { orcaMath } from "./demonstration/orcaMath.ts"
import { shareGpt } from "./demonstration/shareGpt.ts"
import { slimOrca } from "./demonstration/slimOrca.ts"
import { ultraInteractSft } from "./demonstration/ultraInteractSft.ts"
import { argillaMath } from "./preference/argillaMath.ts"
import { capybara } from "./preference/capybara.ts"
import { codeUltraFeedback } from "./preference/codeUltraFeedback.ts"
import { helpSteer } from "./preference/helpSteer.ts"
import { hhRlhf } from "./preference/hhRlhf.ts"
import { nectar } from "./preference/nectar.ts"
import { openOrca } from "./preference/openOrca.ts"
import { pkuSafeRlhf } from "./preference/pkuSafeRlhf.ts"
import { shp } from "./preference/shp.ts"
import { summarizeFromFeedback } from "./preference/summarizeFromFeedback.ts"
import { ultraFeedback } from "./preference/ultraFeedback.ts"
import { ultraInteract } from "./preference/ultraInteract.ts"
import { capybaraPrompts } from "./prompt/capybaraPrompts.ts"
import { dibt10k } from "./prompt/dibt10k.ts"
import { helpSteerPrompts } from "./prompt/helpSteerPrompts.ts"
import { openOrcaPrompts } from "./prompt/openOrcaPrompts.ts"
import { ultraFeedbackPrompts } from "./prompt/ultraFeedbackPrompts.ts"
import { ultraInteractPrompts } from "./prompt/ultraInteractPrompts.ts"
import type { Source } from "./Source.ts"

/** Every known data set by the name that a pipeline writes. */
export const datasets = {
  hhRlhf,
  shp,
  helpSteer,
  pkuSafeRlhf,
  ultraFeedback,
  ultraInteract,
  codeUltraFeedback,
  argillaMath,
  openOrca,
  capybara,
  summarizeFromFeedback,
  nectar,
  shareGpt,
  evolInstruct,
  slimOrca,
  mathInstruct,
  magicoderEvolInstruct,
  gpt4Llm,
  orcaMath,
  gpTeacher,
  ultraInteractSft,
  ultraFeedbackPrompts,
  helpSteerPrompts,
  openOrcaPrompts,
  ultraInteractPrompts,
  capybaraPrompts,
  dibt10k
} satisfies Record<string, Source>

export { type Counts } from "./Counts.ts"
export { comparisons, type ScoredResponse } from "./comparisons.ts"
export { findSource } from "./findSource.ts"
export { readSource, type ReadSourceOptions } from "./readSource.ts"
export type { Licence, Place, Readable, Reading, Source, SourceKinds, SourceOf } from "./Source.ts"
