/** What may be given where C wants an address. */
export type Address = bigint | ArrayBufferView | null

interface Arguments {
  readonly "void*": Address
  readonly "const char*": string
  readonly path: string
  readonly size_t: number | bigint
  readonly int: number
}

interface Results {
  readonly void: undefined
  readonly "void*": bigint | null
  readonly "const char*": string
  readonly bool: boolean
  readonly int: number
  /** An `OrtStatus*`: null means success. */
  readonly status: bigint | null
}

type Row = readonly [position: number, result: keyof Results, arguments: ReadonlyArray<keyof Arguments>]

const release = ["void*"] as const

/** The functions in use: position in `OrtApi`, a table that is only ever appended to, and C types. `path` is a file name in the system's encoding. */
export const functions = {
  GetErrorCode: [1, "int", ["void*"]],
  GetErrorMessage: [2, "const char*", ["void*"]],
  CreateSession: [7, "status", ["void*", "path", "void*", "void*"]],
  CreateSessionFromArray: [8, "status", ["void*", "void*", "size_t", "void*", "void*"]],
  Run: [9, "status", ["void*", "void*", "void*", "void*", "size_t", "void*", "size_t", "void*"]],
  CreateSessionOptions: [10, "status", ["void*"]],
  EnableProfiling: [14, "status", ["void*", "path"]],
  EnableMemPattern: [16, "status", ["void*"]],
  DisableMemPattern: [17, "status", ["void*"]],
  DisableCpuMemArena: [19, "status", ["void*"]],
  SetSessionGraphOptimizationLevel: [23, "status", ["void*", "int"]],
  SessionGetInputCount: [30, "status", ["void*", "void*"]],
  SessionGetOutputCount: [31, "status", ["void*", "void*"]],
  SessionGetInputTypeInfo: [33, "status", ["void*", "size_t", "void*"]],
  SessionGetOutputTypeInfo: [34, "status", ["void*", "size_t", "void*"]],
  SessionGetInputName: [36, "status", ["void*", "size_t", "void*", "void*"]],
  SessionGetOutputName: [37, "status", ["void*", "size_t", "void*", "void*"]],
  CreateRunOptions: [39, "status", ["void*"]],
  RunOptionsSetTerminate: [46, "status", ["void*"]],
  CreateTensorWithDataAsOrtValue: [49, "status", ["void*", "void*", "size_t", "void*", "size_t", "int", "void*"]],
  GetTensorMutableData: [51, "status", ["void*", "void*"]],
  CastTypeInfoToTensorInfo: [55, "status", ["void*", "void*"]],
  GetOnnxTypeFromTypeInfo: [56, "status", ["void*", "void*"]],
  GetTensorElementType: [60, "status", ["void*", "void*"]],
  GetDimensionsCount: [61, "status", ["void*", "void*"]],
  GetDimensions: [62, "status", ["void*", "void*", "size_t"]],
  GetSymbolicDimensions: [63, "status", ["void*", "void*", "size_t"]],
  CreateMemoryInfo: [68, "status", ["const char*", "int", "int", "int", "void*"]],
  AllocatorAlloc: [75, "status", ["void*", "size_t", "void*"]],
  AllocatorFree: [76, "status", ["void*", "void*"]],
  GetAllocatorWithDefaultOptions: [78, "status", ["void*"]],
  ReleaseEnv: [92, "void", release],
  ReleaseStatus: [93, "void", release],
  ReleaseMemoryInfo: [94, "void", release],
  ReleaseSession: [95, "void", release],
  ReleaseValue: [96, "void", release],
  ReleaseRunOptions: [97, "void", release],
  ReleaseTypeInfo: [98, "void", release],
  ReleaseSessionOptions: [100, "void", release],
  CreateEnvWithGlobalThreadPools: [119, "status", ["int", "const char*", "void*", "void*"]],
  DisablePerSessionThreads: [120, "status", ["void*"]],
  CreateThreadingOptions: [121, "status", ["void*"]],
  ReleaseThreadingOptions: [122, "void", release],
  AddSessionConfigEntry: [130, "status", ["void*", "const char*", "const char*"]],
  CreateAllocator: [131, "status", ["void*", "void*", "void*"]],
  ReleaseAllocator: [132, "void", release],
  RunWithBinding: [133, "status", ["void*", "void*", "void*"]],
  CreateIoBinding: [134, "status", ["void*", "void*"]],
  ReleaseIoBinding: [135, "void", release],
  BindInput: [136, "status", ["void*", "const char*", "void*"]],
  BindOutput: [137, "status", ["void*", "const char*", "void*"]],
  CreateAndRegisterAllocator: [144, "status", ["void*", "void*", "void*"]],
  SetGlobalIntraOpNumThreads: [147, "status", ["void*", "int"]],
  SetGlobalSpinControl: [149, "status", ["void*", "int"]],
  AddInitializer: [150, "status", ["void*", "const char*", "void*"]],
  ReleaseArenaCfg: [157, "void", release],
  CreateArenaCfgV2: [164, "status", ["void*", "void*", "size_t", "void*"]],
  SynchronizeBoundInputs: [202, "status", ["void*"]],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, "status", ["void*", "void*"]],
  CreateCUDAProviderOptions: [205, "status", ["void*"]],
  UpdateCUDAProviderOptions: [206, "status", ["void*", "void*", "void*", "size_t"]],
  ReleaseCUDAProviderOptions: [208, "void", release],
  SessionOptionsAppendExecutionProvider: [216, "status", ["void*", "const char*", "void*", "void*", "size_t"]],
  TensorTypeAndShape_HasShape: [390, "bool", ["void*"]]
} as const satisfies Readonly<Record<string, Row>>

type Parameters<A extends ReadonlyArray<keyof Arguments>> = { -readonly [I in keyof A]: Arguments[A[I]] }

/** A C function; `async` calls it on another thread and then the callback on this one. */
export type NativeFunction<A extends ReadonlyArray<unknown>, R> = ((...args: A) => R) & {
  readonly async: (...args: [...A, (error: Error | null, result: R) => void]) => void
}

export type Functions = {
  readonly [Name in keyof typeof functions]: NativeFunction<
    Parameters<(typeof functions)[Name][2]>,
    Results[(typeof functions)[Name][1]]
  >
}
