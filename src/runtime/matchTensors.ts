import type { Dim, ElementType } from "./ElementType.ts"
import {
  DimensionDisagrees,
  FeedMissing,
  FeedShape,
  FeedType,
  FeedUnknown,
  FetchMissing,
  FetchRepeated
} from "./errors.ts"
import type { Tensor } from "./Tensor.ts"

/** An input or output of a graph. Shapes: a named dimension is a string, an anonymous one the empty string. */
export interface Port {
  readonly name: string
  readonly type: ElementType
  readonly shape: ReadonlyArray<Dim>
  /** True where the graph leaves the shape open, even its rank; `shape` is then empty. */
  readonly anyShape: boolean
}

export type Tensors = Readonly<Record<string, Tensor>>

type Side = "input" | "output"

/** The sizes of named dimensions met so far, each with the tensor that gave it. */
type Sizes = Map<string, { readonly name: string; readonly size: number }>

const matchPort = (side: Side, port: Port, tensor: Tensor, sizes: Sizes): void => {
  const { name, type, shape } = port
  if (tensor.type !== type) throw new FeedType({ side, name, found: tensor.type, wanted: type })
  if (port.anyShape) return
  const found = tensor.shape
  if (found.length !== shape.length) throw new FeedShape({ side, name, found, wanted: shape })
  for (let axis = 0; axis < shape.length; axis++) {
    const dimension = shape[axis]
    const size = found[axis] ?? 0
    if (typeof dimension === "number") {
      if (dimension !== size) throw new FeedShape({ side, name, found, wanted: shape })
    } else if (dimension) {
      const first = sizes.get(dimension)
      if (first === undefined) sizes.set(dimension, { name, size })
      else if (first.size !== size) throw new DimensionDisagrees({ dimension, first, second: { name, size } })
    }
  }
}

const unknownName = (side: Side, given: Tensors, ports: ReadonlyMap<string, Port>): void => {
  for (const name of Object.keys(given)) {
    if (!ports.has(name)) throw new FeedUnknown({ side, name, known: [...ports.keys()] })
  }
}

/** The tensors of a run in the order of the graph: all inputs, and the outputs that are fetched. */
export interface Matched {
  readonly inputs: ReadonlyArray<Tensor>
  readonly fetched: ReadonlyArray<{ readonly name: string; readonly tensor: Tensor }>
}

/**
 * Checks what ONNX Runtime does not: that every input is fed once, and that dimensions of one name have one size.
 *
 * Fails    FeedMissing, FeedUnknown, FeedType, FeedShape, FetchMissing, FetchRepeated, DimensionDisagrees (thrown)
 */
export const matchTensors = (
  ports: { readonly inputs: ReadonlyMap<string, Port>; readonly outputs: ReadonlyMap<string, Port> },
  feeds: Tensors,
  fetches: Tensors
): Matched => {
  unknownName("input", feeds, ports.inputs)
  unknownName("output", fetches, ports.outputs)
  const sizes: Sizes = new Map()
  const inputs: Array<Tensor> = []
  for (const port of ports.inputs.values()) {
    const tensor = feeds[port.name]
    if (tensor === undefined) throw new FeedMissing({ name: port.name, given: Object.keys(feeds) })
    matchPort("input", port, tensor, sizes)
    inputs.push(tensor)
  }
  const names = new Map<Tensor, string>()
  const fetched: Array<{ readonly name: string; readonly tensor: Tensor }> = []
  for (const [name, tensor] of Object.entries(fetches)) {
    const port = ports.outputs.get(name)
    if (port) matchPort("output", port, tensor, sizes)
    const first = names.get(tensor)
    if (first !== undefined) throw new FetchRepeated({ first, second: name })
    names.set(tensor, name)
    fetched.push({ name, tensor })
  }
  if (fetched.length === 0) throw new FetchMissing({ known: [...ports.outputs.keys()] })
  return { inputs, fetched }
}
