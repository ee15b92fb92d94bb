import type { Call, Signature } from "./Call.ts"
import { graphError, OpUnknown } from "./errors.ts"
import { attentionMicrosoft, normalization } from "./shapes/attention.ts"
import { elementwise } from "./shapes/elementwise.ts"
import { indexing } from "./shapes/indexing.ts"
import { linearAlgebra, linearAlgebraMicrosoft } from "./shapes/linearAlgebra.ts"
import { movement } from "./shapes/movement.ts"
import { reductions } from "./shapes/reductions.ts"
import type { ShapeRule } from "./shapes/ShapeRule.ts"

const microsoft = { ...linearAlgebraMicrosoft, ...attentionMicrosoft }

/** What each operator gives, by its ONNX name: a row here is what makes an operator known. */
export const shapes = {
  ...elementwise,
  ...reductions,
  ...linearAlgebra,
  ...movement,
  ...indexing,
  ...normalization,
  ...microsoft
} as const satisfies Record<string, ShapeRule>

/** The name of a known operator. */
export type OpName = keyof typeof shapes

/** True if the table has a row for `op`. */
export const isOpName = (op: string): op is OpName => Object.hasOwn(shapes, op)

/** The operator set that an operator belongs to. */
export const domainOf = (op: OpName): string => (Object.hasOwn(microsoft, op) ? "com.microsoft" : "")

/** What the outputs of a call are. Fails: GraphError with OpUnknown or CallInvalid. */
export const inferShapes = (call: Call): ReadonlyArray<Signature> => {
  const { op, name } = call.node
  if (!isOpName(op)) throw graphError(new OpUnknown({ op, node: name, known: Object.keys(shapes) }))
  return shapes[op](call)
}
