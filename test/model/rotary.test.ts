import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readConfig, rotary } from "../../src/model/mod.ts"

/** The frequencies of transformers: see fixtures/model/record_families.py. */
const recorded: Readonly<
  Record<string, { readonly config: object; readonly frequencies: ReadonlyArray<number>; readonly magnitude: number }>
> = JSON.parse(readFileSync("fixtures/model/rotary.json", "utf8"))

const minimal = {
  model_type: "llama",
  vocab_size: 10,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  rms_norm_eps: 1e-6
}

/** PyTorch takes the powers of theta in float32. */
const relative = 2e-6

/** A table holds float32. */
const tolerance = 1e-6

describe("rotary()", () => {
  for (const [name, { config, frequencies, magnitude }] of Object.entries(recorded)) {
    it(`gives transformers' frequencies under "${name}"`, () => {
      const text = JSON.stringify({ ...minimal, ...config })
      const read = Result.getOrThrow(readConfig({ path: "config.json", text, known: ["llama"] }))
      const { sin, cos } = rotary(read, 2)
      const half = frequencies.length
      assert.strictEqual(sin.length, 2 * half)
      frequencies.forEach((frequency, i) => {
        const wanted = magnitude * Math.sin(frequency)
        assert.closeTo(sin[half + i] ?? Number.NaN, wanted, relative * wanted)
        assert.closeTo(cos[half + i] ?? Number.NaN, magnitude * Math.cos(frequency), tolerance)
        assert.closeTo(cos[i] ?? Number.NaN, magnitude, tolerance)
      })
    })
  }

  it("turns only the part of a head that the config asks for", () => {
    const text = JSON.stringify({
      ...minimal,
      model_type: "phi3",
      head_dim: 8,
      max_position_embeddings: 4,
      partial_rotary_factor: 0.5
    })
    const { sin } = rotary(Result.getOrThrow(readConfig({ path: "config.json", text, known: ["phi3"] })), 2)
    // two pairs of 4 rotated features: frequencies 1 and 10000^(−1/2)
    assert.deepStrictEqual(sin, Float32Array.of(0, 0, Math.sin(1), Math.sin(0.01)))
  })
})
