/**
 * Laws of stages, for property-based tests of one's own: each is an Effect that fails with what breaks it.
 *
 * ```ts
 * for (const { check, name } of stageLaws({ stage: shorten, params: { most: 10 }, layer: Layer.empty })) {
 *   it.effect(`shorten: ${name}`, () => Effect.provide(check, NodeServices.layer))
 * }
 * ```
 */
export { LawBroken } from "./LawBroken.ts"
export { type Law, stageLaws } from "./stageLaws.ts"
export type { Identified, StageSubject } from "./StageSubject.ts"
