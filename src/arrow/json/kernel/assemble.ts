/** Bytes of WebAssembly code, nested as the code is. */
export type Code = ReadonlyArray<number | Code>

/** The kinds of values, as the format writes them. */
export const kinds = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const

/** A function that the module exports: all its values are on the stack or in locals, all its memory is the module's. */
export interface Routine {
  readonly name: string
  readonly parameters: ReadonlyArray<number>
  readonly results: ReadonlyArray<number>
  readonly locals: ReadonlyArray<number>
  readonly body: Code
}

/** An unsigned number in LEB128. */
export const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, unsigned(Math.floor(value / 0x80))]

/** A signed number in LEB128. */
export const signed = (value: bigint): Code =>
  value >= -64n && value < 64n ? [Number(value & 0x7fn)] : [Number(value & 0x7fn) | 0x80, signed(value >> 7n)]

const flat = (code: Code): ReadonlyArray<number> =>
  code.flatMap((part) => (typeof part === "number" ? part : flat(part)))

const sized = (code: Code): Code => {
  const bytes = flat(code)
  return [unsigned(bytes.length), bytes]
}

const vector = (items: ReadonlyArray<Code>): Code => [unsigned(items.length), items]
const section = (id: number, items: ReadonlyArray<Code>): Code => [id, sized(vector(items))]
const text = (name: string): Code => sized([...Buffer.from(name)])

const functionKind = 0x60
const endOfBody = 0x0b
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/**
 * The bytes of a WebAssembly module with these functions, over a memory that the caller gives as `js.memory`.
 *
 * Source   WebAssembly core specification 2.0, chapter 5 (binary format).
 */
export const assemble = (routines: ReadonlyArray<Routine>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    flat([
      header,
      section(
        1,
        routines.map(({ parameters, results }) => [functionKind, sized(parameters), sized(results)])
      ),
      section(2, [[text("js"), text("memory"), 0x02, 0x00, 0x01]]),
      section(
        3,
        routines.map((_, i) => unsigned(i))
      ),
      section(
        7,
        routines.map(({ name }, i) => [text(name), 0x00, unsigned(i)])
      ),
      section(
        10,
        routines.map(({ locals, body }) => sized([vector(locals.map((kind) => [1, kind])), body, endOfBody]))
      )
    ])
  )
