import { resolve } from "node:path"
import type { Engine } from "./Engine.ts"
import { library } from "./native/library.ts"
import { check, created } from "./native/status.ts"
import { Tensor } from "./Tensor.ts"

/**
 * How a session is opened.
 *
 * A tensor in `initializers` stands in for the initializer of that name. With `prepack: false` the session reads it
 * at each run, so that writing into its array changes the next run. With `prepack: true`, the default, weights of Gemm
 * and MatMul are copied once, when the session is opened, and later writes into them are not seen.
 */
export interface SessionOptions {
  /** What errors call the model. */
  readonly name: string
  /** The bytes of a model, or the path of one. */
  readonly model: Uint8Array | string
  /** The folder that external initializers of a model given as bytes lie in. */
  readonly externalFolder?: string
  readonly initializers?: Readonly<Record<string, Tensor>>
  /** Default true: faster runs, a second copy of the weights. */
  readonly prepack?: boolean
  /** Default false: plans memory for repeated shapes, and about doubles the peak of a training step. */
  readonly memoryPattern?: boolean
  /**
   * Where a run takes its memory: an arena of the session that keeps it between runs ("own", the default), one of the
   * process that sessions run in turn share ("shared"; it keeps its memory as long as a runtime is open), or the system.
   */
  readonly arena?: "own" | "shared" | "none"
  /** Default all; beside given initializers, what reads the bytes in the model is left out. */
  readonly optimization?: "none" | "basic" | "extended" | "all"
  /** Default "folded": what constants alone decide is computed once, when the session opens, and stays in memory. */
  readonly constants?: "folded" | "kept"
  /** How the file with times of every node starts; it is written when the session closes. */
  readonly profile?: string
}

const optimizationLevels = { none: 0, basic: 1, extended: 2, all: 99 } as const

/** Optimizers that compute with the bytes of an initializer in the model: they would never see the tensor given for it. */
const readingOptimizers = [
  "AttentionFusion",
  "ConstantFolding",
  "ConstantSharing",
  "ConvAddFusion",
  "ConvBNFusion",
  "ConvMulFusion",
  "DivMulFusion",
  "EmbedLayerNormFusion",
  "MatMulScaleFusion",
  "MatMul_BatchNormalization_Fusion",
  "NoopElimination",
  "TransposeOptimizer",
  "TransposeOptimizer_CPUExecutionProvider", // a second pass, above "basic", under a name of its own
  "UnsqueezeElimination"
] as const

/** Optimizers that compute with constants, widen those in half, or move their scale. */
const foldingOptimizers = ["ConstantFolding", "FuseFp16InitializerToFp32NodeTransformer", "MatMulScaleFusion"] as const

/**
 * The native options of a session; the caller releases them.
 *
 * Fails    StatusFailed, Released (thrown)
 */
export const createSessionOptions = (engine: Engine, options: SessionOptions): bigint => {
  const { functions } = library()
  const address = created((out) => functions.CreateSessionOptions(out))
  const set = (key: string, value: string) => check(functions.AddSessionConfigEntry(address, key, value))
  try {
    check(functions.DisablePerSessionThreads(address))
    check(functions.SetSessionGraphOptimizationLevel(address, optimizationLevels[options.optimization ?? "all"]))
    check(options.memoryPattern ? functions.EnableMemPattern(address) : functions.DisableMemPattern(address))
    if (options.arena === "shared") set("session.use_env_allocators", "1")
    if (options.arena === "none") check(functions.DisableCpuMemArena(address))
    if (options.prepack === false) set("session.disable_prepacking", "1")
    if (options.externalFolder !== undefined) {
      set("session.model_external_initializers_file_folder_path", resolve(options.externalFolder))
    }
    const initializers = Object.entries(options.initializers ?? {})
    const left = [
      ...(initializers.length > 0 ? readingOptimizers : []),
      ...(options.constants === "kept" ? foldingOptimizers : [])
    ]
    if (left.length > 0) set("optimization.disable_specified_optimizers", left.join(";"))
    for (const [name, tensor] of initializers) {
      check(functions.AddInitializer(address, name, Tensor.handle(tensor).address))
    }
    if (options.profile !== undefined) check(functions.EnableProfiling(address, options.profile))
    engine.row.append(address)
    return address
  } catch (cause) {
    functions.ReleaseSessionOptions(address)
    throw cause
  }
}
