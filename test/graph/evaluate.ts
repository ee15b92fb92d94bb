import { Effect } from "effect"
import { type Graph, serialize } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Feed, shapeAt, type Sizes } from "./Case.ts"

/** Opens a graph once: `feeds` may be rewritten and `run` again; `fetched` holds the outputs of the last run. */
export const open = Effect.fnUntraced(function* (
  graph: Graph,
  feeds: Readonly<Record<string, Feed>>,
  sizes: Sizes = {},
  optimization: "none" | "all" = "all"
) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: graph.name, model: serialize(graph), optimization })
  const inputs = yield* Effect.all(
    Object.fromEntries(
      graph.inputs.map(({ name }) => [
        name,
        runtime.tensor(feeds[name]?.data ?? new Float32Array(), feeds[name]?.shape ?? [])
      ])
    )
  )
  const outputs = yield* Effect.all(
    Object.fromEntries(
      graph.outputs.map(({ name, type, shape }) => [name, runtime.allocate(type, shapeAt(shape, sizes))])
    )
  )
  const binding = yield* session.bind(inputs, outputs)
  const fetched = (name: string) => {
    const data = outputs[name]?.data
    if (!data) throw new RangeError(`Output "${name}" has no array`)
    return data
  }
  return { run: binding.run, fetched }
})

/** The outputs of one run. */
export const evaluate = Effect.fnUntraced(function* (
  graph: Graph,
  feeds: Readonly<Record<string, Feed>>,
  sizes: Sizes = {},
  optimization: "none" | "all" = "all"
) {
  const { run, fetched } = yield* open(graph, feeds, sizes, optimization)
  yield* run
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, fetched(name)]))
}, Effect.scoped)
