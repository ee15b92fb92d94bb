import type { Kind } from "../../checkpoint/mod.ts"
import type { Parameter } from "../../model/mod.ts"
import type { TrunkModel } from "../step/mod.ts"
import type { StripSizes } from "./predictMemory.ts"

/** What a prediction is made from. */
export interface MemoryRequest {
  readonly model: TrunkModel
  readonly trained: ReadonlyArray<Parameter>
  readonly frozen: ReadonlyArray<Parameter>
  /** Weights of another model that stand beside them while log π₀ is computed, before the first step. */
  readonly reference?: ReadonlyArray<Parameter>
  /** Moments of the optimizer per weight, and other copies of the trained weights that are held (the best ones). */
  readonly moments: number
  readonly copies?: number
  readonly kind: Kind
  readonly squares: boolean
  /** Encloses every strip that goes forwards and back. */
  readonly strip: StripSizes
  /** Encloses every strip that only goes forwards, where there are others: log π₀, held-out examples. */
  readonly forwardStrip?: StripSizes
  /** Units: bytes of all examples, as rows and as tokens. */
  readonly exampleBytes?: number
  /** Units: bytes; no limit when absent. */
  readonly budget?: number
}

const bytesPerFloat = 4

/** Units: bytes of weights. */
export const bytesOfAll = (parameters: ReadonlyArray<Parameter>): number =>
  parameters.reduce((total, { shape }) => total + shape.reduce((size, dim) => size * dim, bytesPerFloat), 0)
