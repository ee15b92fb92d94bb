/** The part of ECMAScript's JSON that TypeScript does not describe yet. */
interface JsonWithSource {
  readonly parse: (
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown
  ) => unknown
  /** A value that `JSON.stringify` writes as this text. */
  readonly rawJSON: (text: string) => unknown
}

const json = JSON as unknown as JsonWithSource // as: Node has had both since version 21

/**
 * The object in a `config.json`, to be written back by `JSON.stringify`: whole numbers with a fraction keep it.
 *
 * Source   transformers checks the types of a config: it refuses 30 where it wants a float, such as 30.0.
 * Domain   `text` is a JSON object, as `readConfig` has found. Such a number is no number here, but holds its text.
 */
export const parseConfigFile = (text: string): Readonly<Record<string, unknown>> =>
  json.parse(text, (_key, value, { source = "" }) =>
    Number.isInteger(value) && /[.eE]/.test(source) ? json.rawJSON(source) : value
  ) as Readonly<Record<string, unknown>> // as: readConfig has decoded it as an object
