// The command with an engine that has no models: a stage or phase named by SLOW takes a minute, so that a test can stop it
// there; at one named by FULL the file FILLER takes all space that is left on its disk.
import { closeSync, openSync, writeSync } from "node:fs"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect } from "effect"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"
import { fakeTrainers } from "../pipeline/fakeTrainers.ts"

const fill = (path: string) => {
  const file = openSync(path, "w")
  try {
    for (;;) writeSync(file, Buffer.alloc(4096))
  } catch {
    closeSync(file) // the disk is full now
  }
}

const before = (what: string) => {
  if (what === process.env["FULL"]) fill(process.env["FILLER"] ?? "")
  return what === process.env["SLOW"]
    ? Effect.andThen(Console.error(`slow: ${what}`), Effect.sleep("1 minute"))
    : Effect.void
}

prefloop(process.argv.slice(2)).pipe(
  Effect.provideService(Engine, () => fakeTrainers(before)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
