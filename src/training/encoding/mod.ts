/**
 * Examples as token sequences, and the audit of what became of them.
 *
 * ```ts
 * const { audit, encoded, problems } = encodeAll(examples, { tokenizer, maxTokens: 512, lengthPolicy: "drop" })
 * ```
 */
export { encodeAll, type EncodedExamples } from "./encodeAll.ts"
export { encodeExample, type EncodeOptions, type Example } from "./encodeExample.ts"
export { fitLength, type FittedSequence, type LengthRule } from "./fitLength.ts"
export { formatAudit } from "./formatAudit.ts"
export { type Encoder, makeEncoder } from "./makeEncoder.ts"
export type { DropRule } from "./Outcome.ts"
