import { ByteSize, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { cache, choice, engine, json, maybe, path, Positive, seed, weights } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))
const Variable = Schema.String.check(
  Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*$/, { message: "Expected the name of a variable" })
)

const whole = (name: string, value: number, description: string) =>
  Flag.Int(name).pipe(
    Flag.withDescription(`${description} (default ${value})`),
    Flag.withSchema(Positive),
    Flag.withDefault(value)
  )

const memory = (name: string, value: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withDescription(`${description} (default ${value})`),
    Flag.withMetavar("SIZE"),
    Flag.withDefault(value),
    Flag.filterMap(
      (text) => Option.flatMap(ByteSize.fromString(text), ByteSize.toNumber),
      (text) => `Expected a size such as 512MB or 2GB, got "${text}"`
    )
  )

/** `prefloop serve`: its flags, and the command that is loaded when it runs. */
export const serveCommand = Command.make(
  "serve",
  {
    model: maybe(
      path("model", "DIR", "Model folder that answers /v1/chat/completions and /v1/completions (default none)")
    ),
    reward: maybe(path("reward", "DIR", "Reward model folder that answers /v1/score (default none)")),
    preference: maybe(
      path("preference", "DIR", "Pairwise model folder that answers /v1/preference (default --reward)")
    ),
    generationPrompt: choice("generation-prompt", ["add", "omit"], {
      otherwise: "add",
      description: "How --preference is asked: as ours are trained (add), or as released models are (omit)"
    }),
    host: Flag.String("host").pipe(
      Flag.withDescription("Address to listen on; any but this machine's own wants an API key (default 127.0.0.1)"),
      Flag.withDefault("127.0.0.1")
    ),
    port: Flag.Int("port").pipe(
      Flag.withDescription("Port to listen on; 0 takes one that is free (default 8080)"),
      Flag.withSchema(Port),
      Flag.withDefault(8080)
    ),
    apiKeyVariable: Flag.String("api-key-variable").pipe(
      Flag.withDescription("Environment variable that holds the API key, if there is one (default PREFLOOP_API_KEY)"),
      Flag.withMetavar("NAME"),
      Flag.withSchema(Variable),
      Flag.withDefault("PREFLOOP_API_KEY")
    ),
    slots: whole("slots", 16, "Responses that grow at the same time"),
    weights,
    cache,
    cacheMemory: memory("cache-memory", "2GB", "Memory of the keys and values of --model"),
    batchSize: whole("batch-size", 16, "Sequences that --reward and --preference read at the same time"),
    maxNewTokens: whole("max-new-tokens", 256, "Longest response where a request does not say, in tokens"),
    seed: seed("What the responses to requests without a seed are derived from, each differently"),
    requests: whole("requests", 64, "Requests answered at the same time"),
    queue: whole("queue", 256, "Requests that wait for those; more are refused with status 429"),
    maxBody: memory("max-body", "1MB", "Largest body of a request"),
    timeout: whole("timeout", 600, "Longest time for one answer, in seconds"),
    grace: whole("grace", 30, "Time in which running answers may end after Ctrl-C or SIGTERM, in seconds"),
    ...engine,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/serve.ts"))
    yield* command.serveModels(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Serve models over HTTP as the OpenAI API is asked, and score and compare responses"),
  Command.withExamples([
    {
      command: "prefloop serve --model out/dpo",
      description: "on this machine, port 8080; /docs lists what it answers"
    },
    {
      command: "PREFLOOP_API_KEY=... prefloop serve --model out/dpo --reward out/reward --host 0.0.0.0",
      description: "for other machines, which send the key"
    }
  ])
)
