import { Effect, Layer, Ref } from "effect"
import { Progress, runPipeline, RunStore } from "../../src/pipeline/mod.ts"
import { fakeTrainers } from "./fakeTrainers.ts"
import { checkText } from "./small.ts"

/** What the page is told of the pair that it shows. */
interface State {
  readonly pair?: { readonly pairId: string; readonly upper: string; readonly lower: string }
}

/** A verdict that was asked for, and given. */
export interface Given {
  readonly annotator: string
  readonly pairId: string
}

/** How often a person who has nothing to judge looks again. Units: milliseconds. */
const pause = 2

const say = async (url: string, path: string, signal: AbortSignal, body?: unknown): Promise<State> => {
  const headers = { origin: new URL(url).origin, "content-type": "application/json" }
  const asked = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) }
  const response = await fetch(`${url}${path}`, { ...asked, signal })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as State // as: what the page is told
}

/** What the page shows; nothing once the run has ended and its page is closed, which may be before its persons hear of it. */
const look = (url: string, annotator: string, signal: AbortSignal): Promise<State> =>
  say(url, `state?annotator=${annotator}`, signal).catch((error: unknown) => {
    if (error instanceof TypeError && error.message === "fetch failed") return {}
    throw error
  })

const longer = (upper: string, lower: string) =>
  upper.length === lower.length ? "tie" : upper.length > lower.length ? "upper" : "lower"

/** A person who finds the longer response better, and goes home when nobody may give a verdict any more. */
const work = (options: {
  readonly annotator: string
  readonly page: () => string | undefined
  readonly given: Array<Given>
  readonly most: number
}) =>
  Effect.promise(async (signal) => {
    const { annotator, given, most, page } = options
    while (given.length < most && !signal.aborted) {
      const url = page()
      const { pair } = url === undefined ? {} : await look(url, annotator, signal)
      if (url === undefined || pair === undefined) await new Promise((resolve) => setTimeout(resolve, pause))
      else if (given.length < most) {
        const { lower, pairId, upper } = pair
        given.push({ annotator, pairId })
        await say(url, "verdict", signal, { annotator, pairId, choice: longer(upper, lower) })
      }
    }
  })

/** The address in a line that says where pairs wait. */
const addressIn = (line: string): string | undefined => /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//.exec(line)?.[0]

/**
 * One command `prefloop run` with fakes for models, while some persons are at its page: what they were asked, what the run said,
 * and its results; none where it was stopped, which it is after `most` verdicts.
 */
export const runWithPersons = Effect.fnUntraced(function* (options: {
  readonly folder: string
  readonly text: string
  readonly present: ReadonlyArray<string>
  readonly most?: number
}) {
  const { folder, most = Number.POSITIVE_INFINITY, present, text } = options
  const said = yield* Ref.make<ReadonlyArray<string>>([])
  const given: Array<Given> = []
  let url: string | undefined
  const add = (line: string) => {
    url ??= addressIn(line)
    return Ref.update(said, (before) => [...before, line])
  }
  const listening = Layer.succeed(
    Progress,
    Progress.of({ phase: () => Effect.succeed(() => Effect.void), note: add, warn: add })
  )
  const checked = yield* checkText(text)
  const described = { name: "small", seed: 0, versions: {}, pipelineFile: "small.yaml", pipeline: checked.file }
  const store = RunStore.layer({ folder, fresh: false, run: described }).pipe(Layer.provideMerge(listening))
  const running = Effect.provide(runPipeline(checked), Layer.merge(store, fakeTrainers()))
  const persons = Effect.forEach(present, (annotator) => work({ annotator, page: () => url, given, most }), {
    concurrency: present.length
  })
  const stopping = most === Number.POSITIVE_INFINITY ? Effect.andThen(persons, Effect.never) : Effect.asVoid(persons)
  const results = yield* Effect.raceFirst(running, stopping)
  return { given, said: yield* Ref.get(said), results: results ?? undefined }
})
