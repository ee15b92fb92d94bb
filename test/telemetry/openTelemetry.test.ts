import { createServer } from "node:http"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Schema } from "effect"
import { row } from "../../fixtures/telemetry/generate.ts"
import { sinks } from "../../src/telemetry/mod.ts"

interface Received {
  readonly url: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A collector on the loopback that remembers what it was sent. */
const collector = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly received: Array<Received>; readonly close: () => void }>(
    (resume) => {
      const received: Array<Received> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const { headers, url = "" } = request
          received.push({ url, headers, body: Buffer.concat(chunks).toString() })
          response.writeHead(200, { "content-type": "application/json" }).end("{}")
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address ? address.port : 0
        resume(Effect.succeed({ port, received, close: () => void server.close() }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

const Body = Schema.fromJsonString(
  Schema.Struct({
    resourceMetrics: Schema.Array(
      Schema.Struct({
        resource: Schema.Struct({ attributes: Schema.Array(Schema.Unknown) }),
        scopeMetrics: Schema.Array(
          Schema.Struct({
            metrics: Schema.Array(
              Schema.Struct({
                name: Schema.String,
                gauge: Schema.Struct({
                  dataPoints: Schema.Array(
                    Schema.Struct({ attributes: Schema.Array(Schema.Unknown), asDouble: Schema.Number })
                  )
                })
              })
            )
          })
        )
      })
    )
  })
)

const train = (environment: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const sink = yield* sinks.openTelemetry("runs/unused")
    yield* sink.begin({ phase: "sft", after: 0 })
    yield* sink.write(row("sft", 1, 2))
    yield* sink.write(row("sft", 2, 1))
    yield* sink.write(row("policy", 1, 0.5))
  }).pipe(Effect.scoped, Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)))

const named = (name: string, text: string): unknown => ({ key: name, value: { stringValue: text } })
const phaseOf = (phase: string) => [named("phase", phase)]

const both = (sft: number, policy: number) => [
  [phaseOf("sft"), sft],
  [phaseOf("policy"), policy]
]

it.effect("openTelemetry() sends the latest measures of each phase when it ends, to the collector that is named", () =>
  Effect.gen(function* () {
    const { port, received } = yield* collector
    yield* train({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=one"
    })
    assert.deepStrictEqual(
      received.map(({ headers, url }) => [url, headers["content-type"], headers["x-tenant"]]),
      [["/v1/metrics", "application/json", "one"]]
    )
    const { resourceMetrics } = yield* Schema.decodeUnknownEffect(Body)(received[0]?.body)
    const [only] = resourceMetrics
    const about: ReadonlyArray<unknown> = only?.resource.attributes ?? []
    assert.deepInclude(about, named("service.name", "prefloop"))
    const points = (only?.scopeMetrics[0]?.metrics ?? []).map(
      ({ gauge, name }) => [name, gauge.dataPoints.map(({ asDouble, attributes }) => [attributes, asDouble])] as const
    )
    assert.deepStrictEqual(Object.fromEntries(points), {
      step: both(2, 1),
      epoch: both(0.5, 0.25),
      loss: both(1, 0.5),
      grad_norm: both(2, 1),
      learning_rate: both(0, 0),
      num_tokens: both(256, 128),
      "rewards/accuracies": both(0.5, 0.5)
    })
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.effect("openTelemetry() sends nothing where no collector is named, or the switch is off", () =>
  Effect.gen(function* () {
    const { port, received } = yield* collector
    yield* train({})
    yield* train({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_SDK_DISABLED: "true" })
    assert.deepStrictEqual(received, [])
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.effect("openTelemetry() refuses an endpoint that is no address", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(train({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }))
    assert.strictEqual(
      error.message,
      'Cannot send metrics as the OTEL_* variables say: Expected a valid URL string at ["OTEL_EXPORTER_OTLP_ENDPOINT"]'
    )
  }).pipe(Effect.provide(NodeServices.layer))
)

it.live("openTelemetry() lets training go on where no collector answers", () =>
  Effect.gen(function* () {
    const { port } = yield* Effect.scoped(collector)
    yield* train({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_TIMEOUT: "50" })
  }).pipe(Effect.provide(NodeServices.layer))
)
