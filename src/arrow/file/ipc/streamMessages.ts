import { Checker } from "./Checker.ts"
import { fieldsOf } from "./fieldsOf.ts"
import { MessageBroken } from "./MessageBroken.ts"
import { readMessage, type Take } from "./readMessage.ts"

/** The body of a message, whole. */
export const bodyOf = async (take: Take, length: number): Promise<Uint8Array> => {
  const body = await take(length)
  if (body.length < length) throw new MessageBroken(`${body.length} bytes, wanted a body of ${length}`)
  return body
}

/** Takes bytes from pieces of any size. */
const taking = (pieces: AsyncIterable<Uint8Array>): Take => {
  const iterator = pieces[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array()
  return async (length) => {
    const parts = [held]
    for (let size = held.length; size < length;) {
      const next = await iterator.next()
      if (next.done === true) break
      parts.push(next.value)
      size += next.value.length
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts)
    held = all.subarray(length)
    return all.subarray(0, length)
  }
}

/**
 * The bytes of an Arrow IPC stream, a message at a time, each checked before it is given.
 *
 * Fails    MessageBroken and RangeError, rejected, and what the bytes fail with
 */
export async function* streamMessages(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const take = taking(pieces)
  const first = await readMessage(take)
  if (first === undefined) return
  if (first.kind !== "schema") throw new MessageBroken(`a ${first.kind} in place of the schema`)
  const checker = new Checker(fieldsOf(first.header, first.metadataBytes))
  yield first.bytes
  for (let message = await readMessage(take); message !== undefined; message = await readMessage(take)) {
    const body = await bodyOf(take, message.bodyBytes)
    checker.check(message, body)
    yield message.bytes
    yield body
  }
  if ((await take(1)).length > 0) throw new MessageBroken("bytes behind the end of the stream")
}
