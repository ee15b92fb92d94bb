import { assemble, type Routine } from "./assemble.ts"
import { copyText, escapes, escapesAddress } from "./copyText.ts"
import { murmur128 } from "./murmur128.ts"
import { exactDigits, powersAddress, readNumber } from "./readNumber.ts"
import { mostSlots, places, readRow, slotsAddress } from "./readRow.ts"
import type { Shape } from "./Shape.ts"
import { secret, secretAddress, xxh3 } from "./xxh3.ts"

/** What we ask of WebAssembly, for which neither TypeScript without a browser nor Node has types. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Bytes of a page of WebAssembly memory. */
const pageBytes = 65_536
/** Bytes at the front of memory that are the kernel's own: results, the secret of a hash, tables, and slots. */
export const firstFree = 1024
const resultWords = 4

/** Compiled once, so that what the engine learns of it is not lost. */
let compiled: object | undefined
const kernels = new WeakMap<ArrayBufferLike, Kernel>()
/** The kernel that was closed last, unless the collector took it. */
let closed: WeakRef<Kernel> | undefined

const rowModules = new Map<string, object>()

/** The module that reads rows of a shape, compiled once. */
const rowModule = (shape: Shape): object | undefined => {
  const name = JSON.stringify(shape)
  const known = rowModules.get(name)
  const routine = known === undefined ? readRow(shape) : undefined
  if (routine === undefined) return known
  const routines: Array<Routine> = []
  routines[places.copyText] = copyText
  routines[places.readNumber] = readNumber
  const module = new WebAssembly.Module(assemble([...routines, routine]))
  rowModules.set(name, module)
  return module
}

/** Reads the row at an address onto the tape at another. */
type RowReader = (at: number, tape: number) => number

/** The routines over one memory. Addresses are bytes from its start. */
export interface Kernel {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The words at the front of memory, where results lie. */
  readonly results: Int32Array
  /** Where each column of text goes on. */
  readonly slots: Int32Array
  /** Reads a row, as `readRow` says; nothing where rows have a shape that it does not know. */
  readonly rowReader: (shape: Shape) => RowReader | undefined
  readonly copyText: (source: number, target: number) => number
  readonly murmur128: (address: number, length: number, target: number) => void
  readonly xxh3: (address: number, length: number, target: number) => void
}

/**
 * Routines that look at 16 bytes at once, which JavaScript cannot, over a memory of at least this many bytes, of which nobody
 * knows what is in them.
 *
 * Units    `bytes` behind `firstFree`.
 */
export const openKernel = (bytes: number): Kernel => {
  const initial = Math.ceil((firstFree + bytes) / pageBytes)
  const open = closed?.deref()
  if (open?.bytes.length === initial * pageBytes) {
    closed = undefined
    return open
  }
  const memory = new WebAssembly.Memory({ initial })
  compiled ??= new WebAssembly.Module(assemble([copyText, murmur128, xxh3]))
  const { exports } = new WebAssembly.Instance(compiled, { js: { memory } })
  const all = new Uint8Array(memory.buffer)
  for (const [letter, byte] of Object.entries(escapes)) all[escapesAddress + letter.charCodeAt(0)] = byte
  all.set(secret, secretAddress)
  new Float64Array(memory.buffer, powersAddress, exactDigits + 1).set(
    Array.from({ length: exactDigits + 1 }, (_, i) => 10 ** i)
  )
  // what was just assembled
  const routines = exports as Omit<Kernel, "bytes" | "results" | "slots" | "rowReader">
  const readers = new WeakMap<object, RowReader>()
  const rowReader: Kernel["rowReader"] = (shape) => {
    const module = rowModule(shape)
    if (module === undefined) return undefined
    const known = readers.get(module)
    if (known !== undefined) return known
    const { exports: made } = new WebAssembly.Instance(module, { js: { memory } })
    const { readRow: reader } = made as { readonly readRow: RowReader } // what was just assembled
    readers.set(module, reader)
    return reader
  }
  const kernel = {
    ...routines,
    bytes: all,
    results: new Int32Array(memory.buffer, 0, resultWords),
    slots: new Int32Array(memory.buffer, slotsAddress, mostSlots),
    rowReader
  }
  kernels.set(memory.buffer, kernel)
  return kernel
}

/** Leaves a kernel to the next that opens one of its size: new memory of hundreds of megabytes makes the collector run. */
export const closeKernel = (kernel: Kernel): void => {
  closed = new WeakRef(kernel)
}

/** The kernel in whose memory bytes lie, if they lie in one's. */
export const kernelOver = ({ buffer }: ArrayBufferView): Kernel | undefined => kernels.get(buffer)
