import { Effect, Stdio, Stream } from "effect"
import type { LearnedTurns, LengthPolicy } from "../../../schemas/mod.ts"
import type { Checkpoint } from "../../checkpoint/mod.ts"
import type { Sequence } from "../../model/mod.ts"
import type { Encoded, Example } from "../../training/mod.ts"
import { BadInput } from "../BadInput.ts"
import type { EngineOptions } from "../Engine.ts"
import { badInput, type ExamplesOptions, readExamples } from "./readExamples.ts"

export interface LogprobsOptions extends ExamplesOptions, EngineOptions {
  readonly model: string
  readonly maxTokens: number | undefined
  readonly lengthPolicy: LengthPolicy
  readonly turns: LearnedTurns
  readonly afterEnd: "leave" | "learn"
  readonly batchSize: number | undefined
}

/** One response that is asked about. */
interface Asked {
  readonly row: number
  readonly promptId: string
  readonly which: string
  readonly sequence: Sequence
}

/** Batches between two writes: enough that those of a like length come together. */
const batchesAtOnce = 8

/** The responses as training sees them, and how many rows it would leave out, by the rule. */
const encodeRows = Effect.fnUntraced(function* (
  options: LogprobsOptions,
  { config, tokenizer }: Checkpoint,
  rows: { readonly names: (example: Encoded) => ReadonlyArray<string>; readonly examples: ReadonlyArray<Example> }
) {
  const { encodeAll } = yield* Effect.promise(() => import("../../training/encoding/mod.ts"))
  const maxTokens = Math.min(options.maxTokens ?? config.max_position_embeddings, config.max_position_embeddings)
  const { afterEnd, lengthPolicy, turns } = options
  const asked: Array<Asked> = []
  const dropped: Record<string, number> = {}
  for (const [row, example] of rows.examples.entries()) {
    const { audit, encoded, problems } = encodeAll([example], {
      tokenizer,
      maxTokens,
      lengthPolicy,
      turns,
      afterEnd
    })
    const [problem] = problems
    if (problem)
      return yield* new BadInput({ message: `Cannot read row ${row} of "${options.data}": ${problem.message}` })
    for (const rule of Object.keys(audit.dropped)) dropped[rule] = (dropped[rule] ?? 0) + 1
    for (const found of encoded) {
      const { promptId, sequences } = found
      const names = rows.names(found)
      sequences.forEach((sequence, i) => asked.push({ row, promptId, which: names[i] ?? "response", sequence }))
    }
  }
  return { asked, dropped }
})

/**
 * Prints log π of every response of a file, in the order of its rows, as soon as it is known.
 *
 * Units    Nats, summed over what is learned of a response; `tokens` in tokens; `row` counts from 0.
 * Fails    BadInput, CheckpointError, ModelError, RuntimeError.
 */
export const logprobs = Effect.fn("logprobs")(function* (options: LogprobsOptions) {
  const { openCheckpoint } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { openLogProbabilities } = yield* Effect.promise(() => import("../../scorer/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const { learnedCount } = yield* Effect.promise(() => import("../../model/mod.ts"))
  const { stdout, stderr } = yield* Stdio.Stdio
  const { batchSize = 16, data, device, threads } = options
  const checkpoint = yield* badInput(openCheckpoint(options.model, "causal"))
  const { asked, dropped } = yield* encodeRows(options, checkpoint, yield* readExamples(options))
  const longest = asked.reduce((length, { sequence }) => Math.max(length, sequence.ids.length), 1)
  const print = Effect.gen(function* () {
    const score = yield* openLogProbabilities(checkpoint, longest)
    const lines = Stream.fromIterable(asked).pipe(
      Stream.grouped(batchSize * batchesAtOnce),
      Stream.mapEffect((group) =>
        Effect.map(
          score(
            group.map(({ sequence }) => sequence),
            { batchSize }
          ),
          (logps) =>
            group.map(({ sequence, ...place }, i) =>
              JSON.stringify({ ...place, tokens: learnedCount(sequence), logp: logps[i] })
            )
        )
      ),
      Stream.map((group) => `${group.join("\n")}\n`)
    )
    yield* Stream.run(lines, stdout({ endOnDone: false }))
  })
  yield* print.pipe(Effect.scoped, Effect.provide(OnnxRuntime.layer({ device, threads })))
  const left = Object.entries(dropped).map(([rule, n]) => `${n} ${rule}`)
  if (left.length === 0) return
  const warning = `Warning: left out rows of "${data}" that training leaves out: ${left.join(", ")}\n`
  yield* Stream.make(warning).pipe(Stream.run(stderr({ endOnDone: false })))
})
