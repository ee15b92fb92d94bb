import { Console, Effect, Stdio, Terminal } from "effect"
import type { CacheFormatName, WeightFormatName } from "../../../schemas/mod.ts"
import { converse } from "../chat/converse.ts"
import { readLines } from "../chat/readLines.ts"
import type { TalkOptions } from "../chat/Talk.ts"
import { untilInterrupted } from "../chat/untilInterrupted.ts"
import { BadInput } from "../BadInput.ts"
import type { EngineOptions } from "../Engine.ts"
import { badInput } from "./readExamples.ts"

/** The model that answers, and how it is kept. */
interface ChatModel {
  readonly model: string
  readonly weights?: WeightFormatName
  readonly cache?: CacheFormatName
}

/**
 * Talks with a model until the last line or /exit; answers are on stdout, everything else on stderr.
 *
 * Fails    BadInput when the model cannot be opened or has no chat template; RuntimeError when the device does not start.
 */
export const chat = Effect.fn("chat")(function* (options: TalkOptions & EngineOptions & ChatModel) {
  const { cache, device, model, threads, weights } = options
  const { openRollout } = yield* Effect.promise(() => import("../../sampler/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const { display } = yield* Terminal.Terminal
  const write = (text: string) => Effect.orDie(display(text))
  const isTerminal = yield* (yield* Stdio.Stdio).stdinIsTerminal
  const run = Effect.gen(function* () {
    const rollout = yield* badInput(openRollout(model, { slots: 1, weights, cache }))
    if (rollout.tokenizer.chatTemplate === undefined) {
      const wanted = '"chat_template" in tokenizer_config.json or a file chat_template.jinja'
      return yield* new BadInput({ message: `Cannot chat with "${model}": found no chat template, wanted ${wanted}` })
    }
    const next = yield* readLines("> ")
    if (isTerminal) yield* Console.error('Ctrl-C stops an answer, and again ends; "/help" lists commands')
    yield* converse({ rollout, next, write, note: Console.error, stop: untilInterrupted }, options)
  }).pipe(Effect.scoped)
  yield* Effect.provide(run, OnnxRuntime.layer({ device, threads }))
})
