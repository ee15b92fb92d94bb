import { ThreadsFixed } from "../errors.ts"
import { Handle } from "./Handle.ts"
import { encodeTexts, library } from "./library.ts"
import { check, created } from "./status.ts"

/** Log level 4: a failing node says so in its status, not on the terminal as well. */
const fatalOnly = 4

/** An arena extends by what is asked for, not by powers of two. */
const sameAsRequested = 1n
const arenaAllocator = 1

/**
 * What ONNX Runtime looks at when a session opens. Its tiled attention on the CPU shares a row's tokens out among threads where there
 * are more of them than heads in a step, and reads a prompt in tiles whose last may be a single token: both add up in another order.
 */
const untiled = "ORT_GQA_DISABLE_FLASH_ATTENTION"

let current: { readonly handle: Handle; readonly threads: number; users: number } | undefined

/** Memory that sessions share if they ask for it: it grows by what is asked for, and what one has freed another takes. */
const shareArena = (environment: bigint): void => {
  const { functions } = library()
  const keys = encodeTexts(["arena_extend_strategy"])
  const values = BigUint64Array.of(sameAsRequested)
  const arena = created((out) => functions.CreateArenaCfgV2(keys.addresses, values, values.length, out))
  try {
    const memory = created((out) => functions.CreateMemoryInfo("Cpu", arenaAllocator, 0, 0, out))
    try {
      check(functions.CreateAndRegisterAllocator(environment, memory, arena))
    } finally {
      functions.ReleaseMemoryInfo(memory)
    }
  } finally {
    functions.ReleaseArenaCfg(arena)
  }
}

const create = (threads: number): Handle => {
  const { functions } = library()
  process.env[untiled] = "1"
  const options = created((out) => functions.CreateThreadingOptions(out))
  try {
    check(functions.SetGlobalIntraOpNumThreads(options, threads))
    // A decode step is some hundred short nodes: waking a sleeping thread for each costs a third of its speed.
    check(functions.SetGlobalSpinControl(options, 1))
    const address = created((out) => functions.CreateEnvWithGlobalThreadPools(fatalOnly, "prefloop", options, out))
    const environment = new Handle({ what: "the environment", address, release: functions.ReleaseEnv })
    shareArena(address)
    return environment
  } finally {
    functions.ReleaseThreadingOptions(options)
  }
}

/**
 * The environment of the process with its one pool of threads; each call needs a `releaseEnvironment`.
 *
 * Fails    ThreadsFixed, StatusFailed, LibraryMissing (thrown)
 */
export const acquireEnvironment = (threads: number): Handle => {
  if (current && current.threads !== threads) throw new ThreadsFixed({ found: current.threads, wanted: threads })
  current ??= { handle: create(threads), threads, users: 0 }
  current.users += 1
  return current.handle
}

/** Gives the environment back; the last user ends it. */
export const releaseEnvironment = (): void => {
  if (!current) return
  current.users -= 1
  if (current.users > 0) return
  current.handle.release()
  current = undefined
}
