import { Result } from "effect"
import { lowestLayer, type StepMemory } from "../step/mod.ts"
import { MemoryExceeded } from "./errors.ts"
import { headOf } from "./headOf.ts"
import { enclose } from "./largestStrip.ts"
import { leversOf } from "./leversOf.ts"
import { bytesOfAll, type MemoryRequest } from "./MemoryRequest.ts"
import {
  boundaryBytes,
  type Choice,
  firstKept,
  forwardBytes,
  keptBytes,
  maskBytes,
  transientBytes
} from "./predictMemory.ts"
import { type StepGraphs, stepGraphs } from "./stepGraphs.ts"

/** Peak memory of a training by part, and the choice it was predicted for. Units: bytes. */
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
  | "forward passes"

/**
 * Node, ONNX Runtime, this program, and the graphs while they are made: what two models of `bench/shapes.ts` took beside
 * everything that is counted (265 to 280 MB and 225 to 270 MB). The shapes that are held out there took 205 to 265 MB.
 */
const runtimeBytes = 250e6

/** The parts that stand whatever is computed. */
const stateOf = (request: MemoryRequest) => {
  const trained = bytesOfAll(request.trained)
  return {
    weights: trained * (1 + (request.copies ?? 0)),
    "frozen weights": bytesOfAll(request.frozen),
    gradients: trained,
    optimizer: trained * request.moments,
    examples: request.exampleBytes ?? 0,
    runtime: runtimeBytes
  }
}

const total = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)

/**
 * What passes that only go forwards take more than steps: π₀ stands beside the weights before gradients and moments are
 * touched; held-out examples come when all is there, and may be longer.
 */
const forwardExcess = (
  request: MemoryRequest,
  graphs: StepGraphs,
  step: { readonly state: ReturnType<typeof stateOf>; readonly work: number; readonly headChunk: number }
): number => {
  const { forwardStrip: strip, model, reference = [] } = request
  if (!strip) return 0
  const work = forwardBytes(model, graphs, strip, { headChunk: step.headChunk })
  const { gradients, optimizer } = step.state
  return Math.max(0, work - step.work, work + bytesOfAll(reference) - gradients - optimizer - step.work)
}

/** How many layers are kept: from all that learn to none. */
const choicesOf = (learning: number, head: Omit<Choice, "kept">): ReadonlyArray<Choice> =>
  Array.from({ length: learning + 1 }, (_, i) => ({ ...head, kept: learning - i }))

const exceeded = (plan: MemoryPlan, request: MemoryRequest, budget: number): MemoryExceeded =>
  new MemoryExceeded({
    predicted: plan.predicted,
    budget,
    parts: Object.entries(plan.parts)
      .map(([name, bytes]) => ({ name, bytes }))
      .toSorted((a, b) => b.bytes - a.bytes),
    levers: leversOf(request, { budget, predicted: plan.predicted, state: total(stateOf(request)) })
  })

/** The function that predicts, part by part, what a choice takes. */
const predictor = (request: MemoryRequest) => {
  const { forwardStrip, model, strip } = request
  const layers = model.config.num_hidden_layers
  const graphs = stepGraphs(model, request)
  const lowest = lowestLayer(model, graphs.embed.backward !== undefined)
  const learning = layers - lowest
  const state = stateOf(request)
  const boundaries = boundaryBytes(model, { strip, learning })
  const masks = maskBytes(graphs, forwardStrip ? enclose(strip, forwardStrip) : strip)
  const transients = new Map<string, number>()
  const transientsOf = (choice: Choice): number => {
    const key = choice.kept === 0 ? "none" : choice.kept === layers ? "all" : "some"
    const found = transients.get(key) ?? transientBytes(graphs, strip, choice, layers)
    transients.set(key, found)
    return found
  }
  const planOf = (choice: Choice): MemoryPlan => {
    const kept = keptBytes(model, graphs, { strip, choice, lowest })
    const work = { boundaries, "kept layers": kept.layers, "kept head": kept.head, transients: transientsOf(choice) }
    const forward = forwardExcess(request, graphs, { state, work: total(work), headChunk: choice.headChunk })
    const parts = { ...state, ...work, masks, "forward passes": forward }
    const first = firstKept(layers, choice)
    const memory: StepMemory = {
      keepOf: (layer) => (layer >= first ? "intermediates" : "inputs"),
      headChunk: choice.headChunk,
      headKept: choice.headKept
    }
    return { ...choice, layers: learning, memory, parts, predicted: total(parts) }
  }
  return { learning, planOf }
}

/**
 * What a step keeps and what it computes a second time: the least extra work that fits into the budget, and the peak
 * memory that follows, part by part. No bit of the result depends on the budget.
 *
 * Units    bytes.
 * Fails    MemoryExceeded, GraphError (thrown: a bug).
 */
export const planMemory = (request: MemoryRequest): Result.Result<MemoryPlan, MemoryExceeded> => {
  const { learning, planOf } = predictor(request)
  const head = headOf(request.model.config)
  const { budget = Number.POSITIVE_INFINITY } = request
  for (const choice of choicesOf(learning, head)) {
    const plan = planOf(choice)
    if (plan.predicted <= budget) return Result.succeed(plan)
  }
  return Result.fail(exceeded(planOf({ ...head, kept: 0 }), request, budget))
}
