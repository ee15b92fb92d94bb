import { Effect, Stream } from "effect"
import { Prompt } from "../../../schemas/mod.ts"
import { fromRows, readArrow, writeArrow } from "../../arrow/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { foundTexts } from "../data/mod.ts"
import { Progress } from "../Progress.ts"
import { arrowMetadata, carriers } from "../store/carriers.ts"
import { RunStore } from "../store/RunStore.ts"
import { promptSlice } from "./promptSlice.ts"

/** What of a pipeline says which prompts an iteration asks. */
type Asked = {
  readonly file: Pick<CheckedPipeline["file"], "batchSizes" | "iterations" | "prompts" | "seed">
  readonly prompts: CheckedPipeline["prompts"]
}

/** The prompts of all iterations, in the order of the draw: the source is read once for all of them. */
const drawn = Effect.fnUntraced(function* ({ file, prompts }: Asked) {
  const store = yield* RunStore
  const { iterations, seed } = file
  const { perIteration } = file.prompts
  const { places } = promptSlice(prompts.length, { perIteration: iterations * perIteration, seed, iteration: 1 })
  return yield* store.artefact({
    name: "prompts.arrow",
    carrier: carriers.arrow,
    lineage: {
      settings: { perIteration, seed, iterations },
      inputs: { prompts: prompts.hash },
      sources: foundTexts(prompts.found)
    },
    make: (temporary, lineage) =>
      prompts.pick(places, `${temporary}.rows.tmp`).pipe(
        Stream.grouped(file.batchSizes.stage),
        Stream.map((rows) => fromRows(Prompt, rows)),
        writeArrow(temporary, Prompt, arrowMetadata(lineage))
      )
  })
})

/** The rows of a file from the `first` one on; batches before it are not decoded. */
const rowsFrom = (path: string, first: number) =>
  readArrow(path, Prompt, { rows: "trusted" }).pipe(
    Stream.mapAccum(
      () => first,
      (left, batch): readonly [number, ReadonlyArray<Prompt>] => [
        Math.max(0, left - batch.length),
        left >= batch.length ? [] : batch.rows.slice(left)
      ]
    )
  )

/** The prompts that one iteration asks, as a file of the run, and how many they are. */
export const promptFile = Effect.fn("promptFile")(function* (pipeline: Asked, iteration: number) {
  const { file, prompts } = pipeline
  const store = yield* RunStore
  const progress = yield* Progress
  const { perIteration } = file.prompts
  const { places, repeats } = promptSlice(prompts.length, { perIteration, seed: file.seed, iteration })
  const rows = places.length
  const artefact = yield* store.artefact({
    name: `iteration-${iteration}/0-prompts.arrow`,
    carrier: carriers.arrow,
    lineage: {
      settings: { perIteration, seed: file.seed, iteration },
      inputs: { prompts: prompts.hash },
      sources: foundTexts(prompts.found)
    },
    make: Effect.fnUntraced(function* (temporary, lineage) {
      if (repeats) {
        yield* progress.warn(
          `Iteration ${iteration} asks prompts again: found ${prompts.length} prompts, wanted ${perIteration} new ones in each of ${file.iterations} iterations`
        )
      }
      const { path } = yield* drawn(pipeline)
      const first = ((iteration - 1) * rows) % prompts.length
      yield* Stream.concat(rowsFrom(path, first), rowsFrom(path, 0)).pipe(
        Stream.take(rows),
        Stream.grouped(file.batchSizes.stage),
        Stream.map((group) => fromRows(Prompt, group)),
        writeArrow(temporary, Prompt, arrowMetadata(lineage))
      )
    })
  })
  return { artefact, rows }
})
