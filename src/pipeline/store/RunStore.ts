import { Cause, Clock, Context, Effect, Exit, FileSystem, Layer, Option, Path, Ref, Schema, type Scope } from "effect"
import type { Metrics } from "../../../schemas/mod.ts"
import { type OpenSink, openSinks, type PhaseStart, readMetrics, sinks } from "../../telemetry/mod.ts"
import { FolderForeign, PipelineError } from "../errors.ts"
import { Progress } from "../Progress.ts"
import type { Carrier } from "./carriers.ts"
import { publish, writeDurably } from "./durable.ts"
import { differences, type Lineage, lineageHash } from "./Lineage.ts"
import { lockFolder } from "./lock.ts"
import { RunState } from "./RunState.ts"
import { storeError } from "./storeError.ts"

/** A file or folder of the run: where it lies, the hash of what made it, and how long that took. */
export interface Artefact {
  readonly path: string
  readonly hash: string
  /** Seconds. */
  readonly seconds: number
}

/** How an artefact is made: `make` writes it whole under the temporary path it is given. */
export interface Recipe<E, R> {
  /** Path in the run folder. */
  readonly name: string
  readonly carrier: Carrier
  readonly lineage: Lineage
  readonly make: (temporary: string, lineage: Lineage) => Effect.Effect<void, E, R>
}

type Described = Omit<RunState, "state" | "artefacts">

interface Opened {
  readonly folder: string
  readonly fresh: boolean
  readonly run: Described
  readonly sinks?: ReadonlyArray<OpenSink>
}

/**
 * The folder of one run. An artefact is made once; a later run with the same lineage finds it, one with another makes it again.
 *
 * Fails    PipelineError: StoreFailed.
 */
export class RunStore extends Context.Service<
  RunStore,
  {
    readonly folder: string
    readonly artefact: <E, R>(recipe: Recipe<E, R>) => Effect.Effect<Artefact, E | PipelineError, R>
    readonly write: (name: string, text: string) => Effect.Effect<void, PipelineError>
    /** The measures of the steps up to `after` stand: they are given back; those beyond it are forgotten. */
    readonly beginPhase: (start: PhaseStart) => Effect.Effect<ReadonlyArray<Metrics>, PipelineError>
    readonly appendMetrics: (metrics: Metrics) => Effect.Effect<void, PipelineError>
  }
>()("prefloop/pipeline/RunStore") {
  /**
   * Opens a run folder, alone: creates it, or continues what lies there (`fresh` removes that first). The measures of
   * training go to `sinks`, by default `metrics.jsonl`.
   *
   * Fails    PipelineError: FolderLocked, FolderForeign, StoreFailed.
   */
  static readonly layer = (options: Opened) => Layer.effect(RunStore, open(options))
}

const decodeState = Schema.decodeUnknownOption(Schema.fromJsonString(RunState))

const endState = (exit: Exit.Exit<unknown, unknown>): RunState["state"] => {
  if (Exit.isSuccess(exit)) return "complete"
  return Cause.hasInterrupts(exit.cause) ? "interrupted" : "failed"
}

/** Removes what a killed process left half written. */
const sweep = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* files.readDirectory(folder, { recursive: true })
  const halves = names.filter((name) => /\.(part|tmp)$/.test(name) && !path.basename(name).startsWith("lock."))
  yield* Effect.forEach(halves, (name) => files.remove(path.join(folder, name), { recursive: true, force: true }))
})

const enter = Effect.fnUntraced(function* (folder: string, fresh: boolean) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* files.makeDirectory(folder, { recursive: true })
  const names = yield* files.readDirectory(folder)
  const foreign = names.find((name) => !name.startsWith("lock"))
  if (foreign !== undefined && !names.includes("run.json")) {
    const reason = new FolderForeign({ found: `"${foreign}" and no "run.json"` })
    return yield* new PipelineError({ action: "use the run folder", what: folder, reason })
  }
  yield* lockFolder(folder)
  if (fresh) {
    const old = names.filter((name) => !name.startsWith("lock"))
    yield* Effect.forEach(old, (name) => files.remove(path.join(folder, name), { recursive: true, force: true }))
  }
  yield* sweep(folder)
  const text = yield* Effect.option(files.readFileString(path.join(folder, "run.json")))
  return Option.flatMap(text, decodeState)
})

type Surroundings = FileSystem.FileSystem | Path.Path | Scope.Scope

const open = Effect.fnUntraced(function* (options: Opened) {
  const { folder, run } = options
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const progress = yield* Progress
  const context = yield* Effect.context<Surroundings>()
  const stored = <A, E>(effect: Effect.Effect<A, E, Surroundings>) =>
    effect.pipe(Effect.mapError(storeError(folder)), Effect.provideContext(context))
  const inFolder = (name: string) => path.join(folder, name)
  const earlier = yield* Effect.mapError(enter(folder, options.fresh), storeError(folder))
  const artefacts = Option.match(earlier, { onNone: () => ({}), onSome: (found) => found.artefacts })
  const made = Object.keys(artefacts).length
  if (made > 0) yield* progress.note(`Continuing in "${folder}": ${made} files and checkpoints are there`)
  const state = yield* Ref.make<RunState>({ ...run, state: "running", artefacts })
  const save = Effect.fnUntraced(function* (change: (old: RunState) => RunState) {
    const fresh = yield* Ref.updateAndGet(state, change)
    yield* writeDurably(inFolder("run.json"), `${JSON.stringify(fresh, undefined, 2)}\n`)
  })
  yield* stored(save((old) => old))
  yield* Effect.addFinalizer((exit) => Effect.ignore(stored(save((old) => ({ ...old, state: endState(exit) })))))
  const sink = yield* stored(openSinks(options.sinks ?? [sinks.jsonLines])(folder))

  const artefact = Effect.fn("RunStore.artefact")(function* <E, R>(recipe: Recipe<E, R>) {
    const { carrier, lineage, name } = recipe
    const final = inFolder(name)
    const hash = lineageHash(lineage)
    const carried = yield* stored(carrier.read(final))
    if (Option.isSome(carried) && lineageHash(carried.value) === hash) {
      const known = (yield* Ref.get(state)).artefacts[name]
      return { path: final, hash, seconds: known?.seconds ?? 0 }
    }
    if (Option.isSome(carried)) {
      yield* progress.note(`Making ${name} again: ${differences(carried.value, lineage).join("; ")}`)
    }
    const temporary = `${final}.part`
    yield* stored(
      Effect.andThen(
        files.remove(final, { recursive: true, force: true }),
        files.makeDirectory(path.dirname(final), { recursive: true })
      )
    )
    const started = yield* Clock.currentTimeMillis
    const half = Effect.ignore(files.remove(temporary, { recursive: true, force: true }))
    yield* recipe.make(temporary, lineage).pipe(
      Effect.andThen(stored(Effect.andThen(carrier.seal(temporary, lineage), publish(temporary, final)))),
      Effect.onError(() => half)
    )
    const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
    yield* stored(save((old) => ({ ...old, artefacts: { ...old.artefacts, [name]: { hash, seconds } } })))
    return { path: final, hash, seconds }
  })

  return RunStore.of({
    folder,
    artefact,
    write: (name, text) => stored(writeDurably(inFolder(name), text)),
    beginPhase: (start) => stored(Effect.andThen(sink.begin(start), readMetrics(folder, start.phase))),
    appendMetrics: (metrics) => stored(sink.write(metrics))
  })
})
