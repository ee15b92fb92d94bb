import { Clock, Effect, FileSystem, Path } from "effect"
import type { Metrics } from "../../schemas/mod.ts"
import { fileProblem } from "./errors.ts"
import { encodeEvent, type EventContent } from "./eventMessages.ts"
import type { OpenSink, PhaseStart } from "./MetricsSink.ts"
import { numbersOf } from "./numbersOf.ts"
import { tfRecord } from "./tfRecord.ts"

/** The tag of a measure as transformers names it, so that runs of both lie over each other. */
const tagOf = (name: string): string =>
  name.startsWith("eval_") ? `eval/${name.slice("eval_".length)}` : `train/${name}`

const summaryOf = (metrics: Metrics): EventContent => ({
  summary: { value: numbersOf(metrics).map(([name, simpleValue]) => ({ tag: tagOf(name), simpleValue })) }
})

/** One event as a record, at the time of the clock. */
const record = Effect.fnUntraced(function* (step: number, content: EventContent) {
  const wallTime = (yield* Clock.currentTimeMillis) / 1000
  return tfRecord(encodeEvent({ wallTime, step, ...content }))
})

/** A new file beside those of earlier attempts, in the order in which TensorBoard reads them. */
const nextFile = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* files.makeDirectory(folder, { recursive: true })
  const before = (yield* files.readDirectory(folder)).filter((name) => name.startsWith("events.out.tfevents."))
  const seconds = String(Math.floor((yield* Clock.currentTimeMillis) / 1000)).padStart(10, "0")
  return path.join(folder, `events.out.tfevents.${seconds}.prefloop.${String(before.length).padStart(4, "0")}`)
})

/**
 * `tensorboard/<phase>/`: an event file that TensorBoard shows, one event per optimizer step.
 *
 * Domain   Values are float32, as TensorBoard keeps scalars. A phase that goes on gets a second file, whose START tells
 *          TensorBoard which steps of the first are forgotten.
 * Fails    TelemetryError: FileFailed.
 */
export const tensorBoard: OpenSink = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const open = new Map<string, string>()
  const start = Effect.fnUntraced(
    function* ({ after, phase }: PhaseStart) {
      const file = yield* nextFile(path.join(folder, "tensorboard", phase))
      const version = yield* record(0, { fileVersion: "brain.Event:2" })
      const session = yield* record(after + 1, { sessionLog: { status: "START" } })
      yield* files.writeFile(file, Buffer.concat([version, session]))
      open.set(phase, file)
      return file
    },
    Effect.provideService(FileSystem.FileSystem, files),
    Effect.provideService(Path.Path, path)
  )
  return {
    begin: (phase) => Effect.mapError(start(phase), fileProblem(path.join(folder, "tensorboard", phase.phase))),
    write: Effect.fn("tensorBoard.write")(function* (metrics: Metrics) {
      const { phase, step } = metrics
      const problem = Effect.mapError(fileProblem(path.join(folder, "tensorboard", phase)))
      const file = open.get(phase) ?? (yield* problem(start({ phase, after: step - 1 })))
      yield* problem(files.writeFile(file, yield* record(step, summaryOf(metrics)), { flag: "a" }))
    })
  }
})
