import { Template } from "@huggingface/jinja"
import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { TemplateFailed, TemplateMissing, TextError } from "./errors.ts"
import type { Tokenizer } from "./Tokenizer.ts"

const parsed = new WeakMap<Tokenizer, Template>()

/** The day that Llama 3's template prints when nobody names one: today's would make ids depend on the day of the run. */
const dateString = "26 Jul 2024"

/** What a template prints for a conversation; `variables` are what it reads besides. */
export const renderTemplate = (
  template: () => Template,
  options: {
    readonly tokenizer: Tokenizer
    readonly messages: ReadonlyArray<Message>
    readonly variables: Readonly<Record<string, unknown>>
  }
): Result.Result<string, TextError> => {
  const { messages, tokenizer, variables } = options
  try {
    const text = template().render({
      ...tokenizer.specialTokens,
      messages,
      date_string: dateString,
      ...variables
    })
    return Result.succeed(text)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    return Result.fail(new TextError({ reason: new TemplateFailed({ detail }) }))
  }
}

/**
 * A conversation as the text that the model was trained on.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed.
 */
export const renderChat = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  options: { readonly addGenerationPrompt: boolean }
): Result.Result<string, TextError> => {
  const source = tokenizer.chatTemplate
  if (source === undefined) return Result.fail(new TextError({ reason: new TemplateMissing() }))
  const template = () => {
    const found = parsed.get(tokenizer) ?? new Template(source)
    parsed.set(tokenizer, found)
    return found
  }
  const variables = { add_generation_prompt: options.addGenerationPrompt }
  return renderTemplate(template, { tokenizer, messages, variables })
}
