import { Schema } from "effect"

const expected = "an object without keys"

/** The parameters of a rule that has none. An empty struct alone would let everything pass. */
export const noParameters = Schema.Struct({}).check(
  Schema.makeFilter((found) => typeof found === "object", { expected }, true),
  Schema.isMaxProperties(0, { expected })
)
