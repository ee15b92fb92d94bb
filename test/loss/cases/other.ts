import { type Cases, RATIOS, ratios, T } from "../Case.ts"

const { log, sqrt, exp } = Math

const SOFT = ["margin", ...RATIOS]
const OPTIMISM = ["fromReference", ...RATIOS]

/** z = 2T with β = 1, so that p = 9/10; a margin of T, so that q = 3/4. */
const soft = { ...ratios(T, -T), margin: [T] }

/** Two pairs with log-ratios 1 of chosen and 3 of rejected; the reference gave the first chosen and the second rejected. */
const explored = {
  "policy.chosen": [-2, -2],
  "policy.rejected": [-4, -4],
  "reference.chosen": [-3, -3],
  "reference.rejected": [-7, -7],
  fromReference: [1, 0]
}

/** Losses on pairs that read a margin, no reference, one response, or who gave a response. */
export const other: Cases<
  | "revKl"
  | "kl"
  | "tv"
  | "hellinger"
  | "simpo"
  | "cpo"
  | "orpo"
  | "raft"
  | "nll"
  | "crossEntropy"
  | "xpo"
  | "selm"
  | "vpo"
> = {
  revKl: {
    reads: SOFT,
    variants: [{ klCoefficient: 0.7 }, { divergence: "js" }],
    // −3/4·log(9/10) − 1/4·log(1/10)
    hands: [{ options: { klCoefficient: 1 }, given: soft, equals: [0.75 * log(10 / 9) + 0.25 * log(10)] }]
  },
  kl: {
    reads: SOFT,
    variants: [{ klCoefficient: 0.7 }, { divergence: "js" }],
    // 9/10·log(0.9/0.75) + 1/10·log(0.1/0.25)
    hands: [{ options: { klCoefficient: 1 }, given: soft, equals: [0.9 * log(1.2) + 0.1 * log(0.4)] }]
  },
  tv: {
    reads: SOFT,
    variants: [{ klCoefficient: 0.7 }, { divergence: "js" }],
    hands: [
      { options: { klCoefficient: 1 }, given: soft, equals: [0.15] },
      // |1/2 − 3/4|
      { options: { klCoefficient: 1 }, given: { ...ratios(0, 0), margin: [T] }, equals: [0.25] }
    ]
  },
  hellinger: {
    reads: SOFT,
    variants: [{ klCoefficient: 0.7 }, { divergence: "js" }],
    // 1 − √(p·q) − √((1 − p)·(1 − q))
    hands: [{ options: { klCoefficient: 1 }, given: soft, equals: [1 - sqrt(0.9 * 0.75) - sqrt(0.1 * 0.25)] }]
  },
  simpo: {
    reads: ["length.chosen", "length.rejected", "policy.chosen", "policy.rejected"],
    variants: [{ klCoefficient: 0.7, targetMargin: -0.5, labelSmoothing: 0.2 }],
    hands: [
      // −2/2 + (2 + 4T)/2 − T = T
      {
        options: { klCoefficient: 1, targetMargin: T },
        given: {
          "policy.chosen": [-2],
          "policy.rejected": [-2 - 4 * T],
          "length.chosen": [2],
          "length.rejected": [2]
        },
        equals: [log(4 / 3)],
        slopes: { "policy.chosen": [-0.125], "policy.rejected": [0.125] }
      }
    ]
  },
  cpo: {
    reads: ["policy.chosen", "policy.rejected"],
    variants: [{ klCoefficient: 0.7, labelSmoothing: 0.2 }],
    hands: [
      {
        options: { klCoefficient: 1 },
        given: { "policy.chosen": [-1], "policy.rejected": [-1 - 2 * T] },
        equals: [log(10 / 9)]
      }
    ]
  },
  orpo: {
    reads: [
      "length.chosen",
      "length.rejected",
      "policy.chosen",
      "policy.rejected",
      "whole.chosen",
      "wholeLength.chosen"
    ],
    variants: [{ oddsWeight: 0.7 }, { likelihood: "response" }],
    hands: [
      // odds 3 and 1/3 of e^m = 3/4 and 1/4: −log σ(log 9) = log(10/9); and −(−3)/6
      {
        options: { oddsWeight: 2 },
        given: {
          "policy.chosen": [2 * log(0.75)],
          "policy.rejected": [4 * log(0.25)],
          "length.chosen": [2],
          "length.rejected": [4],
          "whole.chosen": [-3],
          "wholeLength.chosen": [6]
        },
        equals: [2 * log(10 / 9) + 0.5]
      },
      {
        options: { oddsWeight: 2, likelihood: "response" },
        given: {
          "policy.chosen": [2 * log(0.75)],
          "policy.rejected": [4 * log(0.25)],
          "length.chosen": [2],
          "length.rejected": [4]
        },
        equals: [2 * log(10 / 9) + log(4 / 3)]
      }
    ]
  },
  raft: {
    reads: ["policy.chosen"],
    variants: [],
    hands: [{ given: { "policy.chosen": [-3, -1] }, equals: [3, 1], slopes: { "policy.chosen": [-1, -1] } }]
  },
  nll: {
    reads: ["policy.chosen"],
    variants: [],
    hands: [{ given: { "policy.chosen": [-3, -1] }, equals: [3, 1], slopes: { "policy.chosen": [-1, -1] } }]
  },
  crossEntropy: {
    reads: ["policy.chosen", "reference.chosen"],
    variants: [{ klCoefficient: 0.7 }],
    hands: [
      {
        options: { klCoefficient: 1 },
        given: { "policy.chosen": [-1], "reference.chosen": [-1 - T] },
        equals: [log(4 / 3)]
      }
    ]
  },
  xpo: {
    reads: ["fromReference", "policy.chosen", "policy.rejected"],
    variants: [{ optimism: 0.7 }],
    hands: [
      {
        options: { optimism: 0.5 },
        given: explored,
        equals: [-1, -2],
        slopes: { "policy.chosen": [0.5, 0], "policy.rejected": [0, 0.5] }
      }
    ]
  },
  selm: {
    reads: OPTIMISM,
    variants: [{ klCoefficient: 0.7, optimism: 0.7 }],
    hands: [{ options: { klCoefficient: 0.5, optimism: 0.5 }, given: explored, equals: [0.25, 0.75] }]
  },
  vpo: {
    reads: RATIOS,
    variants: [
      { incentive: 0.7, under: "pessimism" },
      { klCoefficient: 0.7, calibration: "rejected" }
    ],
    hands: [
      { options: { klCoefficient: 0.5, incentive: 0.5 }, given: ratios(1, 3), equals: [0.5] },
      { options: { klCoefficient: 0.5, incentive: 0.5, calibration: "chosen" }, given: ratios(1, 3), equals: [0.25] },
      {
        options: { klCoefficient: 0.5, incentive: 0.5, under: "pessimism", calibration: "rejected" },
        given: ratios(1, 3),
        equals: [-0.75]
      }
    ]
  }
}

