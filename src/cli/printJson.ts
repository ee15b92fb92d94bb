import { Console, type Effect } from "effect"

/** Writes one JSON object as a line on stdout. */
export const printJson = (value: unknown): Effect.Effect<void> => Console.log(JSON.stringify(value))
