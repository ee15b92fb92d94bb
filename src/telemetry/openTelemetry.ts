import { Config, ConfigProvider, Effect, Layer, Metric } from "effect"
import { FetchHttpClient } from "effect/http"
import { OtlpMetrics, OtlpSerialization } from "effect/observability"
import type { Metrics } from "../../schemas/mod.ts"
import { SettingsInvalid, TelemetryError } from "./errors.ts"
import type { OpenSink } from "./MetricsSink.ts"
import { numbersOf } from "./numbersOf.ts"

/** A collector that is named is enough: OTEL_METRICS_EXPORTER need not say "otlp" as well. */
const exporterDefault = ConfigProvider.fromUnknown({ OTEL_METRICS_EXPORTER: "otlp" })

/** Sends what the registry in the context holds, at an interval and once more when the scope closes. */
const exporter = OtlpMetrics.layerFromConfig({ resource: { serviceName: "prefloop" } }).pipe(
  Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer])
)

/** The exporter dies of variables that it cannot read. */
const refuse = (defect: unknown) =>
  defect instanceof Config.ConfigError
    ? Effect.fail(new TelemetryError({ reason: new SettingsInvalid({ cause: defect.cause }) }))
    : Effect.die(defect)

const gauge = (name: string, phase: string, value: number) =>
  Metric.update(Metric.gauge(name, { attributes: { phase } }), value)

/**
 * The latest step of each phase as gauges of OpenTelemetry, over HTTP as JSON.
 *
 * Source   OTLP 1.x, by Effect's exporter, set by the standard variables: OTEL_EXPORTER_OTLP_ENDPOINT (without it nothing
 *          is sent), OTEL_EXPORTER_OTLP_HEADERS, OTEL_METRIC_EXPORT_INTERVAL (milliseconds, 10 000), OTEL_SDK_DISABLED.
 * Domain   A collector that does not answer never stops training.
 * Fails    TelemetryError: SettingsInvalid.
 */
export const openTelemetry: OpenSink = Effect.fnUntraced(function* () {
  const registry: Metric.MetricRegistry = new Map()
  const provider = ConfigProvider.orElse(yield* ConfigProvider.ConfigProvider, exporterDefault)
  yield* Layer.build(exporter).pipe(
    Effect.provideService(Metric.MetricRegistry, registry),
    Effect.provideService(ConfigProvider.ConfigProvider, provider),
    Effect.catchDefect(refuse)
  )
  return {
    begin: () => Effect.void,
    write: (metrics: Metrics) =>
      Effect.forEach(
        [["step", metrics.step] as const, ...numbersOf(metrics)],
        ([name, value]) => gauge(name, metrics.phase, value),
        { discard: true }
      ).pipe(Effect.provideService(Metric.MetricRegistry, registry))
  }
})
