/**
 * Models written for other programs: one row a format.
 *
 * ```ts
 * const plan = yield* planExport(exports)({ model: "out/dpo", format: "gguf", dtype: "q8_0", into: "dpo.gguf" })
 * yield* exportModel(plan, yield* openSource("out/dpo", { kind: "causal" }))
 * ```
 */
import type { Exporter } from "./Exporter.ts"
import { gguf } from "./gguf/gguf.ts"
import { onnx } from "./onnx/onnx.ts"
import { safetensors } from "./safetensors/safetensors.ts"

/** Every format by the name that a person gives. */
export const exports = { gguf, onnx, safetensors } satisfies Record<string, Exporter>

export { ExportError, ExportReason } from "./errors.ts"
export type { Exporter, Writing } from "./Exporter.ts"
export { exportModel, type ExportOptions, type ExportPlan, planExport } from "./exportModel.ts"
