import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { smallPipeline } from "../pipeline/small.ts"
import { fakeEngine } from "./fakeEngine.ts"
import { said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-"))
afterAll(() => rmSync(root, { recursive: true }))

const small = join(root, "small.yaml")
writeFileSync(small, smallPipeline)

it("prefloop run --tensorboard gives each phase an event file of its own", async () => {
  const out = join(root, "watched")
  const { code, stderr } = await said(["run", small, "--out", out, "--tensorboard"], { engine: fakeEngine() })
  assert.strictEqual(code, 0, stderr)
  const written = readdirSync(join(out, "tensorboard"), { recursive: true, encoding: "utf8" })
  assert.deepStrictEqual(
    written.flatMap((name) => /^(.*)\/events\.out\.tfevents\.\d{10}\.prefloop\.0000$/.exec(name)?.[1] ?? []).toSorted(),
    ["baseline/policy", "iteration-1/policy", "iteration-2/policy", "models/sft"]
  )
})

it("prefloop run says which variable of OpenTelemetry it cannot read", async () => {
  const out = join(root, "refused")
  const { code, stderr, stdout } = await said(["run", small, "--out", out], {
    engine: fakeEngine(),
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }
  })
  assert.deepStrictEqual([code, stdout], [1, ""])
  assert.include(
    stderr,
    `Cannot use the run folder "${out}": Cannot send metrics as the OTEL_* variables say: Expected a valid URL string at ["OTEL_EXPORTER_OTLP_ENDPOINT"]\n`
  )
})
