/**
 * Mixtures of data sets: a YAML file names sources, rules, weights and splits; the program writes one data set with a card, and
 * says what became of every row.
 *
 * ```ts
 * const { file } = yield* checkMixture(yield* readMixture("pipelines/mix1.yaml", ["seed=1"]))
 * const { folder, report } = yield* mixData({ file, onError: "stop", tableOf })
 * ```
 */
export { checkMixture } from "./checkMixture.ts"
export { formatMix } from "./formatMix.ts"
export { formatPlan } from "./formatPlan.ts"
export { type MixDataOptions, type Mixed, mixData } from "./mixData.ts"
export { MixReport } from "./MixReport.ts"
export { folderOf, MixtureFile } from "./MixtureFile.ts"
export { readMixture, type WrittenMixture } from "./readMixture.ts"
