import { Effect } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { type Graph, Ops } from "../../src/graph/mod.ts"
import type { ParameterOf, SequenceModel, Sheet } from "../../src/model/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../../src/runtime/mod.ts"
import { sheetFeeds } from "../../src/scorer/mod.ts"
import { evaluate } from "../graph/evaluate.ts"

/** A recorded checkpoint with its weights as arrays, and graphs that take them as inputs. */
export const openFamily = Effect.fnUntraced(function* (recorded: string) {
  const folder = `fixtures/model/${recorded}`
  const { config, family, parameters } = yield* openCheckpoint(folder, "causal")
  const entries = yield* readCheckpointFiles(folder)
  const weights: Record<string, { readonly data: Float32Array<ArrayBuffer>; readonly shape: ReadonlyArray<number> }> =
    {}
  for (const { name, shape } of parameters) {
    const entry = entries.get(name)
    if (entry) weights[name] = { data: new Float32Array(yield* loadFloat32(entry)), shape }
  }
  const model: SequenceModel = { config, family, contextLength: 64 }
  return { model, parameters, weights }
})

/** A graph over whole sequences whose weights are inputs. */
export const graphOver = (
  { model, parameters }: Effect.Success<ReturnType<typeof openFamily>>,
  build: (op: Ops, model: SequenceModel, parameterOf: ParameterOf) => void
): Graph => {
  const op = new Ops("family")
  const inputs = new Map(parameters.map(({ name, shape }) => [name, op.input(name, "float32", shape)]))
  build(op, model, (name) => {
    const value = inputs.get(name)
    if (!value) throw new RangeError(`Weight "${name}" is not among the parameters`)
    return value
  })
  return op.build()
}

/** The outputs of a graph of `graphOver` on a sheet. */
export const evaluateOn = ({ weights }: Effect.Success<ReturnType<typeof openFamily>>, graph: Graph, sheet: Sheet) =>
  evaluate(
    graph,
    {
      ...weights,
      ...sheetFeeds(sheet),
      targets: { data: sheet.targets, shape: [sheet.targets.length, 1] }
    },
    { selected: sheet.read.length }
  )
