import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import koffi from "koffi"
import { LibraryMissing } from "../errors.ts"
import { type Functions, functions } from "./functions.ts"

/** Bytes of stack for a call on another thread; kernels of the WebGPU provider need more than 256 KiB. */
const stackBytes = 8 << 20

/** The version of `OrtApi` that the table of positions was read from. */
const apiVersion = 30

const fileNames: Readonly<Record<string, string>> = {
  darwin: "libonnxruntime.1.dylib",
  linux: "libonnxruntime.so.1",
  win32: "onnxruntime.dll"
}

/** Where onnxruntime-node keeps the library for this machine. */
export const libraryPath = (platform: string = process.platform, arch: string = process.arch): string => {
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"))
  return join(root, "bin", "napi-v6", platform, arch, fileNames[platform] ?? "libonnxruntime.so.1")
}

/** The loaded library: its version and its functions by name. */
export interface Library {
  readonly version: string
  readonly functions: Functions
  /** What keeps the library in memory: koffi unloads one that nothing refers to, and functions by address refer to nothing. */
  readonly handle: unknown
}

const cTypes: Readonly<Record<string, string>> = {
  path: process.platform === "win32" ? "str16" : "const char*",
  status: "void*"
}
const cType = (name: string) => cTypes[name] ?? name

/**
 * Loads the library and reads the functions out of its table.
 *
 * Fails    LibraryMissing (thrown)
 */
export const loadLibrary = (path: string): Library => {
  try {
    const config = koffi.config()
    // The stack can be set only before the first library of the process is loaded.
    if (config.async_stack_size !== stackBytes) {
      koffi.config({ ...config, async_stack_size: stackBytes, sync_stack_size: stackBytes })
    }
    const handle = koffi.load(path)
    const base: bigint = handle.func("OrtGetApiBase", "void*", [])()
    const [getApi, getVersion]: ReadonlyArray<bigint> = koffi.decode(base, "void*", 2)
    const table: bigint | null = koffi.decode(getApi, koffi.proto("void*", ["uint32_t"]))(apiVersion)
    const version: string = koffi.decode(getVersion, koffi.proto("const char*", []))()
    if (table === null) throw new Error(`found version ${version}, wanted an API of version ${apiVersion}`)
    const last = Math.max(...Object.values(functions).map(([position]) => position))
    const addresses: ReadonlyArray<bigint> = koffi.decode(table, "void*", last + 1)
    const bound = Object.fromEntries(
      Object.entries(functions).map(([name, [position, result, parameters]]) => [
        name,
        koffi.decode(addresses[position], koffi.proto(cType(result), parameters.map(cType)))
      ])
    )
    return { version, handle, functions: bound as Functions } // as: the types follow from the same table
  } catch (cause) {
    throw new LibraryMissing({ path, cause })
  }
}

let loaded: Library | undefined

/** The library of onnxruntime-node, loaded when first asked for. */
export const library = (): Library => (loaded ??= loadLibrary(libraryPath()))

/** The text at an address, up to the first zero byte. */
export const decodeText = (address: bigint): string => koffi.decode.string(address)

/** Texts as C wants them: one block of zero-terminated texts, and the address of each. Keep both for as long as the addresses are in use. */
export interface Texts {
  readonly block: Uint8Array
  readonly addresses: BigUint64Array
}

/** Encodes texts once, so that many calls can pass their addresses. */
export const encodeTexts = (texts: ReadonlyArray<string>): Texts => {
  const encoded = texts.map((text) => Buffer.from(`${text}\0`))
  const block = Buffer.concat(encoded.length === 0 ? [Buffer.alloc(1)] : encoded)
  const start: bigint = koffi.address(block)
  let offset = 0
  const addresses = BigUint64Array.from(encoded, (text) => {
    const at = start + BigInt(offset)
    offset += text.length
    return at
  })
  return { block, addresses }
}
