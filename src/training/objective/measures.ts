import { learnedCount } from "../../model/mod.ts"
import type { Encoded } from "./Encoded.ts"
import type { Measures } from "./Objective.ts"

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

/** What is logged of pairs whose rewards are known, in the spelling of training logs. Shapes: chosen, rejected: [pairs]. */
export const pairMeasures = (chosen: ArrayLike<number>, rejected: ArrayLike<number>) => {
  const count = chosen.length
  const [better, worse] = [total(chosen), total(rejected)]
  const accurate = Array.from(chosen).filter((reward, i) => reward > (rejected[i] ?? Number.NaN)).length
  return {
    "rewards/chosen": { sum: better, count },
    "rewards/rejected": { sum: worse, count },
    "rewards/margins": { sum: better - worse, count },
    "rewards/accuracies": { sum: accurate, count }
  } satisfies Measures
}

/**
 * What is logged of questions answered by a letter: the margin is log P(right)/P(wrong), the difference of rewards of a
 * Bradley-Terry model that says the same. Shapes: right, wrong: [pairs], log π of the letters.
 */
export const letterMeasures = (right: ArrayLike<number>, wrong: ArrayLike<number>): Measures => {
  const { "rewards/accuracies": accuracies, "rewards/margins": margins } = pairMeasures(right, wrong)
  return {
    "rewards/accuracies": accuracies,
    "rewards/margins": margins,
    "logps/chosen": { sum: total(right), count: right.length },
    "logps/rejected": { sum: total(wrong), count: wrong.length }
  }
}

/** β·(log π − log π₀), or β·log π where there is no reference. Shapes: all [sequences]. */
const implicitRewards = (logps: ArrayLike<number>, reference: ReadonlyArray<number>, scale: number) =>
  Array.from(logps, (logp, i) => scale * (logp - (reference[i] ?? 0)))

/** The mean negative log-likelihood of a token of the chosen responses. Shapes: chosen: [pairs], log π of the responses. */
const nllMeasure = (examples: ReadonlyArray<Encoded>, chosen: Float32Array): Measures => ({
  nll_loss: {
    sum: -total(chosen),
    count: examples.reduce((sum, { sequences: [first] }) => sum + (first ? learnedCount(first) : 0), 0)
  }
})

/** What is logged of pairs of responses. Shapes: chosen, rejected: [pairs], log π of the responses. */
export const policyMeasures =
  (scale: number, { nll }: { readonly nll: boolean }) =>
  (examples: ReadonlyArray<Encoded>, reports: Readonly<Record<string, Float32Array>>): Measures => {
    const { chosen = new Float32Array(), rejected = new Float32Array() } = reports
    const rewards = (logps: Float32Array, which: 0 | 1) =>
      implicitRewards(
        logps,
        examples.map(({ reference }) => reference[which] ?? 0),
        scale
      )
    return {
      ...pairMeasures(rewards(chosen, 0), rewards(rejected, 1)),
      "logps/chosen": { sum: total(chosen), count: chosen.length },
      "logps/rejected": { sum: total(rejected), count: rejected.length },
      ...(nll ? nllMeasure(examples, chosen) : {})
    }
  }

/** What is logged of single judged responses: the desirable ones as chosen, the others as rejected. Shapes: policy: [rows]. */
export const rowMeasures =
  (scale: number) =>
  (examples: ReadonlyArray<Encoded>, reports: Readonly<Record<string, Float32Array>>): Measures => {
    const { policy = new Float32Array(), mismatched } = reports
    const rows = examples.flatMap(({ desirable, reference, sequences }) =>
      sequences.map((_, i) => ({ good: desirable ?? i === 0, reference: reference[i] ?? 0 }))
    )
    const rewards = implicitRewards(
      policy,
      rows.map(({ reference }) => reference),
      scale
    )
    const of = (values: ArrayLike<number>, good: boolean) => {
      const picked = Array.from(values).filter((_, i) => rows[i]?.good === good)
      return { sum: total(picked), count: picked.length }
    }
    const all = {
      "rewards/chosen": of(rewards, true),
      "rewards/rejected": of(rewards, false),
      "logps/chosen": of(policy, true),
      "logps/rejected": of(policy, false),
      ...(mismatched ? { kl: { sum: total(mismatched), count: mismatched.length } } : {})
    }
    return Object.fromEntries(Object.entries(all).filter(([, { count }]) => count > 0))
  }
