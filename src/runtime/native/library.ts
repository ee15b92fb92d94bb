import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import koffi, { type LibraryHandle } from "koffi"
import { LibraryMissing } from "../errors.ts"
import { bindCall, type Call, openLibrary } from "./Call.ts"
import { type Functions, functions } from "./functions.ts"

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

/** The loaded library: its version and its functions by name. koffi unloads a library whose handle nobody holds. */
export interface Library {
  readonly handle: LibraryHandle
  readonly version: string
  readonly functions: Functions
  /** The table of functions, by position. */
  readonly table: ReadonlyArray<bigint>
}

const cTypes: Readonly<Record<string, string>> = {
  path: process.platform === "win32" ? "str16" : "const char*",
  status: "void*"
}
const cType = (name: string) => cTypes[name] ?? name

const callIn = (table: ReadonlyArray<bigint>, name: keyof Functions): Call => {
  const [position, result, parameters] = functions[name]
  return { address: table[position] ?? 0n, result: cType(result), parameters: parameters.map(cType) }
}

/**
 * Loads the library and reads the functions out of its table.
 *
 * Fails    LibraryMissing (thrown)
 */
export const loadLibrary = (path: string): Library => {
  try {
    const handle = openLibrary(path)
    const base: bigint = handle.func("OrtGetApiBase", "void*", [])()
    const [getApi, getVersion]: ReadonlyArray<bigint> = koffi.decode(base, "void*", 2)
    const api: bigint | null = koffi.decode(getApi, koffi.proto("void*", ["uint32_t"]))(apiVersion)
    const version: string = koffi.decode(getVersion, koffi.proto("const char*", []))()
    if (api === null) throw new Error(`found version ${version}, wanted an API of version ${apiVersion}`)
    const last = Math.max(...Object.values(functions).map(([position]) => position))
    const table: ReadonlyArray<bigint> = koffi.decode(api, "void*", last + 1)
    const names = Object.keys(functions) as ReadonlyArray<keyof Functions> // as: the keys of the table
    const bound = Object.fromEntries(names.map((name) => [name, bindCall(callIn(table, name))]))
    return { handle, version, functions: bound as Functions, table } // as: the types follow from the same table
  } catch (cause) {
    throw new LibraryMissing({ path, cause })
  }
}

let loaded: Library | undefined

/** The library of onnxruntime-node, loaded when first asked for. */
export const library = (): Library => (loaded ??= loadLibrary(libraryPath()))

/** A function of the library, for another thread. */
export const callOf = (name: keyof Functions): Call => callIn(library().table, name)

/** Where an array lies; keep the array for as long as the address is in use. */
export const addressOf = (array: ArrayBufferView): bigint => koffi.address(array)

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
  const start = addressOf(block)
  let offset = 0
  const addresses = BigUint64Array.from(encoded, (text) => {
    const at = start + BigInt(offset)
    offset += text.length
    return at
  })
  return { block, addresses }
}
