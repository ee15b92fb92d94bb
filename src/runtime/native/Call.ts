import koffi, { type LibraryHandle } from "koffi"

/** Bytes of stack for a call; kernels of the WebGPU provider need more than 256 KiB. */
const stackBytes = 8 << 20

/** Where a C function lies and its C types: all that a thread needs to call it. */
export interface Call {
  readonly address: bigint
  readonly result: string
  readonly parameters: ReadonlyArray<string>
}

/** Opens a library with a stack for the calls of this thread: koffi makes it with the first library, and crashes a call without one. */
export const openLibrary = (path: string): LibraryHandle => {
  const config = koffi.config()
  if (config.sync_stack_size !== stackBytes) {
    koffi.config({ ...config, async_stack_size: stackBytes, sync_stack_size: stackBytes })
  }
  return koffi.load(path)
}

/** The function as JavaScript calls it. */
export const bindCall = ({ address, parameters, result }: Call) =>
  koffi.decode(address, koffi.proto(result, [...parameters]))
