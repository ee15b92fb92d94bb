import { Schema } from "effect"
import { oneOf, defaulted, optional, required, Seed } from "../../../schemas/mod.ts"
import { llmJudgeKeys } from "../../judge/mod.ts"
import { OpenAiJudge, openAiKeys } from "../../sampler/mod.ts"
import { combinations, RemoteScorer } from "../../scorer/mod.ts"
import { rules } from "../../scorer/rule/mod.ts"
import { FilePath, namesOf } from "./Source.ts"

/** A rule written in code, by its name. */
export const Rule = namesOf(rules).annotate({ description: "A rule written in code" })

/** A server that scores, as the pipeline names it. */
export const Remote = RemoteScorer.annotate({
  description: 'A server: POST <url>/score with {"rows": [{"messages", "response"}]} gives {"rewards": [number]}'
})

const Member = Schema.Union([FilePath, oneOf({ rule: Rule, remote: Remote })])

/** Several rewards as one. */
export const Ensemble = Schema.Struct({
  of: required(Schema.Array(Member).check(Schema.isMinLength(1)), "Model folders, rules and servers, on one scale"),
  combine: defaulted(namesOf(combinations), "mean", "The mean of what they say, or the worst of it")
})
export type Ensemble = typeof Ensemble.Type

const LlmJudge = Schema.Struct({
  ...llmJudgeKeys,
  of: required(
    Schema.Union([FilePath, oneOf({ openAi: OpenAiJudge })]),
    "Who judges: the folder of a language model, or a model on an OpenAI-compatible server"
  )
})

const Person = Schema.Struct({
  annotators: required(
    Schema.NonEmptyArray(Schema.NonEmptyString.check(Schema.isMaxLength(64))).check(
      Schema.isUnique({ message: "Expected each name once" })
    ),
    "Names of those who judge: every pair waits for each of them, and the preference is the share of their votes"
  ),
  port: defaulted(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })),
    0,
    "Port of the page on this machine (0 takes one that is free)"
  ),
  seed: optional(Seed, "Which response is shown above the other is drawn from this number (default that of the run)")
})
export type Person = typeof Person.Type

/** Who compares two responses. */
export const PreferenceOracle = Schema.Union([
  FilePath,
  oneOf({
    bradleyTerry: Schema.Struct({}).annotate({
      description: "σ of the difference of rewards of models.reward (Eq. 1)"
    }),
    llm: LlmJudge.annotate({ description: "A language model that compares in words, asked in both orders" }),
    remote: RemoteScorer.annotate({
      description:
        'A server: POST <url>/preference with {"rows": [{"messages", "first", "second"}]} gives {"probabilities": [number]}'
    }),
    person: Person.annotate({
      description:
        "Persons, who judge on a page of this machine while the run waits; labels.arrow of the run folder keeps what they say"
    })
  })
])
export type PreferenceOracle = typeof PreferenceOracle.Type

/** Who draws responses in the sample stage, where that is not the policy's folder here. */
export const Sampler = oneOf({
  openAi: Schema.Struct({
    ...openAiKeys,
    endpoint: defaulted(
      Schema.Literals(["chat", "completions"]),
      "chat",
      "chat: the server renders the messages; completions: it gets token ids by the tokenizer and template of the policy's folder"
    ),
    weights: defaulted(
      Schema.Literals(["asServed", "updateFromDisk"]),
      "asServed",
      "asServed: whatever the server holds, in every iteration; updateFromDisk: it loads the folder of πₜ first (POST /update_weights_from_disk of SGLang, which has to see the folder)"
    )
  }).annotate({ description: "A model on an OpenAI-compatible server: vLLM, SGLang, llama.cpp, Ollama" })
})
export type Sampler = typeof Sampler.Type
