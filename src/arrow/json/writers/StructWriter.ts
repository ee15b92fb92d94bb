import { type Data, Field, makeData, Struct } from "apache-arrow"
import type { Shape } from "../kernel/Shape.ts"
import type { Scanner } from "../Scanner.ts"
import { scanText } from "../scanText.ts"
import { nullWord, skipValue } from "../skipValue.ts"
import type { Tape } from "../Tape.ts"
import { ColumnWriter } from "./ColumnWriter.ts"

/** A key of an object: whether null may stand there, and whether it may be left out. */
export interface MemberWriter {
  readonly name: string
  readonly writer: ColumnWriter
  readonly nullable: boolean
  readonly takesNull: boolean
  readonly takesNothing: boolean
}

interface Known extends MemberWriter {
  /** The name and the quote behind it. */
  readonly key: Uint8Array
}

/** Objects: one column for each key; keys that are not known are skipped. */
export class StructWriter extends ColumnWriter {
  readonly type: Struct
  readonly #members: ReadonlyArray<Known>
  /** The member that is likely to come next: keys mostly come in the same order. */
  #next = 0

  constructor(scanner: Scanner, members: ReadonlyArray<MemberWriter>) {
    super(scanner)
    this.#members = members.map((member) => ({ ...member, key: Buffer.from(`${member.name}"`) }))
    this.type = new Struct(members.map(({ name, writer, nullable }) => new Field(name, writer.type, nullable)))
  }

  get shape(): Shape {
    const members = this.#members.map(({ name, writer, takesNull, takesNothing }) => ({
      name,
      shape: writer.shape,
      takesNull,
      takesNothing
    }))
    return { kind: "struct", members }
  }

  replay(tape: Tape): boolean {
    for (let i = 0; i < this.#members.length; i++) {
      const member = this.#members[i]
      if (member === undefined) continue
      if ((member.takesNull || member.takesNothing) && tape.word() === 0) member.writer.absent()
      else if (!member.writer.replay(tape)) return false
    }
    this.length++
    return true
  }

  scan(scanner: Scanner): boolean {
    if (scanner.bytes[scanner.at] !== 0x7b) return false
    scanner.at++
    scanner.skipSpace()
    this.#next = 0
    if (scanner.bytes[scanner.at] === 0x7d) scanner.at++
    else if (!this.#scanMembers(scanner)) return false
    if (!this.#fillGaps()) return false
    this.length++
    return true
  }

  protected put(value: Readonly<Record<string, unknown>>): void {
    for (const { name, writer } of this.#members) writer.append(value[name])
  }

  protected pad(): void {
    for (const { writer } of this.#members) writer.absent()
  }

  override reset(length: number): void {
    super.reset(length)
    for (const { writer } of this.#members) writer.reset(length)
  }

  override settle(): void {
    super.settle()
    // an iterator would make an object for each member of each row
    for (let i = 0; i < this.#members.length; i++) this.#members[i]?.writer.settle()
  }

  flush(): void {
    for (const { writer } of this.#members) writer.flush()
  }

  view(): Data<Struct> {
    const children = this.#members.map(({ writer }) => writer.view())
    return makeData({ type: this.type, length: this.length, ...this.validity.view(), children })
  }

  finish(): Data<Struct> {
    const { type, length } = this
    const children = this.#members.map(({ writer }) => writer.finish())
    const data = makeData({ type, length, ...this.validity.take(length), children })
    this.restart()
    return data
  }

  /** Puts absences where a row names no value; false where one is wanted. */
  #fillGaps(): boolean {
    for (let i = 0; i < this.#members.length; i++) {
      const member = this.#members[i]
      if (member === undefined || member.writer.length > this.length) continue
      if (!member.takesNothing) return false
      member.writer.absent()
    }
    return true
  }

  #scanMembers(scanner: Scanner): boolean {
    for (;;) {
      if (!this.#scanMember(scanner)) return false
      scanner.skipSpace()
      const byte = scanner.bytes[scanner.at++]
      if (byte === 0x7d) return true
      if (byte !== 0x2c) return false
      scanner.skipSpace()
    }
  }

  #scanMember(scanner: Scanner): boolean {
    if (scanner.bytes[scanner.at] !== 0x22) return false
    const member = this.#find(scanner)
    if (member === undefined && !skipPlainKey(scanner)) return false
    scanner.skipSpace()
    if (scanner.bytes[scanner.at++] !== 0x3a) return false
    scanner.skipSpace()
    if (member === undefined) return skipValue(scanner)
    // a key that comes twice is left to JSON.parse
    if (member.writer.length > this.length) return false
    if (!member.takesNull || !scanner.takes(nullWord)) return member.writer.scan(scanner)
    member.writer.absent()
    return true
  }

  /** The member whose key lies at the scanner, which then stands behind it. */
  #find(scanner: Scanner): Known | undefined {
    const quote = scanner.at
    scanner.at++
    for (let tried = 0; tried < this.#members.length; tried++) {
      const member = this.#members[this.#next]
      this.#next = this.#next + 1 < this.#members.length ? this.#next + 1 : 0
      if (member !== undefined && scanner.takes(member.key)) return member
    }
    scanner.at = quote
    return undefined
  }
}

/** Goes over a key that is spelled out; one with escapes could be a known key. */
const skipPlainKey = (scanner: Scanner): boolean => {
  const start = scanner.at
  const end = scanText(scanner, scanner.scratch)
  return end >= 0 && end - scanner.scratch === scanner.at - start - 2
}
