import { Effect, FileSystem, Option, Path, Schema } from "effect"
import { readArrowMetadata } from "../../arrow/mod.ts"
import { writeDurably } from "./durable.ts"
import { Lineage } from "./Lineage.ts"

type Needs = FileSystem.FileSystem | Path.Path

/** How a kind of artefact carries its lineage: how it is read back, and what is added before the artefact gets its name. */
export interface Carrier {
  readonly read: (path: string) => Effect.Effect<Option.Option<Lineage>, never, Needs>
  readonly seal: (temporary: string, lineage: Lineage) => Effect.Effect<void, unknown, Needs>
}

const Sealed = Schema.Struct({ lineage: Lineage })
const decodeText = Schema.decodeUnknownOption(Schema.fromJsonString(Lineage))
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Sealed))

const readSealed = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const text = yield* Effect.option(files.readFileString(path))
  return Option.map(Option.flatMap(text, decode), ({ lineage }) => lineage)
})

/** A checkpoint: the lineage is a file in the folder. */
const folder: Carrier = {
  read: (path) => Effect.flatMap(Path.Path, ({ join }) => readSealed(join(path, "lineage.json"))),
  seal: Effect.fnUntraced(function* (temporary, lineage) {
    const { join } = yield* Path.Path
    yield* writeDurably(join(temporary, "lineage.json"), `${JSON.stringify({ lineage }, undefined, 2)}\n`)
  })
}

/** A JSON object: the lineage is its key `lineage`, written by the step itself. */
const json: Carrier = { read: readSealed, seal: () => Effect.void }

/** An Arrow IPC file: the lineage is in the metadata of its schema, written by the step itself. */
const arrow: Carrier = {
  read: (path) =>
    Effect.map(Effect.option(readArrowMetadata(path)), (metadata) =>
      Option.flatMap(metadata, ({ lineage }) => decodeText(lineage))
    ),
  seal: () => Effect.void
}

/** The metadata with which an Arrow file carries its lineage. */
export const arrowMetadata = (lineage: Lineage) => ({ lineage: JSON.stringify(lineage) })

export const carriers = { folder, json, arrow } satisfies Record<string, Carrier>
