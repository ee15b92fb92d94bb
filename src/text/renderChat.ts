import { Template } from "@huggingface/jinja"
import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { TemplateFailed, TemplateMissing, TextError } from "./errors.ts"
import type { Tokenizer } from "./Tokenizer.ts"

const parsed = new WeakMap<Tokenizer, Template>()

/** The day that Llama 3's template prints when nobody names one: today's would make ids depend on the day of the run. */
const dateString = "26 Jul 2024"

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
  if (tokenizer.chatTemplate === undefined) return Result.fail(new TextError({ reason: new TemplateMissing() }))
  try {
    const template = parsed.get(tokenizer) ?? new Template(tokenizer.chatTemplate)
    parsed.set(tokenizer, template)
    const text = template.render({
      ...tokenizer.specialTokens,
      messages,
      add_generation_prompt: options.addGenerationPrompt,
      date_string: dateString
    })
    return Result.succeed(text)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    return Result.fail(new TextError({ reason: new TemplateFailed({ detail }) }))
  }
}
