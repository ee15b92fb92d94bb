// The command with an engine that has no models: a stage or phase named by SLOW takes a minute, so that a test can stop it there.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect } from "effect"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"
import { fakeTrainers } from "../pipeline/fakeTrainers.ts"

const before = (what: string) =>
  what === process.env["SLOW"] ? Effect.andThen(Console.error(`slow: ${what}`), Effect.sleep("1 minute")) : Effect.void

prefloop(process.argv.slice(2)).pipe(
  Effect.provideService(Engine, () => fakeTrainers(before)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
