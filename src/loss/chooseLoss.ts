import { Schema } from "effect"
import { type LossChoice, losses, type LossName } from "./losses.ts"

/**
 * A loss of the table with the options that are written, and the defaults of the others.
 *
 * Fails    SchemaError (thrown) when an option is outside of its domain.
 */
export const chooseLoss = <Name extends LossName>(
  name: Name,
  options: (typeof losses)[Name]["options"]["Encoded"]
): LossChoice => {
  const schema: Schema.Codec<unknown, unknown> = losses[name].options
  return { [name]: Schema.decodeSync(schema)(options) } as LossChoice // as: the options were decoded by the schema of this name
}
