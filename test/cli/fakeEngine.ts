import { closeSync, openSync, writeSync } from "node:fs"
import { Console, Effect } from "effect"
import { fakeTrainers } from "../pipeline/fakeTrainers.ts"

const fill = (path: string) => {
  const file = openSync(path, "w")
  try {
    for (;;) writeSync(file, Buffer.alloc(4096))
  } catch {
    closeSync(file) // the disk is full now
  }
}

/** An engine that has no models: the stage or phase `slow` takes a minute, and at `full` the file `filler` takes all space of its disk. */
export const fakeEngine = (
  at: {
    readonly slow?: string | undefined
    readonly full?: string | undefined
    readonly filler?: string | undefined
  } = {}
) => {
  const before = (what: string) => {
    if (what === at.full) fill(at.filler ?? "")
    return what === at.slow ? Effect.andThen(Console.error(`slow: ${what}`), Effect.sleep("1 minute")) : Effect.void
  }
  return () => fakeTrainers(before)
}
