/**
 * Models over HTTP, as the OpenAI API is asked: responses, and beside them rewards and preferences.
 *
 * ```ts
 * const served = { policy: { id: "dpo", service: yield* Rollout }, reward: { id: "reward", service: yield* Reward } }
 * const url = yield* serve(served, options) // until the scope closes
 * ```
 */
export { AddressFailed, KeyWanted, Refused, ServerError } from "./errors.ts"
export { Api } from "./Api.ts"
export { requireKey, serve, type ServeOptions } from "./serve.ts"
export type { Model, Served } from "./Served.ts"
