import type { MemoryRequest } from "./MemoryRequest.ts"

const gigabytes = (bytes: number): string => `${(Math.ceil(bytes / 1e7) / 100).toFixed(2)} GB`

/** What makes a step smaller. `state`: bytes of what stands whatever is computed. Units: bytes. */
export const leversOf = (
  request: MemoryRequest,
  { budget, predicted, state }: { readonly budget: number; readonly predicted: number; readonly state: number }
): ReadonlyArray<string> => {
  // where the weights alone are too many, shorter or fewer examples do not help
  const fewer = state < budget ? ["a smaller microBatchSize", "a shorter maxTokens"] : []
  return [
    ...fewer,
    ...(request.frozen.length === 0 ? ["LoRA (no gradients and moments of the whole model)"] : []),
    ...(request.moments > 1 && request.frozen.length === 0 ? ["an optimizer with fewer moments (lion, rmsProp)"] : []),
    `a memoryBudget of ${gigabytes(predicted)}`
  ]
}
