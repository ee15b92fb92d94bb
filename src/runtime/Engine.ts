import type { Semaphore } from "effect"
import type { Device, DeviceRow } from "./Device.ts"
import type { Handle } from "./native/Handle.ts"
import type { RunThread } from "./native/RunThread.ts"

/** What tensors and sessions are made with; it never leaves this folder. */
export interface Engine {
  readonly device: Device
  readonly row: DeviceRow
  readonly environment: Handle
  readonly hostMemory: Handle
  readonly thread: RunThread
  /** Native calls on other threads: libuv has four of them, shared with files and name lookup. */
  readonly gate: Semaphore.Semaphore
}
