import { Data, Runtime } from "effect"

/**
 * A command ended badly and has said why.
 *
 * Domain   exitCode 1: the run failed; 2: what a person wrote has to be corrected.
 */
export class CommandFailed extends Data.TaggedError("CommandFailed")<{ readonly exitCode: 1 | 2 }> {
  override readonly [Runtime.errorExitCode] = this.exitCode
  override readonly [Runtime.errorReported] = false
}
