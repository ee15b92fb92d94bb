import { Effect } from "effect"

/** Ends at the next Ctrl-C; while it runs, that signal does nothing else, such as end the program. */
export const untilInterrupted: Effect.Effect<void> = Effect.callback<void>((resume) => {
  const held = process.listeners("SIGINT")
  const restore = () => {
    process.off("SIGINT", stop)
    for (const listener of held.splice(0)) process.on("SIGINT", listener)
  }
  const stop = () => {
    restore()
    resume(Effect.void)
  }
  process.removeAllListeners("SIGINT").on("SIGINT", stop)
  return Effect.sync(restore)
})
