import { type Code, kinds, type Routine } from "./assemble.ts"
import { resultAddress } from "./copyText.ts"
import { again, call, either, get, give, i32, i64, loop, ops, set, when } from "./ops.ts"
import { numberAddress } from "./readNumber.ts"
import type { Member, Shape } from "./Shape.ts"

/** Where it is kept at which address each column of text goes on. Units: bytes from the start of memory. */
export const slotsAddress = 640
/** Columns of text that have a slot. */
export const mostSlots = 96
/** Bytes of a row on the tape, and those that may be written between two looks at how many there are. */
export const tapeBytes = 1 << 16
const slack = 1 << 12

/** The routines that a row needs, by their place in the module. */
export const places = { copyText: 0, readNumber: 1 } as const

const [at, tape, limit, found] = [0, 1, 2, 3]
const firstCount = 4
const giveUp: Code = give(i32(0))
const forward = (local: number, bytes: number): Code => set(local, ops.i32Add(get(local), i32(bytes)))
const isByte = (wanted: string): Code => ops.i32Eq(ops.i32Load8U(get(at)), i32(wanted.charCodeAt(0)))
const unless = (condition: Code, ...body: Code): Code => when(ops.i32Eqz(condition), ...body)
const byte = (wanted: string): Code => [unless(isByte(wanted), giveUp), forward(at, 1)]
const push = (word: Code): Code => [ops.i32Store(get(tape), word), forward(tape, 4)]

/** Whether these bytes are next, looked at eight at a time. */
const isNext = (bytes: Buffer): Code => {
  const parts: Array<Code> = []
  let i = 0
  for (; i + 8 <= bytes.length; i += 8) parts.push(ops.i64Eq(ops.i64Load(get(at), i), i64(bytes.readBigUInt64LE(i))))
  for (; i < bytes.length; i++) parts.push(ops.i32Eq(ops.i32Load8U(get(at), i), i32(bytes[i] ?? 0)))
  return parts.reduce((all, part) => ops.i32And(all, part))
}

const takes = (text: string, ...then: Code): Code => {
  const bytes = Buffer.from(text)
  return when(isNext(bytes), forward(at, bytes.length), ...then)
}

/** Goes over a key if it is next, written close or with a space behind each mark; says whether in `found`. */
const key = (mark: string, name: string): Code => [
  set(found, i32(0)),
  takes(`${mark}"${name}":`, set(found, i32(1)), when(isByte(" "), forward(at, 1))),
  unless(get(found), takes(`${mark} "${name}": `, set(found, i32(1))))
]

/** Code of the parts of a row; each list counts in a local of its own. */
class Reader {
  counts = 0

  value(shape: Shape): Code {
    switch (shape.kind) {
      case "text":
        return this.#text(slotsAddress + 4 * shape.slot)
      case "number":
        return [
          set(at, call(places.readNumber, get(at))),
          unless(get(at), giveUp),
          ops.i64Store(get(tape), ops.i64Load(i32(numberAddress))),
          forward(tape, 8)
        ]
      case "flag":
        return [
          set(found, i32(-1)),
          takes("true", set(found, i32(1))),
          when(ops.i32Eq(get(found), i32(-1)), takes("false", set(found, i32(0)))),
          when(ops.i32Eq(get(found), i32(-1)), giveUp),
          push(get(found))
        ]
      case "list":
        return this.#list(shape.nullable ? this.#orNull(shape.element) : this.value(shape.element))
      case "struct":
        return [shape.members.map((member, i) => this.#member(i === 0 ? "{" : ",", member)), byte("}")]
    }
  }

  #text(slot: number): Code {
    return [
      unless(isByte('"'), giveUp),
      set(at, call(places.copyText, ops.i32Add(get(at), i32(1)), ops.i32Load(i32(slot)))),
      byte('"'),
      ops.i32Store(i32(slot), ops.i32Load(i32(resultAddress))),
      push(ops.i32Load(i32(slot)))
    ]
  }

  /** One word says whether there is a value. */
  #orNull(shape: Shape): Code {
    return either(isNext(Buffer.from("null")), [forward(at, 4), push(i32(0))], [push(i32(1)), this.value(shape)])
  }

  #list(element: Code): Code {
    const place = firstCount + 2 * this.counts++
    const count = place + 1
    return [
      byte("["),
      set(place, get(tape)),
      forward(tape, 4),
      set(count, i32(0)),
      unless(
        isByte("]"),
        loop(
          when(ops.i32GtU(get(tape), get(limit)), giveUp),
          element,
          forward(count, 1),
          when(isByte(","), forward(at, 1), when(isByte(" "), forward(at, 1)), again(1))
        )
      ),
      byte("]"),
      ops.i32Store(get(place), get(count))
    ]
  }

  #member(mark: string, { name, shape, takesNull, takesNothing }: Member): Code {
    const value = takesNull ? this.#orNull(shape) : takesNothing ? [push(i32(1)), this.value(shape)] : this.value(shape)
    const absent = takesNothing ? push(i32(0)) : giveUp
    return [key(mark, name), either(get(found), value, absent)]
  }
}

/** Whether the kernel knows how to read it: the first key of an object must be there, and columns must have slots. */
const isKnown = (shape: Shape): boolean => {
  if (shape.kind === "text") return shape.slot < mostSlots
  if (shape.kind === "list") return isKnown(shape.element)
  if (shape.kind !== "struct") return true
  const { members } = shape
  const fits = members.length > 0 && members.length < slack / 64 && members[0]?.takesNothing === false
  return fits && members.every((member) => isKnown(member.shape))
}

/**
 * `readRow(at, tape)` reads a row whose keys come in order and whose texts have no escapes of code units: it copies each text
 * to where its slot says, moves the slot, and puts on the tape where the text ends, numbers, flags, how many elements a list
 * has, and before what may be absent whether it is there. It gives the address behind the row; 0 where it cannot read it.
 */
export const readRow = (shape: Shape): Routine | undefined => {
  if (!isKnown(shape)) return undefined
  const reader = new Reader()
  const body = reader.value(shape)
  return {
    name: "readRow",
    parameters: [kinds.i32, kinds.i32],
    results: [kinds.i32],
    locals: [kinds.i32, kinds.i32, ...Array.from({ length: 2 * reader.counts }, () => kinds.i32)],
    body: [set(limit, ops.i32Add(get(tape), i32(tapeBytes - slack))), body, get(at)]
  }
}
