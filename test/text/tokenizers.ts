import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Result } from "effect"
import { makeTokenizer, type Tokenizer, type TokenizerFiles } from "../../src/text/mod.ts"

/** Models and tokenizers that are not part of this repository; tests that want them are skipped without. */
export const shared = fileURLToPath(new URL("../../../shared/", import.meta.url))

const names = ["tokenizer.json", "tokenizer_config.json", "generation_config.json", "config.json"]

/** The tokenizer of a folder, with another chat template if one is given. */
export const readTokenizer = (folder: string, template?: string): Tokenizer => {
  const found = names.filter((name) => existsSync(`${folder}/${name}`))
  const files = Object.fromEntries(found.map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")]))
  const other = template === undefined ? {} : { "chat_template.jinja": template }
  return Result.getOrThrow(makeTokenizer({ ...files, ...other } as unknown as TokenizerFiles)) // as: tokenizer.json is there
}

/** The words of the garden, one token each. */
export const garden = readTokenizer("fixtures/garden/model")

/** What TRL and transformers make of three conversations: see fixtures/text/record_masks.py. */
export interface Masked {
  readonly ids: ReadonlyArray<number>
  readonly mask: ReadonlyArray<number>
}

/** A template, kept beside the tokenizers, of a model that is not. */
export const sharedTemplate = (name: string): string => {
  const file = `${shared}tokenizers/chat-template-only/${name}.tokenizer_config.json`
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly chat_template: string }).chat_template // as: it is a config file
}
