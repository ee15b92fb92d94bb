import { Schema, SchemaGetter } from "effect"

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30
}

const written = /^(\d+(?:\.\d+)?) ?(B|KB|MB|GB|KiB|MiB|GiB)$/

const bytesOf = (text: string): number => {
  const [, amount = "", unit = ""] = written.exec(text) ?? []
  return Math.floor(Number(amount) * (units[unit] ?? Number.NaN))
}

const AboveZero = Schema.Int.check(Schema.isGreaterThan(0))

const Text = Schema.String.check(
  Schema.isPattern(written, {
    message: `Expected a number of bytes, or one with a unit: ${Object.keys(units).join(", ")}`
  })
).pipe(Schema.decodeTo(AboveZero, { decode: SchemaGetter.transform(bytesOf), encode: SchemaGetter.transform(String) }))

/**
 * An amount of memory as a person writes it: `4GB`, `512 MiB`, or a number.
 *
 * Units    Bytes. 1 GB = 10⁹, 1 GiB = 2³⁰.
 */
export const Bytes = Schema.Union([AboveZero, Text])
