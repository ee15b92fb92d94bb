import { Result } from "effect"
import type { Kind } from "../../checkpoint/mod.ts"
import type { Parameter } from "../../model/mod.ts"
import { elementsOf, lowestLayer, type StepMemory, type TrunkModel } from "../step/mod.ts"
import { MemoryExceeded } from "./errors.ts"
import {
  type StripSizes,
  boundaryBytes,
  type Choice,
  firstKept,
  keptBytes,
  maskBytes,
  transientBytes
} from "./predictMemory.ts"
import { stepGraphs } from "./stepGraphs.ts"

/** What a prediction is made from. */
export interface MemoryRequest {
  readonly model: TrunkModel
  readonly trained: ReadonlyArray<Parameter>
  readonly frozen: ReadonlyArray<Parameter>
  /** Moments of the optimizer per weight, and other copies of the trained weights that are held (the best ones). */
  readonly moments: number
  readonly copies?: number
  readonly kind: Kind
  readonly squares: boolean
  /** The largest strips: of every part the largest counts. */
  readonly strips: ReadonlyArray<StripSizes>
  /** Units: tokens of all examples. */
  readonly exampleTokens?: number
  /** Units: bytes; no limit when absent. */
  readonly budget?: number
}

/** Peak memory of a step by part, and the choice it was predicted for. Units: bytes. */
export interface MemoryPlan extends Choice {
  readonly memory: StepMemory
  readonly layers: number
  readonly predicted: number
  readonly parts: Readonly<Record<Part, number>>
}

type Part =
  | "weights"
  | "frozen weights"
  | "gradients"
  | "optimizer"
  | "boundaries"
  | "kept layers"
  | "kept head"
  | "masks"
  | "transients"
  | "examples"
  | "runtime"

/** Tokens whose logits may exist at once, from most to least: fewer cost no more, but small products are slower. */
const chunks = [2048, 1024, 512, 256, 128, 64, 32]

/** Node, ONNX Runtime, this program, and the graphs while they are made: measured on three models, rounded up. Units: bytes. */
const runtimeBytes = 320e6
const bytesPerFloat = 4
const bytesPerToken = 4

const bytesOfAll = (parameters: ReadonlyArray<Parameter>): number =>
  parameters.reduce((total, { shape }) => total + elementsOf(shape, {}) * bytesPerFloat, 0)

const largest = (strips: ReadonlyArray<StripSizes>, bytes: (strip: StripSizes) => number): number =>
  strips.reduce((most, strip) => Math.max(most, bytes(strip)), 0)

/** The parts of a step that no choice changes. */
const fixedParts = (request: MemoryRequest, learning: number, masks: (strip: StripSizes) => number) => {
  const { strips, model } = request
  const trained = bytesOfAll(request.trained)
  return {
    weights: trained * (1 + (request.copies ?? 0)),
    "frozen weights": bytesOfAll(request.frozen),
    gradients: trained,
    optimizer: trained * request.moments,
    boundaries: largest(strips, (strip) => boundaryBytes(model, { strip, learning })),
    masks: largest(strips, masks),
    examples: (request.exampleTokens ?? 0) * bytesPerToken,
    runtime: runtimeBytes
  }
}

/** Extra work of a choice, as a share of one pass over everything below the head. */
const workOf = (choice: Choice, request: MemoryRequest, learning: number): number => {
  const { hidden_size, num_hidden_layers, vocab_size } = request.model.config
  const inLayers = [...request.trained, ...request.frozen].filter(({ name }) => name.startsWith("model.layers."))
  const body = inLayers.reduce((total, { shape }) => total + elementsOf(shape, {}), 0)
  const chunked = request.strips.some(({ selected }) => selected > choice.headChunk)
  const head = request.kind === "causal" && chunked ? (vocab_size * hidden_size) / Math.max(1, body) : 0
  return (learning - choice.kept) / num_hidden_layers + head
}

const leversOf = (request: MemoryRequest): ReadonlyArray<string> => [
  ...(request.frozen.length === 0 ? ["LoRA (no gradients and moments of the whole model)"] : []),
  "a smaller microBatchSize",
  "a shorter maxTokens",
  ...(request.moments > 1 ? ["an optimizer with fewer moments (lion, rmsProp)"] : []),
  "a larger memoryBudget"
]

const exceeded = (plan: MemoryPlan, request: MemoryRequest, budget: number): MemoryExceeded =>
  new MemoryExceeded({
    predicted: plan.predicted,
    budget,
    parts: Object.entries(plan.parts)
      .map(([name, bytes]) => ({ name, bytes }))
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, 3),
    levers: leversOf(request)
  })

/**
 * What a step keeps and what it computes a second time: the least extra work that fits into the budget, and the peak
 * memory that follows, part by part.
 *
 * Units    bytes.
 * Fails    MemoryExceeded, GraphError (thrown: a bug).
 */
export const planMemory = (request: MemoryRequest): Result.Result<MemoryPlan, MemoryExceeded> => {
  const { strips, model } = request
  const layers = model.config.num_hidden_layers
  const graphs = stepGraphs(model, request)
  const lowest = lowestLayer(model, graphs.embed.backward !== undefined)
  const learning = layers - lowest
  const fixed = fixedParts(request, learning, (strip) => maskBytes(graphs, strip))
  const transients = new Map<string, number>()
  const transientsOf = (choice: Choice): number => {
    const extent = choice.kept === 0 ? "none" : choice.kept === layers ? "all" : "some"
    const key = `${extent} ${choice.headChunk}`
    const found = transients.get(key) ?? largest(strips, (strip) => transientBytes(graphs, strip, choice, layers))
    transients.set(key, found)
    return found
  }
  const planOf = (choice: Choice): MemoryPlan => {
    const parts = {
      ...fixed,
      "kept layers": largest(strips, (strip) => keptBytes(model, graphs, { strip, choice, lowest }).layers),
      "kept head": largest(strips, (strip) => keptBytes(model, graphs, { strip, choice, lowest }).head),
      transients: transientsOf(choice)
    }
    const first = firstKept(layers, choice)
    return {
      ...choice,
      layers: learning,
      memory: {
        keepOf: (layer) => (layer >= first ? "intermediates" : "inputs"),
        headChunk: choice.headChunk
      },
      parts,
      predicted: Object.values(parts).reduce((total, bytes) => total + bytes, 0)
    }
  }
  const choices = chunks
    .flatMap((headChunk) => Array.from({ length: learning + 1 }, (_, i) => ({ headChunk, kept: learning - i })))
    .toSorted((a, b) => workOf(a, request, learning) - workOf(b, request, learning) || b.headChunk - a.headChunk)
  const { budget = Number.POSITIVE_INFINITY } = request
  for (const choice of choices) {
    const plan = planOf(choice)
    if (plan.predicted <= budget) return Result.succeed(plan)
  }
  return Result.fail(exceeded(planOf({ kept: 0, headChunk: chunks.at(-1) ?? 1 }), request, budget))
}
