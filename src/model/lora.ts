import type { Ops } from "../graph/mod.ts"
import type { Linear, Parameter, ParameterOf } from "./Family.ts"
import { plainLinear } from "./linear.ts"

/**
 * A low-rank change of linear layers: W + scale·B·A.
 *
 * Source   Hu et al., arXiv:2106.09685; scale = alpha/rank, or alpha/√rank for rsLoRA (Kalajdzievski, arXiv:2312.03732).
 * Domain   rank ≥ 1; `targets` are last parts of layer names ("q_proj"), or "all" linear layers below the head.
 */
export interface Lora {
  readonly rank: number
  readonly alpha: number
  readonly rankStabilized: boolean
  readonly targets: ReadonlyArray<string> | "all"
}

/** What B·A is multiplied by. */
export const loraScale = ({ rank, alpha, rankStabilized }: Lora): number =>
  alpha / (rankStabilized ? Math.sqrt(rank) : rank)

/** The names of both halves of the change of a layer. */
export const loraNames = (layer: string) => ({ down: `${layer}.lora_A.weight`, up: `${layer}.lora_B.weight` })

/** Whether a weight is half of a low-rank change. */
export const isLora = (name: string): boolean => /\.lora_[AB]\.weight$/.test(name)

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1)

/** The linear layers of a model by their names: its two-axis weights inside of layers. */
const linearLayers = (parameters: ReadonlyArray<Parameter>) =>
  parameters
    .filter(({ name, shape }) => shape.length === 2 && name.startsWith("model.layers.") && name.endsWith(".weight"))
    .map(({ name, shape }) => ({ shape, layer: name.slice(0, -".weight".length) }))

/** The last parts of the names of a model's linear layers. */
export const loraTargets = (parameters: ReadonlyArray<Parameter>): ReadonlyArray<string> => [
  ...new Set(linearLayers(parameters).map(({ layer }) => lastPart(layer)))
]

const isTarget = ({ targets }: Lora, layer: string): boolean => targets === "all" || targets.includes(lastPart(layer))

/**
 * The weights that a low-rank change adds to a model: A drawn uniformly, B zero, so that nothing changes at first.
 *
 * Shapes   A: [rank, in]; B: [out, rank].
 */
export const loraParameters = (parameters: ReadonlyArray<Parameter>, lora: Lora): ReadonlyArray<Parameter> =>
  linearLayers(parameters)
    .filter(({ layer }) => isTarget(lora, layer))
    .flatMap(({ layer, shape: [rows = 0, columns = 0] }): ReadonlyArray<Parameter> => {
      const { down, up } = loraNames(layer)
      return [
        { name: down, shape: [lora.rank, columns], start: "uniform" },
        { name: up, shape: [rows, lora.rank], start: "zeros" }
      ]
    })

/** Linear layers with a low-rank change beside the weights of the checkpoint. */
export const loraLinear =
  (lora: Lora) =>
  (op: Ops, parameterOf: ParameterOf): Linear => {
    const plain = plainLinear(op, parameterOf)
    return (x, name, options) => {
      const y = plain(x, name, options)
      if (!isTarget(lora, name)) return y
      const { down, up } = loraNames(name)
      const low = op.Gemm(x, parameterOf(down), undefined, { transB: 1 })
      return op.Gemm(low, parameterOf(up), y, { transB: 1, alpha: loraScale(lora) })
    }
  }
