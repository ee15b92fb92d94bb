import { Checker } from "./Checker.ts"
import { fieldsOf, type IpcField } from "./fieldsOf.ts"
import { type FlatStructs, FlatTable } from "./FlatTable.ts"
import { MessageBroken } from "./MessageBroken.ts"
import { type IpcMessage, readMessage, type Take } from "./readMessage.ts"
import { schemaMessage } from "./schemaMessage.ts"
import { bodyOf } from "./streamMessages.ts"

/** A file that is read by ranges. Units: bytes. */
export interface Ranges {
  readonly size: number
  /** Gives fewer bytes only at the end of the file. */
  readonly read: (start: number, length: number) => Promise<Uint8Array>
}

/** Magic and padding in front; length of the footer and magic behind. */
const frontBytes = 8
const backBytes = 10
const blockBytes = 24

/** Where a message begins, and how long its body is. */
interface Block {
  readonly at: number
  readonly bodyBytes: number
}

interface Placed extends Block {
  readonly message: IpcMessage
  readonly body: number
}

const blocksOf = ({ view, at, count }: FlatStructs): ReadonlyArray<Block> =>
  Array.from({ length: count }, (_, i) => {
    const place = at + blockBytes * i
    return { at: Number(view.getBigInt64(place, true)), bodyBytes: Number(view.getBigInt64(place + 16, true)) }
  })

const takingFrom = (ranges: Ranges, start: number, end: number) => {
  let at = start
  const take: Take = async (length) => {
    const bytes = await ranges.read(at, Math.min(length, end - at))
    at += bytes.length
    return bytes
  }
  return { take, place: () => at, skip: (length: number) => void (at += length) }
}

/** The messages between magic and footer, without their bodies. */
const placesOf = async (ranges: Ranges, end: number): Promise<ReadonlyArray<Placed>> => {
  const { take, place, skip } = takingFrom(ranges, frontBytes, end)
  const found: Array<Placed> = []
  for (;;) {
    const at = place()
    const message = at >= end ? undefined : await readMessage(take)
    if (message === undefined) return found
    const body = place()
    if (message.bodyBytes > end - body) throw new MessageBroken(`a body of ${message.bodyBytes} bytes at byte ${body}`)
    skip(message.bodyBytes)
    found.push({ at, body, message, bodyBytes: message.bodyBytes })
  }
}

const agree = (kind: IpcMessage["kind"], found: ReadonlyArray<Placed>, told: ReadonlyArray<Block>): void => {
  const places = found.filter(({ message }) => message.kind === kind)
  if (places.length !== told.length)
    throw new MessageBroken(`${places.length} messages of the kind ${kind}, ${told.length} in the footer`)
  const sorted = told.toSorted((a, b) => a.at - b.at)
  const wrong = places.findIndex((place, i) => sorted[i]?.at !== place.at || sorted[i].bodyBytes !== place.bodyBytes)
  if (wrong >= 0)
    throw new MessageBroken(`a ${kind} at byte ${places[wrong]?.at}, in the footer at byte ${sorted[wrong]?.at}`)
}

const sameFields = (fields: ReadonlyArray<IpcField>, message: IpcMessage | undefined): void => {
  const told = message === undefined ? [] : fieldsOf(message.header, message.metadataBytes)
  if (JSON.stringify(told) !== JSON.stringify(fields)) throw new MessageBroken("another schema in the footer")
}

/**
 * The messages of an Arrow IPC file as a stream would have them, dictionaries before the batches that need them, each checked
 * before it is given; what its footer says is compared with them.
 *
 * Domain   the file ends in a footer whose length lies within it
 * Fails    MessageBroken and RangeError, rejected, and what the ranges fail with
 */
export async function* fileMessages(ranges: Ranges): AsyncGenerator<Uint8Array> {
  const back = await ranges.read(ranges.size - backBytes, backBytes)
  const length = Buffer.from(back.buffer, back.byteOffset, back.length).readInt32LE()
  const end = ranges.size - backBytes - length
  const footer = await ranges.read(end, length)
  const root = FlatTable.root(footer)
  const schema = root.table(1)
  if (schema === undefined) throw new MessageBroken("no schema in the footer")
  const fields = fieldsOf(schema, length)
  const checker = new Checker(fields)
  const places = await placesOf(ranges, end)
  const isTwice = places[0]?.message.kind === "schema" // some writers tell it in the footer only
  const rest = isTwice ? places.slice(1) : places
  if (isTwice) sameFields(fields, places[0]?.message)
  agree("dictionary", rest, blocksOf(root.structs(2, blockBytes)))
  agree("batch", rest, blocksOf(root.structs(3, blockBytes)))
  yield schemaMessage(footer, schema)
  for (const kind of ["dictionary", "batch", "schema"] as const)
    for (const { message, body } of rest.filter((place) => place.message.kind === kind)) {
      const bytes = await bodyOf((size) => ranges.read(body, size), message.bodyBytes)
      checker.check(message, bytes)
      yield message.bytes
      yield bytes
    }
}
