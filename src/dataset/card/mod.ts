/**
 * Cards of data sets: what they are made of, and how they are loaded.
 *
 * ```ts
 * renderCard(card, { splits: [{ name: "train", rows: 2, shards: 1 }], columns, tags, trainer: "DPOTrainer", jsonLines: false })
 * ```
 */
export { DatasetCard } from "./DatasetCard.ts"
export { type CardContent, renderCard } from "./renderCard.ts"
