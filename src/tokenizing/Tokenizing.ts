import type { Effect } from "effect"
import type { TextError, Tokenizer } from "../text/mod.ts"
import type { Arguments, Given, JobName } from "./jobs.ts"

/** A tokenizer that lets others have the thread while it reads texts, however long these are. */
export interface Tokenizing {
  readonly tokenizer: Tokenizer
  /**
   * A function of `text/` by name, with what it takes beside the tokenizer: the same result, whoever computes it.
   *
   * Fails    TextError: those of the function; ThreadFailed where a text is long and no thread is left to read it.
   */
  readonly run: <Name extends JobName>(name: Name, ...rest: Arguments<Name>) => Effect.Effect<Given<Name>, TextError>
}
