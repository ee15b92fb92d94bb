import { Schema } from "effect"
import { Argument, Flag } from "effect/cli"
import { CacheFormatName, FormatName, LearnedTurns, LengthPolicy, WeightFormatName } from "../../schemas/mod.ts"

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
export const weights = Flag.Literals("weights", WeightFormatName.literals).pipe(
  Flag.withDescription(
    "What the policy's weights are kept in; float16 takes half of the memory, int8 and int4 less, faster and rounded"
  ),
  Flag.withDefault("float32" as const)
)

/** How a command that draws responses keeps keys and values. */
export const cache = Flag.Literals("cache", CacheFormatName.literals).pipe(
  Flag.withDescription("What keys and values are kept in; float16 takes half of the memory, int8 a quarter, rounded"),
  Flag.withDefault("float32" as const)
)

/** Where models run. */
export const engine = {
  device: Flag.Literals("device", ["cpu", "cuda", "webgpu"]).pipe(
    Flag.withDescription("Where models run"),
    Flag.withDefault("cpu" as const)
  ),
  threads: count("threads", "Threads of the CPU (default all)")
}

/** The formats whose rows hold nothing to train on. */
const promptsAlone: ReadonlySet<string> = new Set(["text", "trlPrompt", "trlText"])

/** The formats that give something to train on. */
const trainable = FormatName.literals.filter((name) => !promptsAlone.has(name))

export const format = Flag.Literals("format", trainable).pipe(Flag.withDescription("Shape of the lines"))

/** What the rows of a file are read as, where the first row does not tell. */
export const kind = <const K extends ReadonlyArray<string>>(kinds: K) =>
  maybe(
    Flag.Literals("kind", kinds).pipe(Flag.withDescription("What the rows are read as (default what the first row is)"))
  )

/** How examples become tokens: the flags that say to `data audit` and `logprobs` what they say to `train`. */
export const encoding = {
  maxTokens: count("max-tokens", "Longest example, in tokens (default the model's context)"),
  lengthPolicy: Flag.Literals("length-policy", LengthPolicy.literals).pipe(
    Flag.withDescription("What becomes of a longer example"),
    Flag.withDefault("error" as const)
  ),
  turns: Flag.Literals("turns", LearnedTurns.literals).pipe(
    Flag.withDescription("Which assistant turns of a demonstration are learned"),
    Flag.withDefault("all" as const)
  ),
  afterEnd: Flag.Literals("after-end", ["leave", "learn"]).pipe(
    Flag.withDescription("Whether what the template prints after the last end token is learned too"),
    Flag.withDefault("leave" as const)
  )
}
