import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, type Scope } from "effect"

/** Runs `use` with the path of a file that does not exist yet, in a folder that is removed afterwards. */
export const withFile = <A, E, R>(name: string, use: (path: string) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fileSystem = yield* FileSystem.FileSystem
    return yield* use(`${yield* fileSystem.makeTempDirectoryScoped()}/${name}`)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)) as Effect.Effect<
    A,
    E,
    Exclude<R, FileSystem.FileSystem | Scope.Scope>
  >

/** The same value without lone surrogates, for which UTF-8 has no place. */
export const wellFormed = <A>(value: A): A => {
  const mend = (part: unknown): unknown => {
    if (typeof part === "string") return part.toWellFormed()
    if (Array.isArray(part)) return part.map(mend)
    if (typeof part !== "object" || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, mend(inner)]))
  }
  return mend(value) as A // strings stay strings
}
