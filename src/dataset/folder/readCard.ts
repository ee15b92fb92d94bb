import { Result, Schema } from "effect"
import { parseDocument } from "yaml"
import { DescriptionInvalid } from "./errors.ts"

const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])
const Split = Schema.Struct({ split: Schema.String, path: OneOrMore })

/** One configuration of a card: where its data files lie. */
const Config = Schema.Struct({
  config_name: Schema.String,
  default: Schema.optionalKey(Schema.Boolean),
  data_dir: Schema.optionalKey(Schema.String),
  data_files: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.Union([Schema.String, Split]))]))
})
export type Config = typeof Config.Type

const Front = Schema.Struct({ configs: Schema.optionalKey(Schema.Array(Config)) })
const decode = Schema.decodeUnknownResult(Front)

const file = "README.md"

/** What a library says, on one line. */
const onLine = (message: string): string => message.replaceAll(/\s+/g, " ")

/**
 * The configurations that a card names in its YAML front matter; none where it has no front matter.
 *
 * Fails    DescriptionInvalid
 */
export const readCard = (text: string): Result.Result<ReadonlyArray<Config>, DescriptionInvalid> => {
  const front = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(\r?\n|$)/.exec(text)?.[1]
  if (front === undefined) return Result.succeed([])
  const document = parseDocument(front, { prettyErrors: false })
  const [broken] = document.errors
  if (broken !== undefined)
    return Result.fail(
      new DescriptionInvalid({ file, found: onLine(broken.message), wanted: "YAML between two lines ---" })
    )
  return Result.mapBoth(decode(document.toJS() ?? {}), {
    onSuccess: ({ configs = [] }) => configs,
    onFailure: ({ message }) =>
      new DescriptionInvalid({ file, found: onLine(message), wanted: "configs with config_name and data_files" })
  })
}
