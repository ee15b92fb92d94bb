/**
 * ONNX Runtime, scoped: tensors over typed arrays or device memory, sessions that run off the main thread and can be
 * interrupted, and files of weights.
 *
 * ```ts
 * const runtime = yield* OnnxRuntime
 * const session = yield* runtime.session({ name: "square", model })
 * const x = yield* runtime.tensor(Float32Array.of(1, 2, 3), [3])
 * const y = yield* runtime.allocate("float32", [3])
 * yield* session.run({ x }, { y })
 * ```
 */
export { AnswerReport } from "./AnswerReport.ts"
export { availableMemory } from "./availableMemory.ts"
export type { Binding } from "./Binding.ts"
export type { Device } from "./Device.ts"
export type { Dim, ElementType, TypedArray } from "./ElementType.ts"
export { RuntimeError, RuntimeReason, TensorShape } from "./errors.ts"
export type { Port, Tensors } from "./matchTensors.ts"
export { OnnxRuntime } from "./OnnxRuntime.ts"
export type { Session } from "./Session.ts"
export type { SessionOptions } from "./SessionOptions.ts"
export type { Tensor } from "./Tensor.ts"
export type { FloatType } from "./safetensors/dtypes.ts"
export { floatCodecs } from "./safetensors/floatCodecs.ts"
export { loadFloat32 } from "./safetensors/loadFloat32.ts"
export { readCheckpointFiles } from "./safetensors/readCheckpointFiles.ts"
export { readSafetensors } from "./safetensors/readSafetensors.ts"
export type { SafetensorsEntry } from "./safetensors/SafetensorsEntry.ts"
export { type StreamedTensor, streamSafetensors, writeSafetensors } from "./safetensors/writeSafetensors.ts"
