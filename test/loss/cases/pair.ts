import { type Cases, RATIOS, ratios, T } from "../Case.ts"

const { log, exp } = Math

/** Every divergence beside the default. */
const divergences = [
  { divergence: "forwardKl" as const },
  { divergence: "js" as const },
  { divergence: { alpha: 0.5 } },
  { divergence: { alpha: 2 } }
]

/** Two pairs: the first without any gap, the second with a gap of T in the policy and of −T in the reference. */
const twoGaps = {
  "policy.chosen": [-2, -2],
  "policy.rejected": [-2, -2 - T],
  "reference.chosen": [-3, -3],
  "reference.rejected": [-3, -3 + T]
}

/** Two pairs with log-ratios 0 and T of chosen, 0 and −T of rejected responses. */
const twoRatios = {
  "policy.chosen": [-2, -2],
  "policy.rejected": [-3, -3],
  "reference.chosen": [-2, -2 - T],
  "reference.rejected": [-3, -3 + T]
}

const LENGTHS = ["length.chosen", "length.rejected", ...RATIOS]

/** Losses on pairs with a reference. */
export const pair: Cases<
  | "dpo"
  | "robust"
  | "hinge"
  | "ipo"
  | "exo"
  | "nca"
  | "bco"
  | "sppoHard"
  | "aot"
  | "aotUnpaired"
  | "apoZero"
  | "apoDown"
  | "discopop"
  | "lengthNormalizedDpo"
