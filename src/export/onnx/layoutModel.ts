import type { ModelSource } from "../../checkpoint/mod.ts"
import { bytesPerElement, type Graph, type Initializer, type Ops, type Value } from "../../graph/mod.ts"
import { causalGraph } from "../../model/mod.ts"
import type { Part, Storage } from "./Storage.ts"

/** A constant of the model that is written after its graph, and where it lies in a file beside it. */
export interface LaidPart extends Part {
  /** The weight whose values it is made from. */
  readonly weight: string
  readonly offset: number
  readonly length: number
}

/** What constants in a file of their own begin at a multiple of, so that they can be mapped. Units: bytes. */
const page = 4096

/** A model whose constants have a place but no content yet. */
export interface LaidModel {
  /** Its constants are those that it holds itself. */
  readonly graph: Graph
  readonly parts: ReadonlyArray<LaidPart>
}

/** Where each constant lies when all are in one file. */
const layoutParts = ({ parameters }: ModelSource, storage: Storage): ReadonlyArray<LaidPart> => {
  let end = 0
  return parameters.flatMap((parameter) =>
    storage.partsOf(parameter).map((part): LaidPart => {
      const offset = Math.ceil(end / page) * page
      const length = part.shape.reduce((product, size) => product * size, bytesPerElement[part.type])
      end = offset + length
      const { encode, name, shape, type } = part
      return { name, type, shape, encode, weight: parameter.name, offset, length }
    })
  )
}

/** The constants as values of a graph, each weight put together once. */
const weightsOf = (parts: ReadonlyArray<LaidPart>, storage: Storage, location: string) => (op: Ops) => {
  const byWeight = Map.groupBy(parts, ({ weight }) => weight)
  const made = new Map<string, Value>()
  const make = (name: string): Value => {
    const values = (byWeight.get(name) ?? []).map(({ length, name: part, offset, shape, type }) =>
      op.initializer(part, type, shape, { external: { location, offset, length } })
    )
    return op.within("/weights", () => storage.combine(op, values))
  }
  return (name: string): Value => {
    const value = made.get(name) ?? make(name)
    made.set(name, value)
    return value
  }
}

/** The graph of a model and the constants that it reads, as they lie in the file `location`. */
export const layoutModel = (source: ModelSource, storage: Storage, location: string): LaidModel => {
  const { config, family } = source
  const parts = layoutParts(source, storage)
  const weights = weightsOf(parts, storage, location)
  return { parts, graph: causalGraph({ family, config, contextLength: config.max_position_embeddings, weights }) }
}

/** Whether the content of a constant lies in the graph itself. */
export const isHeld = ({ data }: Initializer): boolean => "bytes" in data
