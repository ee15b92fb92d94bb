import type { Address } from "./native/functions.ts"
import { encodeTexts, library } from "./native/library.ts"
import { check, created } from "./native/status.ts"

/** Where sessions run. */
export type Device = "cpu" | "cuda" | "webgpu"

/** How one device is asked for: the only place that tells devices apart. */
export interface DeviceRow {
  /** Adds the device to the options of a session. Fails   StatusFailed (thrown) */
  readonly append: (options: Address) => void
  /** The name of its memory, as ONNX Runtime calls it; `undefined` where typed arrays are its memory. */
  readonly memory: string | undefined
  /** Where in the memory of a tensor another one may begin: WebGPU knows buffers, not addresses. */
  readonly slices: "anywhere" | "front"
  /** What a machine needs to have it. */
  readonly needs: string
}

const appendCuda = (options: Address): void => {
  const { functions } = library()
  const provider = created((out) => functions.CreateCUDAProviderOptions(out))
  try {
    // Memory grows as it is asked for, not by powers of two.
    const keys = encodeTexts(["device_id", "arena_extend_strategy"])
    const values = encodeTexts(["0", "kSameAsRequested"])
    check(functions.UpdateCUDAProviderOptions(provider, keys.addresses, values.addresses, keys.addresses.length))
    check(functions.SessionOptionsAppendExecutionProvider_CUDA_V2(options, provider))
  } finally {
    functions.ReleaseCUDAProviderOptions(provider)
  }
}

const appendWebGpu = (options: Address): void =>
  check(library().functions.SessionOptionsAppendExecutionProvider(options, "WebGPU", null, null, 0))

export const devices: Readonly<Record<Device, DeviceRow>> = {
  cpu: { append: () => {}, memory: undefined, slices: "anywhere", needs: "any machine" },
  cuda: {
    append: appendCuda,
    memory: "Cuda",
    slices: "anywhere",
    needs:
      'an NVIDIA driver, CUDA 12 with cuDNN 9, and the CUDA libraries of onnxruntime-node: run "node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12"'
  },
  webgpu: {
    append: appendWebGpu,
    memory: "WebGPU_Buf",
    slices: "front",
    needs:
      "a GPU with its driver (on Linux also the Vulkan loader, libvulkan.so.1) and an onnxruntime-node built with WebGPU: Linux x64, macOS arm64, Windows"
  }
}