> = {
  dpo: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.2 }, { labelSmoothing: 0.5 }, ...divergences],
    hands: [
      // σ(0) = 1/2 with slope β/2
      { given: ratios(0, 0), equals: [log(2)], slopes: { "policy.chosen": [-0.05], "policy.rejected": [0.05] } },
      // z = T − (−T), σ(z) = 9/10, slope −(1 − σ)
      {
        options: { klCoefficient: 1 },
        given: ratios(T, -T),
        equals: [log(10 / 9)],
        slopes: { "policy.chosen": [-0.1], "policy.rejected": [0.1] }
      },
      {
        options: { klCoefficient: 1, labelSmoothing: 0.25 },
        given: ratios(T, -T),
        equals: [0.75 * log(10 / 9) + 0.25 * log(10)]
      },
      // s = 1 − e^{−log 2} = 1/2
      {
        options: { klCoefficient: 1, divergence: "forwardKl" },
        given: ratios(log(2), 0),
        equals: [log(1 + exp(-0.5))]
      },
      // s = log 2 + log(3/4) = log(3/2), σ(s) = 3/5
      { options: { klCoefficient: 1, divergence: "js" }, given: ratios(T, 0), equals: [log(5 / 3)] },
      // s = 2·(1 − e^{−log 4 / 2}) = 1
      {
        options: { klCoefficient: 1, divergence: { alpha: 0.5 } },
        given: ratios(log(4), 0),
        equals: [log(1 + exp(-1))]
      },
      // s = e^{log 2} − 1 = 1
      { options: { klCoefficient: 1, divergence: { alpha: 2 } }, given: ratios(log(2), 0), equals: [log(1 + exp(-1))] }
    ]
  },
  robust: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.3 }, { labelSmoothing: 0 }, ...divergences],
    hands: [
      // [−3/4·log(9/10) + 1/4·log(1/10)] / (1/2)
      {
        options: { klCoefficient: 1, labelSmoothing: 0.25 },
        given: ratios(T, -T),
        equals: [1.5 * log(10 / 9) - 0.5 * log(10)]
      }
    ]
  },
  hinge: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }, ...divergences],
    hands: [
      {
        options: { klCoefficient: 0.5 },
        given: ratios(1, 0.5),
        equals: [0.75],
        slopes: { "policy.chosen": [-0.5], "policy.rejected": [0.5] }
      },
      {
        options: { klCoefficient: 0.5 },
        given: ratios(2, -1),
        equals: [0],
        slopes: { "policy.chosen": [0], "policy.rejected": [0] }
      }
    ]
  },
  ipo: {
    reads: LENGTHS,
    variants: [{ klCoefficient: 0.7, normalize: "sum" }, ...divergences],
    hands: [
      // 1/(2β) = 1: (2/2 + 1/1 − 1)²
      {
        options: { klCoefficient: 0.5 },
        given: { ...ratios(2, -1), "length.chosen": [2], "length.rejected": [1] },
        equals: [1],
        slopes: { "policy.chosen": [1], "policy.rejected": [-2] }
      },
      // (2 + 1 − 1)²
      {
        options: { klCoefficient: 0.5, normalize: "sum" },
        given: ratios(2, -1),
        equals: [4],
        slopes: { "policy.chosen": [4], "policy.rejected": [-4] }
      },
      // s = 1 − e^{−log 2} = 1/2: (1/2/2 − 0 − 1)²
      {
        options: { klCoefficient: 0.5, divergence: "forwardKl" },
        given: { ...ratios(log(2), 0), "length.chosen": [2], "length.rejected": [1] },
        equals: [0.5625]
      }
    ]
  },
  exo: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.3 }, ...divergences],
    hands: [
      // the policy's preference is the label: 9/10 and 1/10
      {
        options: { klCoefficient: 1, labelSmoothing: 0.1 },
        given: ratios(T, -T),
        equals: [0],
        slopes: { "policy.chosen": [0], "policy.rejected": [0] }
      },
      // 1/10·log(1/9) + 9/10·log 9
      { options: { klCoefficient: 1, labelSmoothing: 0.1 }, given: ratios(-T, T), equals: [0.8 * log(9)] }
    ]
  },
  nca: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }],
    hands: [
      // −log(3/4) − 1/2·log(1/4) − 1/2·log(3/4)
      { options: { klCoefficient: 1 }, given: ratios(T, -T), equals: [1.5 * log(4 / 3) + 0.5 * log(4)] }
    ]
  },
  bco: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }],
    hands: [
      {
        options: { klCoefficient: 1 },
        given: ratios(T, -T),
        equals: [2 * log(4 / 3)],
        slopes: { "policy.chosen": [-0.25], "policy.rejected": [0.25] }
      }
    ]
  },
  sppoHard: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }],
    hands: [
      // 1/(2β) = 1: (3 − 1)² + (−2 + 1)²
      {
        options: { klCoefficient: 0.5 },
        given: ratios(3, -2),
        equals: [5],
        slopes: { "policy.chosen": [4], "policy.rejected": [-2] }
      }
    ]
  },
  aot: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.2 }],
    hands: [
      // sorted gaps (T, 0) against (0, −T): both lead by T, though the pairs themselves lead by 0 and 2T
      { options: { klCoefficient: 1 }, given: twoGaps, equals: [log(4 / 3), log(4 / 3)] }
    ]
  },
  aotUnpaired: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.2 }],
    hands: [
      // sorted log-ratios (T, 0) against (0, −T)
      { options: { klCoefficient: 1 }, given: twoRatios, equals: [log(4 / 3), log(4 / 3)] }
    ]
  },
  apoZero: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }],
    // 1 − 3/4 + 1/4
    hands: [{ options: { klCoefficient: 1 }, given: ratios(T, -T), equals: [0.5] }]
  },
  apoDown: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7 }],
    // 3/4 + 1 − 9/10
    hands: [{ options: { klCoefficient: 1 }, given: ratios(T, -T), equals: [0.85] }]
  },
  discopop: {
    reads: RATIOS,
    variants: [{ klCoefficient: 0.7, temperature: 0.5 }, { klCoefficient: 1, temperature: 3 }, ...divergences],
    hands: [
      // m = σ(2T) = 9/10, e^{−2T} = 1/9
      { options: { klCoefficient: 1, temperature: 1 }, given: ratios(T, -T), equals: [0.1 * log(10 / 9) + 0.1] }
    ]
  },
  lengthNormalizedDpo: {
    reads: LENGTHS,
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.2 }, ...divergences],
    hands: [
      // 2T/2 + 3T/3
      {
        options: { klCoefficient: 1 },
        given: { ...ratios(2 * T, -3 * T), "length.chosen": [2], "length.rejected": [3] },
        equals: [log(10 / 9)]
      }
    ]
  }
}
