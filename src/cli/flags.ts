import { Schema } from "effect"
import { Argument, Flag } from "effect/cli"
import { CacheFormatName, FormatName, LearnedTurns, LengthPolicy, Seed, WeightFormatName } from "../../schemas/mod.ts"

/** A whole number from 1. */
export const Positive = Schema.Int.check(Schema.isGreaterThan(0))

/** A flag that may be left out and then is undefined. */
export const maybe = <A>(flag: Flag.Flag<A>) => Flag.withDefault(flag, undefined)

/** A flag with the path of a file or folder. */
export const path = (name: string, metavar: "DIR" | "FILE", description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar(metavar))

/** A flag with a whole number from 1 that may be left out. */
export const count = (name: string, description: string) =>
  maybe(Flag.Int(name).pipe(Flag.withDescription(description), Flag.withSchema(Positive)))

/** A flag with one of several words; its help says which one it is without. */
export const choice = <const W extends ReadonlyArray<string>>(
  name: string,
  words: W,
  options: { readonly otherwise: NoInfer<W[number]>; readonly description: string }
) =>
  Flag.Literals(name, words).pipe(
    Flag.withDescription(`${options.description} (default ${options.otherwise})`),
    Flag.withDefault(options.otherwise)
  )

/** What chance is derived from. */
export const seed = (description: string) =>
  Flag.Int("seed").pipe(
    Flag.withDescription(`${description} (default 0)`),
    Flag.withSchema(Schema.toEncoded(Seed)),
    Flag.withDefault(0)
  )

/** A flag that is there or not. */
export const yes = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

export const pipelineFile = Argument.String("file").pipe(Argument.withDescription("Pipeline file in YAML"))

export const set = Flag.String("set").pipe(
  Flag.withDescription(
    "Replace an argument or a key: --set seed=1, --set stages.0.sample.maxNewTokens=32 (repeatable)"
  ),
  Flag.withMetavar("KEY=VALUE"),
  Flag.atLeast(0)
)

export const json = yes("json", "Write JSON objects to stdout, and nothing else")

/** How a command that draws responses keeps weights. */
export const weights = choice("weights", WeightFormatName.literals, {
  otherwise: "float32",
  description:
    "What the policy's weights are kept in; float16 takes half of the memory, int8 and int4 less, faster and rounded"
})

/** How a command that draws responses keeps keys and values. */
export const cache = choice("cache", CacheFormatName.literals, {
  otherwise: "float32",
  description: "What keys and values are kept in; float16 takes half of the memory, int8 a quarter, rounded"
})

/** Where models run. */
export const engine = {
  device: choice("device", ["cpu", "cuda", "webgpu"], { otherwise: "cpu", description: "Where models run" }),
  threads: count("threads", "Threads of the CPU (default all)")
}

/** The formats whose rows hold nothing to train on. */
const promptsAlone: ReadonlySet<string> = new Set(["text", "trlPrompt", "trlText"])

/** The formats that give something to train on. */
const trainable = FormatName.literals.filter((name) => !promptsAlone.has(name))

export const format = Flag.Literals("format", trainable).pipe(
  Flag.withDescription("Shape of the rows (default what the first rows are)")
)

/** What the rows of a file are read as, where the first row does not tell. */
export const kind = <const K extends ReadonlyArray<string>>(kinds: K) =>
  maybe(
    Flag.Literals("kind", kinds).pipe(Flag.withDescription("What the rows are read as (default what the first row is)"))
  )

/** How examples become tokens: the flags that say to `data audit` and `logprobs` what they say to `train`. */
export const encoding = {
  maxTokens: count("max-tokens", "Longest example, in tokens (default the model's context)"),
  lengthPolicy: choice("length-policy", LengthPolicy.literals, {
    otherwise: "error",
    description: "What becomes of a longer example"
  }),
  turns: choice("turns", LearnedTurns.literals, {
    otherwise: "all",
    description: "Which assistant turns of a demonstration are learned"
  }),
  afterEnd: choice("after-end", ["leave", "learn"], {
    otherwise: "leave",
    description: "Whether what the template prints after the last end token is learned too"
  })
}
