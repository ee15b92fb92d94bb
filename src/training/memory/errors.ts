import { Schema } from "effect"

const Part = Schema.Struct({ name: Schema.String, bytes: Schema.Finite })

/** Parts that the message names. */
const named = 3

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`

/** A step that does not fit, whatever is computed a second time. Units: bytes. */
export class MemoryExceeded extends Schema.TaggedError<MemoryExceeded>()("MemoryExceeded", {
  predicted: Schema.Finite,
  budget: Schema.Finite,
  /** The largest first. */
  parts: Schema.Array(Part),
  levers: Schema.Array(Schema.String)
}) {
  override get message() {
    const parts = this.parts
      .slice(0, named)
      .map(({ name, bytes }) => `${name} ${gigabytes(bytes)}`)
      .join(", ")
    return `a step takes ${gigabytes(this.predicted)} at least, wanted at most ${gigabytes(this.budget)} (${parts}); what would help: ${this.levers.join(", ")}`
  }
}
