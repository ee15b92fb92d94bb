import { Effect, Schema } from "effect"

/** A key that must be written. */
export const required = <S extends Schema.Top>(schema: S, description: string): S =>
  schema.annotate({ description }) as S // as: an annotation leaves the type of a schema as it is

/** A key that may be left out: `value` stands in for it, and editors show both. */
export const defaulted = <S extends Schema.Top>(schema: S, value: S["Encoded"], description: string) =>
  Schema.withDecodingDefaultKey<S>(Effect.succeed(value))(
    schema.annotate({ description, default: value }) as S // as: an annotation leaves the type of a schema as it is
  )

/** A key that may be left out and then is absent. */
export const optional = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.optionalKey(required(schema, description))