const ROW = ["desirable", "policy", "reference"]

/** A desirable response with log-ratio `good` and an undesirable one with log-ratio `bad`. */
const judged = (good: number, bad: number) => ({
  desirable: [1, 0],
  policy: [-1, -2],
  reference: [-1 - good, -2 - bad]
})

/** Losses on rows and on rewards. */
export const single: Cases<"kto" | "apoZeroUnpaired" | "bcoUnpaired" | "bradleyTerry"> = {
  kto: {
    reads: ["desirable", "mismatched.policy", "mismatched.reference", "policy", "reference"],
    variants: [{ klCoefficient: 0.7, desirableWeight: 2, undesirableWeight: 0.5 }],
    hands: [
      // KL = (2T + 0)/2: 1 − σ(2T − T) and 1 − σ(T − 0)
      {
        options: { klCoefficient: 1, desirableWeight: 2, undesirableWeight: 4 },
        given: { ...judged(2 * T, 0), "mismatched.policy": [-1, -1], "mismatched.reference": [-1 - 2 * T, -1] },
        equals: [0.5, 1]
      },
      // a negative mean counts as no divergence
      {
        options: { klCoefficient: 1 },
        given: { ...judged(T, -T), "mismatched.policy": [-9, -9], "mismatched.reference": [-4, -4] },
        equals: [0.25, 0.25],
        slopes: { policy: [-0.1875, 0.1875] }
      }
    ]
  },
  apoZeroUnpaired: {
    reads: ROW,
    variants: [{ klCoefficient: 0.7 }],
    hands: [{ options: { klCoefficient: 1 }, given: judged(T, -T), equals: [0.25, 0.25] }]
  },
  bcoUnpaired: {
    reads: [...ROW, "runningReward"],
    variants: [{ klCoefficient: 0.7 }],
    // −log σ(2T − T) and −log σ(−(0 − T))
    hands: [
      {
        options: { klCoefficient: 1 },
        given: { ...judged(2 * T, 0), runningReward: [T] },
        equals: [log(4 / 3), log(4 / 3)]
      }
    ]
  },
  bradleyTerry: {
    reads: ["chosen", "rejected"],
    variants: [{ margin: "subtract", centering: 0.3 }],
    hands: [
      { given: { chosen: [3], rejected: [3] }, equals: [log(2)], slopes: { chosen: [-0.5], rejected: [0.5] } },
      // a gap of 2T less a margin of T
      { options: { margin: "subtract" }, given: { chosen: [2 * T], rejected: [0], margin: [T] }, equals: [log(4 / 3)] },
      // log(1 + 1/e) + 1/2·(2 + 1)²
      { options: { centering: 0.5 }, given: { chosen: [2], rejected: [1] }, equals: [log(1 + exp(-1)) + 4.5] }
    ]
  }
}
