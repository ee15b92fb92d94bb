import { Context, type Effect, type Stream } from "effect"
import type { Key } from "../random/mod.ts"
import type { Tokenizer } from "../text/mod.ts"
import type { Tokenizing } from "../tokenizing/mod.ts"
import type { SamplerError } from "./errors.ts"
import type { Choosing } from "./Policy.ts"

/**
 * One response that is asked for.
 *
 * Units    maxNewTokens in tokens; the temperature divides the logits, 0 takes the most likely token.
 * Domain   `ids` are the tokens of the prompt; `key` is the key of all chance of this response; `name` is what errors call the prompt;
 *          a response ends at one of the model's end tokens and at `stopIds`.
 */
export interface RolloutRequest extends Choosing {
  readonly ids: Int32Array
  readonly key: Key
  readonly temperature: number
  readonly maxNewTokens: number
  readonly stopIds?: ReadonlyArray<number>
  readonly name?: string
}

/** Why a response ended: at an end token or a stop string, or because its tokens were used up. */
export type Finish = "stop" | "length"

/**
 * One token of a response, and what it adds to the text. Units: nats.
 *
 * Domain   `text` is whole characters that no later token changes, often none; the last piece has `finish`.
 */
export interface Piece {
  readonly id: number
  readonly text: string
  readonly logProbability?: number
  readonly finish?: Finish
}

/** A whole response. Units: nats. */
export interface Drawn {
  readonly ids: ReadonlyArray<number>
  readonly text: string
  readonly finish: Finish
  readonly logProbabilities?: ReadonlyArray<number>
}

/**
 * A model that answers many requests at the same time: they may be added whenever they come, and share its steps.
 *
 * Domain   A response is a pure function of weights and request, whatever is asked beside it. Where a stream or an
 *          effect is interrupted, its responses are taken back and their places freed.
 * Fails    SamplerError
 */
export class Rollout extends Context.Service<
  Rollout,
  {
    readonly tokenizer: Tokenizer
    /** Reads prompts as tokens while responses are drawn. */
    readonly tokenizing: Tokenizing
    /** Tokens that prompt and response may have together. */
    readonly contextLength: number
    /** Fails with what is wrong with a request, before it waits for a place. */
    readonly check: (request: RolloutRequest) => Effect.Effect<void, SamplerError>
    readonly stream: (request: RolloutRequest) => Stream.Stream<Piece, SamplerError>
    readonly draw: (requests: ReadonlyArray<RolloutRequest>) => Effect.Effect<ReadonlyArray<Drawn>, SamplerError>
  }
>()("prefloop/sampler/Rollout") {}
