import type { ModelConfig } from "../../../model/mod.ts"
import type { ConfigUnsupported } from "../../errors.ts"
import type { Metadata } from "../Metadata.ts"

/** How llama.cpp computes a family, and what of a config it does not compute. */
export interface Architecture {
  /** The name of the architecture, with which its keys begin. */
  readonly name: string
  /** Which features of a head turn together: neighbours, for which queries and keys are written in another order, or halves. */
  readonly pairs: "neighbours" | "halves"
  /** The kinds of "rope_scaling" that are read. */
  readonly scalings: ReadonlyArray<"linear" | "yarn" | "llama3">
  /** Whether layers can have a window; where not, the context ends at the window. */
  readonly windows: boolean
  /** Names of tensors that differ from those of most families, by the last part of the weight's name. */
  readonly names?: Readonly<Record<string, string>>
  /** What is added to the weights of norms, which are stored less this. */
  readonly normShift?: number
  /** What the queries are multiplied by, so that the scale of the scores comes out as wanted. */
  readonly queryScale?: (config: ModelConfig) => number
  readonly refuse?: (config: ModelConfig) => ConfigUnsupported | undefined
  /** Keys beside those of most families. */
  readonly metadata?: (config: ModelConfig) => Metadata
}
