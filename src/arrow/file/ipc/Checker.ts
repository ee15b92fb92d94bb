import { checkBatch } from "./checkBatch.ts"
import type { IpcField } from "./fieldsOf.ts"
import { MessageBroken } from "./MessageBroken.ts"
import type { IpcMessage } from "./readMessage.ts"

const entriesIn = (field: IpcField): ReadonlyArray<readonly [number, IpcField]> => {
  const { dictionary, children } = field
  if (dictionary === undefined) return children.flatMap(entriesIn)
  return [[dictionary.id, dictionary.entries], ...entriesIn(dictionary.entries)]
}

/** Sees the messages of an Arrow IPC stream through, one after the other, against the schema at its begin. */
export class Checker {
  readonly #fields: ReadonlyArray<IpcField>
  readonly #entries: ReadonlyMap<number, IpcField>
  readonly #given = new Set<number>()

  constructor(fields: ReadonlyArray<IpcField>) {
    this.#fields = fields
    this.#entries = new Map(fields.flatMap(entriesIn))
  }

  /** Checks a message behind the schema, and its body. */
  check({ kind, header }: IpcMessage, body: Uint8Array): void {
    if (kind === "schema") throw new MessageBroken("a second schema")
    if (kind === "dictionary") return this.#dictionary(header, body)
    const missing = [...this.#entries.keys()].find((id) => !this.#given.has(id))
    if (missing !== undefined) throw new MessageBroken(`a batch without dictionary ${missing}`)
    checkBatch(header, this.#fields, body)
  }

  #dictionary(header: IpcMessage["header"], body: Uint8Array): void {
    const id = header.long(0)
    const entries = this.#entries.get(id)
    const batch = header.table(1)
    if (entries === undefined || batch === undefined) throw new MessageBroken(`dictionary ${id} of no column`)
    if (header.byte(2) !== 0 && !this.#given.has(id))
      throw new MessageBroken(`more of dictionary ${id}, of which is none`)
    checkBatch(batch, [entries], body)
    this.#given.add(id)
  }
}
