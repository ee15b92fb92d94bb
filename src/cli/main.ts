import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Logger } from "effect"
import { prefloop } from "./prefloop.ts"

prefloop(process.argv.slice(2)).pipe(
  Effect.provideService(Logger.LogToStderr, true), // stdout is for results
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
