import { Schema } from "effect"

/** An object with exactly one of the keys of `F`. */
export type OneOf<F extends Schema.Struct.Fields> = {
  readonly [K in keyof F]: { readonly [P in K]: F[K]["Type"] } & { readonly [P in Exclude<keyof F, K>]?: never }
}[keyof F]

/**
 * A schema of an object with exactly one key, which says what it is: `{ adamW: { … } }`.
 *
 * A struct of optional keys rather than a union, so that a mistake below a key is reported at its own place.
 */
export const oneOf = <F extends Schema.Struct.Fields>(fields: F): Schema.Codec<OneOf<F>, unknown> => {
  const message = `Expected exactly one of the keys ${Object.keys(fields).join(", ")}`
  const optional = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, Schema.optionalKey(field)]))
  const schema = Schema.Struct(optional).check(
    Schema.isMinProperties(1, { message }),
    Schema.isMaxProperties(1, { message })
  )
  return schema as unknown as Schema.Codec<OneOf<F>, unknown> // as: the two checks leave exactly one key
}
