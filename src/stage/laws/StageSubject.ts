import type { Arbitrary, Layer } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import type { Stage, StageContext } from "../Stage.ts"

/** What every record of a stage has. */
export type Identified = Pick<Prompt, "promptId">

/** A stage, and what its laws are tried with. */
export interface StageSubject<Params, Encoded, In extends Identified, Out extends Identified, E, R> {
  readonly stage: Stage<Params, Encoded, In, Out, E, R>
  readonly params: Encoded
  readonly context?: StageContext
  /** Who answers the stage: pure functions of what is asked, so that two runs can be compared. */
  readonly layer: Layer.Layer<R>
  /**
   * Rows that the stage reads; without it, any that its input schema allows. Ids are made distinct, and texts well formed.
   */
  readonly rows?: Arbitrary.Arbitrary<ReadonlyArray<In>>
}
