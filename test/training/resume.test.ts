import { spawn } from "node:child_process"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { chooseLoss } from "../../src/loss/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { train, type TrainRequest } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { model, preferences, request } from "./request.ts"

/** Moments at which a run is killed, as shares of the time that a whole one takes; the last run is left alone. */
const moments = (seed: number) => Array.from({ length: 3 }, (_, i) => uniform(key("kill", seed), i))

/** Runs a request in another process; gives whether it ended by itself, and the steps that it printed. */
const runChild = (made: TrainRequest, killAfter: number | undefined) =>
  Effect.callback<{ readonly ended: boolean; readonly steps: ReadonlyArray<number>; readonly seconds: number }>(
    (resume) => {
      const { onStep: _, ...data } = made
      const started = performance.now()
      const child = spawn(process.execPath, ["test/training/resumeChild.ts", JSON.stringify(data)])
      let said = ""
      let first = 0
      let timer: NodeJS.Timeout | undefined
      child.stdout.on("data", (text: Buffer) => {
        said += text.toString()
        // the first step is the beginning: opening the model takes longer than all steps
        if (first > 0) return
        first = performance.now()
        if (killAfter !== undefined) timer = setTimeout(() => child.kill("SIGKILL"), killAfter)
      })
      child.on("exit", (code) => {
        clearTimeout(timer)
        const steps = said.split("\n").flatMap((line) => (line === "" ? [] : [Number(line)]))
        resume(Effect.succeed({ ended: code === 0, steps, seconds: (performance.now() - (first || started)) / 1000 }))
      })
    }
  )

const ways: ReadonlyArray<readonly [string, string, Partial<TrainRequest>]> = [
  ["dpo with adamW", "model.safetensors", {}],
  [
    "dpo with rmsProp, the best weights on held-out pairs kept",
    "model.safetensors",
    {
      optimizer: { rmsProp: { learningRate: 1e-2, alpha: 0.9, momentum: 0.5, epsilon: 1e-8, weightDecay: 0.1 } },
      heldOut: { examples: preferences.slice(7), every: 2 },
      examples: preferences.slice(0, 7)
    }
  ],
  [
    "kto with lion",
    "model.safetensors",
    {
      objective: chooseLoss("kto", {}),
      optimizer: { lion: { learningRate: 1e-3, beta1: 0.9, beta2: 0.99, weightDecay: 0.1 } }
    }
  ],
  [
    "dpo with an adapter",
    "adapter_model.safetensors",
    { lora: { rank: 4, alpha: 8, rankStabilized: false, targets: "all", merge: false } }
  ]
]

layer(Services)("a run that is killed and started again", (it) => {
  ways.forEach(([name, file, given], seed) => {
    it.effect(`of ${name} ends with the bytes of one that was not`, () =>
      Effect.gen(function* () {
        const { fs, path, into, made } = yield* request
        const folder = path.dirname(into)
        const whole: TrainRequest = { ...made, ...given, epochs: 8, into: path.join(folder, "whole") }
        const wanted = yield* train(whole)
        const state = path.join(folder, "state.safetensors")
        const pieces: TrainRequest = { ...whole, into, resume: { file: state, every: 1, foreign: "error" } }
        const { seconds } = yield* runChild(
          {
            ...pieces,
            into: path.join(folder, "timed"),
            resume: { file: path.join(folder, "timed.safetensors"), every: 1, foreign: "error" }
          },
          undefined
        )
        const bytes = (from: string) =>
          Effect.map(fs.readFile(path.join(from, file)), (data) => Buffer.from(data).toString("base64"))
        const seen: Array<ReadonlyArray<number>> = []
        for (const moment of moments(seed)) {
          const { ended, steps } = yield* runChild(pieces, 1000 * seconds * moment)
          seen.push(steps)
          if (ended) break
          // a kill may come between the finished model and the end of the process; nothing unfinished has its name
          if (yield* fs.exists(into)) assert.strictEqual(yield* bytes(into), yield* bytes(whole.into))
        }
        // the last piece needs no process of its own: what it goes on from is in the state alone
        const rest: Array<number> = []
        yield* train({ ...pieces, onStep: ({ step }) => Effect.sync(() => void rest.push(step)) })
        assert.strictEqual(yield* bytes(into), yield* bytes(whole.into))
        assert.strictEqual(yield* bytes(path.join(folder, "timed")), yield* bytes(whole.into))
        assert.isFalse(yield* fs.exists(state))
        assert.strictEqual([...seen.flat(), ...rest].at(-1), wanted.steps)
      })
    )
  })

  it.effect("at every step of a write: a state that is half written does not count", () =>
    Effect.gen(function* () {
      const { fs, path, into, made } = yield* request
      const folder = path.dirname(into)
      const state = path.join(folder, "state.safetensors")
      const whole = { ...made, into: path.join(folder, "whole") }
      yield* train(whole)
      const resume = { file: state, every: 1, foreign: "error" } as const
      // what a kill in the middle of a write leaves: a part under the temporary name, and the state before
      const stopped = train({
        ...made,
        into,
        resume,
        onStep: ({ step }) => (step === 4 ? Effect.die("stopped") : Effect.void)
      })
      yield* Effect.exit(stopped)
      const kept = yield* fs.readFile(state)
      yield* fs.writeFile(`${state}.tmp`, kept.subarray(0, kept.length >> 1))
      const taken: Array<number> = []
      yield* train({ ...made, into, resume, onResume: (step) => Effect.sync(() => void taken.push(step)) })
      assert.deepStrictEqual(taken, [3])
      const bytes = (from: string) =>
        Effect.map(fs.readFile(path.join(from, "model.safetensors")), (data) => Buffer.from(data).toString("base64"))
      assert.strictEqual(yield* bytes(into), yield* bytes(whole.into))
    })
  )

  it.effect("refuses a state of other data or settings, or begins again when told to", () =>
    Effect.gen(function* () {
      const { fs, path, into, made } = yield* request
      const state = path.join(path.dirname(into), "state.safetensors")
      const resume = { file: state, every: 1, foreign: "error" } as const
      const stop = {
        ...made,
        resume,
        onStep: ({ step }: { readonly step: number }) => (step === 2 ? Effect.die("stopped") : Effect.void)
      }
      yield* Effect.exit(train(stop))
      const message = `Cannot train from "${model}": "${state}" holds step 1 of a run with other data or settings; use those, or remove the file to begin again`
      const others: ReadonlyArray<Partial<TrainRequest>> = [
        { seed: 4 },
        { maxGradientNorm: 2 },
        { examples: preferences.slice(1) },
        { examples: Array.from(preferences, (each) => ({ ...each, margin: 2 })) },
        {
          examples: Array.from(preferences, ({ chosen, rejected, ...rest }) => ({
            ...rest,
            chosen: rejected,
            rejected: chosen
          }))
        }
      ]
      for (const other of others) {
        assert.strictEqual((yield* Effect.flip(train({ ...made, resume, ...other }))).message, message)
        assert.isFalse(yield* fs.exists(into))
      }
      const taken: Array<number> = []
      const again = { ...made, seed: 4, resume: { ...resume, foreign: "discard" as const } }
      const { steps } = yield* train({ ...again, onResume: (step) => Effect.sync(() => void taken.push(step)) })
      assert.deepStrictEqual([steps, taken], [6, []])
    })
  )
})
