import { attentionMicrosoft, normalization } from "./gradients/attention.ts"
import { elementwise } from "./gradients/elementwise.ts"
import { indexing } from "./gradients/indexing.ts"
import { linearAlgebra, linearAlgebraMicrosoft } from "./gradients/linearAlgebra.ts"
import { movement } from "./gradients/movement.ts"
import { reductions } from "./gradients/reductions.ts"
import type { GradientRow } from "./gradients/ReverseCall.ts"
import type { OpName } from "./shapes.ts"

/** How each operator is differentiated, by its ONNX name: an operator without a row does not compile. */
export const gradients = {
  ...elementwise,
  ...reductions,
  ...linearAlgebra,
  ...linearAlgebraMicrosoft,
  ...movement,
  ...indexing,
  ...normalization,
  ...attentionMicrosoft
} as const satisfies Record<OpName, GradientRow>
