import type { Engine } from "./Engine.ts"
import type { Port } from "./matchTensors.ts"
import type { Handle } from "./native/Handle.ts"
import type { Runs } from "./native/Runs.ts"
import type { Tensor } from "./Tensor.ts"

/** What a session is made of. */
export interface SessionParts {
  readonly name: string
  readonly engine: Engine
  readonly handle: Handle
  readonly runs: Runs
  readonly ports: { readonly inputs: ReadonlyMap<string, Port>; readonly outputs: ReadonlyMap<string, Port> }
}

/** The shapes of the inputs of a run, for its error. */
export const inputShapes = (parts: SessionParts, inputs: ReadonlyArray<Tensor>) =>
  Object.fromEntries([...parts.ports.inputs.keys()].map((name, i) => [name, inputs[i]?.shape ?? []]))
