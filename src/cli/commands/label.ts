import type { CacheFormatName, Prompt, WeightFormatName } from "../../../schemas/mod.ts"
import { Console, Effect, Layer } from "effect"
import type { Desk } from "../../judge/person/mod.ts"
import { BadInput } from "../BadInput.ts"
import type { EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, type SourceOptions } from "./openSource.ts"
import { agreementLine } from "./preferences.ts"
import { badInput } from "./readExamples.ts"

export interface LabelOptions extends EngineOptions {
  readonly pairs: string | undefined
  readonly prompts: string | undefined
  readonly policy: string | undefined
  readonly format: string | undefined
  readonly annotator: ReadonlyArray<string>
  readonly out: string
  readonly port: number
  readonly perPrompt: number | undefined
  readonly limit: number | undefined
  readonly temperature: number
  readonly maxNewTokens: number | undefined
  readonly weights: WeightFormatName
  readonly cache?: CacheFormatName
  readonly seed: number
  readonly json: boolean
}

/** Prompts answered together, so that the first pairs are there soon. */
const promptsAtOnce = 8

const room = Effect.promise(() => import("../../judge/person/mod.ts"))

/** Puts the pairs of a file on the desk. Fails: BadInput. */
const askFile = Effect.fnUntraced(function* (desk: Desk, file: string, options: LabelOptions) {
  const { readPairs } = yield* room
  const { perPrompt = 1, seed } = options
  const { dropped, pairs, rows } = yield* badInput(readPairs(file, { seed, perPrompt }))
  if (pairs.length === 0) {
    const message = `Cannot label "${file}": found no pair in ${rows} rows, wanted two responses that differ`
    return yield* new BadInput({ message })
  }
  const left = Object.entries({ "without two that differ": dropped.identical, "too long to read": dropped.tooLong })
  const told = left.filter(([, n]) => n > 0).map(([why, n]) => `${n} ${why}`)
  if (told.length > 0) yield* Console.error(`Left out of "${file}": ${told.join(", ")}`)
  yield* desk.ask(pairs.slice(0, options.limit))
})

/** The prompts of a source, each once. Fails: BadInput. */
const readPrompts = Effect.fnUntraced(function* (path: string, options: SourceOptions) {
  const { indexPrompts } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { rows } = yield* openSource(path, options, ["prompts"])
  const prompts: Array<Prompt> = []
  yield* indexPrompts(path, rows, (prompt) => prompts.push(prompt) > 0)
  return prompts
}, dataBadInput)

/** Draws two answers to each prompt and puts them on the desk, a few prompts at a time. Fails: BadInput, SamplerError. */
const askPolicy = Effect.fnUntraced(function* (
  desk: Desk,
  options: LabelOptions & { readonly prompts: string; readonly policy: string }
) {
  const { pairsOfCandidates } = yield* room
  const { localPolicy, Policy } = yield* Effect.promise(() => import("../../sampler/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const { cache, device, format, limit, maxNewTokens = 256, seed, temperature, threads, weights } = options
  const prompts = yield* readPrompts(options.prompts, { format, limit })
  const runtime = OnnxRuntime.layer({ device, threads })
  const draw = Effect.gen(function* () {
    const policy = yield* Policy
    for (let i = 0; i < prompts.length; i += promptsAtOnce) {
      const request = { temperatures: [temperature], perTemperature: 2, maxNewTokens, seed, iteration: 1 }
      const rows = yield* policy.sample({ ...request, prompts: prompts.slice(i, i + promptsAtOnce) })
      yield* desk.ask(rows.flatMap(pairsOfCandidates({ seed, perPrompt: 1 })))
    }
  })
  const layer = Layer.provide(localPolicy(options.policy, { batchSize: 2 * promptsAtOnce, weights, cache }), runtime)
  yield* Effect.provide(draw, layer)
  const { pairs } = yield* desk.ledger
  if (pairs.length < prompts.length)
    yield* Console.error(`Left out ${prompts.length - pairs.length} prompts that the policy answered twice alike`)
})

/** What puts pairs on a desk: before the page opens, or while somebody judges. Fails: BadInput. */
const sourceOf = Effect.fnUntraced(function* (options: LabelOptions) {
  const { pairs, policy, prompts } = options
  if (pairs !== undefined && prompts === undefined && policy === undefined)
    return { before: (desk: Desk) => askFile(desk, pairs, options), meanwhile: () => Effect.void }
  if (pairs === undefined && prompts !== undefined && policy !== undefined)
    return { before: () => Effect.void, meanwhile: (desk: Desk) => askPolicy(desk, { ...options, prompts, policy }) }
  const given = Object.entries({ pairs, prompts, policy }).filter(([, value]) => value !== undefined)
  const found = given.length === 0 ? "none of them" : given.map(([flag]) => `--${flag}`).join(" and ")
  const message = `Cannot label: found ${found}, wanted --pairs, or --prompts with --policy`
  return yield* new BadInput({ message })
})

const summary = Effect.fnUntraced(function* (desk: Desk, options: LabelOptions) {
  const { annotatorAgreement } = yield* room
  const { judgements } = yield* desk.ledger
  const views = yield* Effect.forEach(desk.annotators, desk.view)
  const agreement = annotatorAgreement(judgements)
  const counts = views.map(({ annotator, done, total }) => ({ annotator, done, total }))
  if (options.json) {
    const found = agreement === undefined ? {} : { agreement }
    return yield* printJson({ event: "results", labels: options.out, verdicts: judgements.length, counts, ...found })
  }
  for (const { annotator, done, total } of counts) yield* Console.log(`${annotator} judged ${done} of ${total} pairs`)
  if (agreement !== undefined) yield* Console.log(agreementLine(agreement))
  yield* Console.log(`${judgements.length} verdicts are in "${options.out}"`)
})

/**
 * Puts pairs on a page until somebody there says that the work is over; every verdict is on the disk before the next pair
 * is shown.
 *
 * Fails    BadInput, PersonError, SamplerError; of a policy also what opening it fails with.
 */
export const label = Effect.fn("label")(function* (options: LabelOptions) {
  const source = yield* sourceOf(options)
  const { makeDesk, openLabels, servePage } = yield* room
  const annotators = [...new Set(options.annotator)]
  const labels = yield* badInput(openLabels(options.out))
  const desk = yield* makeDesk({ annotators, seed: options.seed, pairs: [], labels })
  yield* source.before(desk)
  const idle = "Nothing to judge now: all pairs that are here are judged"
  const url = yield* badInput(servePage(desk, { port: options.port, idle, closes: true }))
  yield* options.json
    ? printJson({ event: "page", url })
    : Console.error(`Open ${url} in a browser of this machine; Ctrl-C stops, and every verdict is saved`)
  yield* Effect.raceFirst(desk.finished, Effect.andThen(source.meanwhile(desk), Effect.never)).pipe(
    Effect.onInterrupt(() => Console.error(`Interrupted: run the same command again to go on with "${options.out}"`))
  )
  yield* summary(desk, options)
}, Effect.scoped)
