import type { gradients } from "../../src/graph/mod.ts"
import { attention } from "./cases/attention.ts"
import { composed, elementwise } from "./cases/elementwise.ts"
import { indexing } from "./cases/indexing.ts"
import { linearAlgebra } from "./cases/linearAlgebra.ts"
import { movement } from "./cases/movement.ts"
import { reductions } from "./cases/reductions.ts"
import type { Case } from "./Case.ts"

/** The operators that have a reverse rule. */
export type Differentiable = {
  [Op in keyof typeof gradients]: (typeof gradients)[Op] extends string ? never : Op
}[keyof typeof gradients]

/** Uses of every operator that has a reverse rule: a rule without one does not compile. */
export const cases: Readonly<Record<Differentiable, ReadonlyArray<Case>>> = {
  ...elementwise,
  ...reductions,
  ...linearAlgebra,
  ...movement,
  ...indexing,
  ...attention
}

/** What the laws run over: the table, and what the builder composes. */
export const lawful: Readonly<Record<string, ReadonlyArray<Case>>> = { ...cases, ...composed }
