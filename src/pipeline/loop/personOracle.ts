import { Context, Effect, FileSystem, Layer, Path, type Scope } from "effect"
import { JudgeError, PersonsFailed, Preference } from "../../judge/mod.ts"
import type { Person } from "../file/Oracles.ts"
import { Progress } from "../Progress.ts"
import { hashValue } from "../store/hash.ts"
import { RunStore } from "../store/RunStore.ts"

/** Where the verdicts of a run are, in its folder. */
const labelsFile = "labels.arrow"

/**
 * Persons as the preference oracle of a run. Their page opens when they are first asked, and has one address until the scope
 * closes; the address and how many pairs wait are told whenever some come. Verdicts of all iterations lie in `labels.arrow` of
 * the run folder, so that a pair is asked once, whatever stopped the run.
 *
 * Domain   The hash is of who judges and what they are shown, not of what they say. Neither the order of the annotators nor
 *          the port is in it.
 * Fails    JudgeError when it is asked: PersonsFailed.
 */
export const personOracle = Effect.fnUntraced(function* (person: Person, runSeed: number) {
  const { annotators, port, seed = runSeed } = person
  const store = yield* RunStore
  const progress = yield* Progress
  const { join } = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path | Scope.Scope>()
  const persons = Effect.gen(function* () {
    const { personPreference } = yield* Effect.promise(() => import("../../judge/person/mod.ts"))
    return personPreference({
      annotators,
      labels: join(store.folder, labelsFile),
      seed,
      port,
      onPage: () => Effect.void,
      onWait: ({ url, waiting }) => {
        const who = waiting.map(({ annotator, pairs }) => `${pairs} for "${annotator}"`).join(", ")
        return progress.note(`Pairs wait to be judged, ${who}: open ${url} in a browser of this machine`)
      }
    })
  })
  const open = yield* Effect.cached(Layer.build(Layer.unwrap(persons)))
  const prefer: Preference["Service"]["prefer"] = (rows) =>
    open.pipe(
      Effect.mapError((cause) => new JudgeError({ reason: new PersonsFailed({ cause }) })),
      Effect.flatMap((opened) => Context.get(opened, Preference).prefer(rows)),
      Effect.provideContext(context)
    )
  const hash = hashValue({ person: { annotators: annotators.toSorted(), seed } })
  return { hash, layer: Layer.succeed(Preference, Preference.of({ prefer })) }
})
