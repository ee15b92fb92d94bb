import { Schema } from "effect"

export class TokenizerInvalid extends Schema.TaggedError<TokenizerInvalid>()("TokenizerInvalid", {
  file: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `Cannot read "${this.file}": ${this.detail}`
  }
}

export class TemplateMissing extends Schema.TaggedError<TemplateMissing>()("TemplateMissing", {}) {
  override get message() {
    return 'Cannot render a conversation: found no "chat_template" in tokenizer_config.json and no chat_template.jinja, wanted the template that the model was trained with'
  }
}

export class TemplateFailed extends Schema.TaggedError<TemplateFailed>()("TemplateFailed", { detail: Schema.String }) {
  override get message() {
    return `Cannot render a conversation: the chat template says "${this.detail}"`
  }
}

export class EndTokenMissing extends Schema.TaggedError<EndTokenMissing>()("EndTokenMissing", {}) {
  override get message() {
    return 'Cannot end a response: found no end token, wanted "eos_token" in tokenizer_config.json or "eos_token_id" in config.json'
  }
}

export class PromptNotPrefix extends Schema.TaggedError<PromptNotPrefix>()("PromptNotPrefix", {
  turn: Schema.Finite,
  prompt: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `Cannot tell prompt from response at message ${this.turn}: the chat template prints "${this.prompt}", but "${this.found}" in its place once more is added`
  }
}

export class NothingMarked extends Schema.TaggedError<NothingMarked>()("NothingMarked", {}) {
  override get message() {
    return "Cannot tell prompt from response: the chat template has {% generation %} tags, but marks nothing of the response with them"
  }
}

export class TurnsUneven extends Schema.TaggedError<TurnsUneven>()("TurnsUneven", { found: Schema.Finite }) {
  override get message() {
    return `Cannot compare two responses: found ${this.found} messages before them, wanted an odd number, the user first and last`
  }
}

export class RoleUnexpected extends Schema.TaggedError<RoleUnexpected>()("RoleUnexpected", {
  turn: Schema.Finite,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `Cannot compare two responses: message ${this.turn} is the ${this.found}'s, wanted the ${this.wanted}'s`
  }
}

export class ContentEmpty extends Schema.TaggedError<ContentEmpty>()("ContentEmpty", { where: Schema.String }) {
  override get message() {
    return `Cannot compare two responses: ${this.where} is empty, wanted at least one character`
  }
}

export class LetterNotSingle extends Schema.TaggedError<LetterNotSingle>()("LetterNotSingle", {
  letter: Schema.String,
  found: Schema.Array(Schema.String)
}) {
  override get message() {
    const found = this.found.map((token) => JSON.stringify(token)).join(", ")
    return `Cannot ask which response is better: after the chat template's prompt the letter "${this.letter}" is read as the tokens ${found}, wanted one token of its own`
  }
}

export class ResponseEmpty extends Schema.TaggedError<ResponseEmpty>()("ResponseEmpty", {}) {
  override get message() {
    return "Cannot encode the response: found an empty text, wanted at least one character"
  }
}

export class PromptTooLong extends Schema.TaggedError<PromptTooLong>()("PromptTooLong", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `Cannot encode the prompt: found ${this.found} tokens, wanted fewer than the context of ${this.wanted}`
  }
}

export class SequenceTooLong extends Schema.TaggedError<SequenceTooLong>()("SequenceTooLong", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `Cannot encode prompt and response: found ${this.found} tokens, wanted at most ${this.wanted}`
  }
}

/** The thread that reads long texts ended before it answered. */
export class ThreadFailed extends Schema.TaggedError<ThreadFailed>()("ThreadFailed", { detail: Schema.String }) {
  override get message() {
    return `Cannot read a long text as tokens: the thread that does so broke off: ${this.detail}`
  }
}

/** What is wrong with a tokenizer, or with a text for it. */
export class TextError extends Schema.TaggedError<TextError>()("TextError", {
  reason: Schema.Union([
    TokenizerInvalid,
    TemplateMissing,
    TemplateFailed,
    EndTokenMissing,
    PromptNotPrefix,
    NothingMarked,
    TurnsUneven,
    RoleUnexpected,
    ContentEmpty,
    LetterNotSingle,
    ResponseEmpty,
    PromptTooLong,
    SequenceTooLong,
    ThreadFailed
  ])
}) {
  override get message() {
    return this.reason.message
  }
}
