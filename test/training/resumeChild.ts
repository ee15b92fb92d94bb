import { Effect } from "effect"
import { train, type TrainRequest } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"

/**
 * A training run in a process of its own, that can be killed: the request is the first argument, as JSON. Prints each step.
 */
const [, , text = ""] = process.argv
const request = JSON.parse(text) as Omit<TrainRequest, "onStep"> // as: written by the test that starts this process

const run = train({
  ...request,
  onStep: ({ step }) => Effect.sync(() => void process.stdout.write(`${step}\n`))
})
await Effect.runPromise(run.pipe(Effect.provide(Services), Effect.scoped))
