import type { Effect, FileSystem } from "effect"
import type { RuntimeError } from "../runtime/mod.ts"
import type { Checkpoint } from "./Checkpoint.ts"

/** A whole model whose weights are read one at a time: a folder as it is, or a base with a low-rank change added to it. */
export interface ModelSource extends Omit<Checkpoint, "weights"> {
  /** The values of one weight. Domain: a name of `parameters`. */
  readonly load: (name: string) => Effect.Effect<Float32Array, RuntimeError, FileSystem.FileSystem>
}
