import { FlatTable } from "./FlatTable.ts"
import { MessageBroken } from "./MessageBroken.ts"

/** Gives the next bytes, fewer only at the end. */
export type Take = (length: number) => Promise<Uint8Array>

/** What a message holds, by its number in the format. */
const kinds = { 1: "schema", 2: "dictionary", 3: "batch" } as const

/** A message without its body. Units: bytes. */
export interface IpcMessage {
  readonly kind: (typeof kinds)[keyof typeof kinds]
  /** Its length and its metadata, as they lie in the file. */
  readonly bytes: Uint8Array
  readonly header: FlatTable
  readonly metadataBytes: number
  readonly bodyBytes: number
}

/** Metadata that is believed: columns and buffers take some hundred bytes each. */
const mostMetadata = 256 * 1024 * 1024
const continued = -1
const lengthBytes = 4

const intOf = (bytes: Uint8Array): number => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readInt32LE()

const isKind = (type: number): type is keyof typeof kinds => type in kinds

const whole = (piece: Uint8Array | undefined, length: number): Uint8Array => {
  if (piece?.length === length) return piece
  throw new MessageBroken(`${piece?.length} bytes, wanted ${length} bytes of a message`)
}

/**
 * The next message of an Arrow IPC stream; undefined behind the last one.
 *
 * Fails    MessageBroken and RangeError, rejected
 */
export const readMessage = async (take: Take): Promise<IpcMessage | undefined> => {
  const pieces = [await take(lengthBytes)]
  if (pieces[0]?.length === 0) return undefined // a stream may end so
  let length = intOf(whole(pieces[0], lengthBytes))
  if (length === continued) {
    pieces.push(await take(lengthBytes))
    length = intOf(whole(pieces[1], lengthBytes))
  }
  if (length === 0) return undefined
  if (length < 0 || length > mostMetadata) throw new MessageBroken(`a message of ${length} bytes`)
  const metadata = whole(await take(length), length)
  const root = FlatTable.root(metadata)
  const [type, header, bodyBytes] = [root.byte(1), root.table(2), root.long(3)]
  if (!isKind(type) || header === undefined) throw new MessageBroken(`a message of the kind ${type}`)
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) throw new MessageBroken(`a body of ${bodyBytes} bytes`)
  for (const pair of root.tables(4)) void [pair.text(0), pair.text(1)]
  const kind = kinds[type]
  if (kind === "schema" && bodyBytes > 0) throw new MessageBroken(`a schema with a body of ${bodyBytes} bytes`)
  return { kind, bytes: Buffer.concat([...pieces, metadata]), header, metadataBytes: length, bodyBytes }
}
