import { Effect } from "effect"
import { serialize } from "../graph/mod.ts"
import { layoutBlock, type Parameter, type SequenceModel } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import { blockFeeds } from "../scorer/mod.ts"
import type { Encoded, Measures, Objective } from "./objective/mod.ts"
import type { ParameterStore } from "./ParameterStore.ts"
import { accumulatorNames, stepGraph } from "./stepGraph.ts"

/** What one micro-batch gave: its share of the batch's loss, and sums of the measures over its examples. */
export interface StepResult {
  readonly loss: number
  readonly measures: Measures
  readonly tokens: number
}

/**
 * Forward and backward over one micro-batch: gradients are added into the store.
 *
 * Units    scale: one over what the whole batch counts (examples, or response tokens).
 * Fails    RuntimeError.
 */
export const makeStep = Effect.fnUntraced(function* (options: {
  readonly objective: Objective
  readonly model: SequenceModel
  readonly parameters: ReadonlyArray<Parameter>
  readonly store: ParameterStore
}) {
  const { objective, store } = options
  const runtime = yield* OnnxRuntime
  const { graph, reports } = stepGraph(objective, options.model, options.parameters)
  const session = yield* runtime.session({ name: "step", model: serialize(graph) })
  const fixedFeeds: Record<string, Tensor> = {}
  const fixedFetches: Record<string, Tensor> = {}
  for (const [name, value] of store.values) fixedFeeds[name] = value
  for (const [name, gradient] of store.gradients) {
    const names = accumulatorNames(name)
    fixedFeeds[names.input] = fixedFetches[names.output] = gradient
  }
  return Effect.fnUntraced(function* (examples: ReadonlyArray<Encoded>, scale: number) {
    const sequences = examples.flatMap((example) => example.sequences)
    const block = layoutBlock(examples.map((example) => example.sequences))
    const feeds: Record<string, Tensor> = {
      ...fixedFeeds,
      scale: yield* runtime.tensor(Float32Array.of(scale), [])
    }
    for (const [name, { data, shape }] of Object.entries({ ...blockFeeds(block), ...objective.feeds(block, examples) })) {
      feeds[name] = yield* runtime.tensor(data, shape)
    }
    const loss = new Float32Array(1)
    const reported: Record<string, Float32Array<ArrayBuffer>> = {}
    const fetches: Record<string, Tensor> = { ...fixedFetches, loss: yield* runtime.tensor(loss, []) }
    for (const name of reports) {
      const data = new Float32Array(examples.length)
      reported[name] = data
      fetches[name] = yield* runtime.tensor(data, [examples.length])
    }
    yield* session.run(feeds, fetches)
    const result: StepResult = {
      loss: loss[0] ?? Number.NaN,
      measures: objective.measure(examples, reported),
      tokens: sequences.reduce((sum, { ids }) => sum + ids.length, 0)
    }
    return result
  }, Effect.scoped)
})
