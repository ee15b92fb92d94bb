import { Context, Effect, Layer, type Scope } from "effect"

/** What a phase counts, and how far it goes. */
export interface Phase {
  readonly name: string
  readonly total: number
  /** What is counted, in the plural: prompts, steps. */
  readonly unit: string
}

/** Counts `amount` more, which may be a part, with a few words on how it goes, and how far it goes where that is known better by now. */
export type Advance = (amount: number, detail?: string, total?: number) => Effect.Effect<void>

/** Tells a person how a run goes. Which way (a bar, lines, JSON, nothing) is the layer's choice. */
export class Progress extends Context.Service<
  Progress,
  {
    /** Shows a phase until the scope closes. */
    readonly phase: (phase: Phase) => Effect.Effect<Advance, never, Scope.Scope>
    readonly note: (line: string) => Effect.Effect<void>
    readonly warn: (line: string) => Effect.Effect<void>
  }
>()("prefloop/pipeline/Progress") {
  /** Says nothing. */
  static readonly silent = Layer.succeed(
    Progress,
    Progress.of({ phase: () => Effect.succeed(() => Effect.void), note: () => Effect.void, warn: () => Effect.void })
  )
}
