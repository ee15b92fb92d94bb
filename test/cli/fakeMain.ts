// The command with an engine that has no models: a test can stop it in the stage or phase that SLOW names.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"
import { fakeEngine } from "./fakeEngine.ts"

prefloop(process.argv.slice(2)).pipe(
  Effect.provideService(Engine, fakeEngine({ slow: process.env["SLOW"] })),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
