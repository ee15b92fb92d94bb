import { decode } from "./decode.ts"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { OnnxRuntime } from "../src/runtime/mod.ts"
decode([16]).pipe(
  Effect.tap((rows) => Effect.sync(() => console.log(JSON.stringify(rows)))),
  Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
