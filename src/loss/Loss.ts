import type { Schema } from "effect"
import type { Ops, Value } from "../graph/mod.ts"

/** One number for each response of each pair. Shapes: each [pair]. */
export interface Pair {
  readonly chosen: Value
  readonly rejected: Value
}

/**
 * What a loss over pairs may read. A field may be made when it is first read, so that only what a loss reads becomes an
 * input of the graph.
 *
 * Shapes   every Value [pair].
 * Units    log-probabilities in nats, summed; lengths in tokens; `margin` in rewards.
 * Domain   lengths ≥ 1.
 */
export interface PairTerms {
  /** log π over the response tokens. */
  readonly policy: Pair
  /** log π₀ over the same tokens. */
  readonly reference: Pair
  /** Response tokens. */
  readonly length: Pair
  /** r(chosen) − r(rejected) of the oracle. */
  readonly margin: Value
  /** log π over prompt and response tokens. */
  readonly whole: Pair
  /** Prompt and response tokens that `whole` sums over. */
  readonly wholeLength: Pair
  /** 1 where the chosen response was drawn from the reference policy, 0 where the rejected one was. */
  readonly fromReference: Value
}

/**
 * What a loss over single judged responses may read; a pair gives two rows.
 *
 * Shapes   every Value [row], but `runningReward` [].
 * Units    log-probabilities in nats, summed over response tokens; `length` in tokens.
 */
export interface RowTerms {
  readonly policy: Value
  readonly reference: Value
  readonly length: Value
  /** 1 for a response to imitate, 0 for one to avoid. */
  readonly desirable: Value
  /** Log-probabilities of each response under the prompt of another row; no gradient flows to them. */
  readonly mismatched: { readonly policy: Value; readonly reference: Value }
  /** δ of BCO: the running mean of rewards, 0 at first. */
  readonly runningReward: Value
}

/** Rewards of a reward model, and the margin of the oracle. Shapes: each [pair]. Units: reward. */
export interface RewardTerms {
  readonly chosen: Value
  readonly rejected: Value
  readonly margin: Value
}

/** What the vector of a loss is averaged over: its sum is divided by the number of these in the whole batch. */
export type Per = "pair" | "row" | "chosenToken"

/** A loss with its options given. */
export interface Bound<On extends string, Terms> {
  readonly on: On
  readonly per: Per
  readonly coupled: boolean
  readonly rewardScale: number
  /** Shapes: result [pair] or [row]. */
  readonly build: (op: Ops, terms: Terms) => Value
}

/** What a row of the table says. */
export interface Description<Terms, F extends Schema.Struct.Fields> {
  /** One sentence for people who choose. */
  readonly doc: string
  readonly per: Per
  /** Whether an element of the vector depends on other rows: a micro-batch then needs at least two. */
  readonly coupled: boolean
  readonly options: Schema.Struct<F>
  /** β by which implicit rewards are logged; 1 where there is none. */
  readonly rewardScale: (options: Schema.Struct<F>["Type"]) => number
  /** Shapes: result [pair] or [row]. Units: nats, before the mean. */
  readonly build: (op: Ops, terms: Terms, options: Schema.Struct<F>["Type"]) => Value
}

/** A row of the table of losses. */
export interface Loss<On extends string, Terms, F extends Schema.Struct.Fields> extends Description<Terms, F> {
  readonly on: On
  readonly bind: (options: Schema.Struct<F>["Type"]) => Bound<On, Terms>
}

/** What is usual: a mean over pairs, each on its own. */
type Usual = "per" | "coupled"

type Written<Terms, F extends Schema.Struct.Fields> = Omit<Description<Terms, F>, Usual> &
  Partial<Pick<Description<Terms, F>, Usual>>

const lossOn =
  <On extends string, Terms>(on: On, usual: Per) =>
  <F extends Schema.Struct.Fields>(written: Written<Terms, F>): Loss<On, Terms, F> => {
    const { per = usual, coupled = false, rewardScale, build } = written
    return {
      ...written,
      on,
      per,
      coupled,
      bind: (options) => ({
        on,
        per,
        coupled,
        rewardScale: rewardScale(options),
        build: (op, terms) => build(op, terms, options)
      })
    }
  }

/** A loss over pairs of responses, averaged over pairs and uncoupled unless said otherwise. */
export const pairLoss = lossOn<"pairs", PairTerms>("pairs", "pair")

/** A loss over single judged responses, averaged over rows and uncoupled unless said otherwise. */
export const rowLoss = lossOn<"rows", RowTerms>("rows", "row")

/** A loss over the rewards of a reward model, averaged over pairs and uncoupled unless said otherwise. */
export const rewardLoss = lossOn<"rewards", RewardTerms>("rewards", "pair")
