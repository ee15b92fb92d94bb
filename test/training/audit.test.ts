import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Audit, type Preference } from "../../schemas/mod.ts"
import { learnedMask } from "../../src/text/mod.ts"
import { encodeAll, type EncodeOptions, type Example, formatAudit } from "../../src/training/encoding/mod.ts"
import type { Sequence } from "../../src/model/mod.ts"
import { garden, type Masked, readTokenizer, shared } from "../text/tokenizers.ts"

const pair = (promptId: string, chosen: string, rejected: string, asked = "list oak"): Preference => ({
  promptId,
  messages: [{ role: "user", content: asked }],
  chosen,
  rejected,
  margin: 1
})

const encode = (examples: ReadonlyArray<Example>, options: Partial<EncodeOptions> = {}) =>
  encodeAll(examples, { tokenizer: garden, maxTokens: 64, lengthPolicy: "error", ...options })

const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, n) => sum + n, 0)

const Words = Schema.Array(Schema.Literals(["crab", "oak", "fox"])).check(Schema.isMaxLength(5))
const Pairs = Schema.Array(Schema.Struct({ asked: Words, chosen: Words, rejected: Words }))
const Limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 }))

describe("an audit of any preferences", () => {
  it.prop(
    "accounts for every example and every token, and survives JSON",
    { pairs: Pairs, maxTokens: Limit },
    ({ maxTokens, pairs }) => {
      const examples = pairs.map((each, i) =>
        pair(`p${i}`, each.chosen.join(" "), each.rejected.join(" "), each.asked.join(" "))
      )
      for (const lengthPolicy of ["error", "drop", "truncatePrompt", "truncateResponse"] as const) {
        const { audit, encoded } = encode(examples, { maxTokens, lengthPolicy })
        assert.strictEqual(audit.kept + total(audit.dropped) + total(audit.invalid), pairs.length)
        const ids = encoded.flatMap(({ sequences }) => sequences.map((sequence) => sequence.ids.length))
        assert.strictEqual(
          audit.tokens.prompt + audit.tokens.response,
          ids.reduce((sum, n) => sum + n, 0)
        )
        assert.strictEqual(total(audit.ends), audit.sequences)
        assert.strictEqual(total(audit.starts), audit.sequences)
        assert.isAtMost(Math.max(0, ...ids), maxTokens)
        assert.deepStrictEqual(Schema.decodeUnknownSync(Audit)(JSON.parse(JSON.stringify(audit))), audit)
      }
    },
    { arbitrary: { runs: 40, seed: 1 } }
  )
})

describe("formatAudit()", () => {
  it("says that a pad token which also ends a response is harmless", () => {
    const { audit } = encode([pair("p", "crab", "fox")])
    assert.include(formatAudit(audit), "\npad token        0\n")
    const same = formatAudit({ ...audit, special: { ...audit.special, pad: 3, padIsEnd: true } })
    assert.include(same, "\npad token        3, an end token too (harmless: padding is masked by position)\n")
  })
})

/** What TRL makes of the same rows: see fixtures/text/record_masks.py. */
const recorded: {
  readonly rows: ReadonlyArray<Omit<Preference, "promptId" | "margin">>
  readonly preferences: Readonly<
    Record<
      string,
      Readonly<
        Record<string, ReadonlyArray<{ readonly row: number; readonly chosen: Masked; readonly rejected: Masked }>>
      >
    >
  >
} = JSON.parse(readFileSync("fixtures/text/masks.json", "utf8"))

const masked = ({ ids, ...sequence }: Sequence): Masked => ({
  ids: Array.from(ids),
  mask: Array.from(learnedMask({ ids, ...sequence }))
})

describe("encodeAll() with truncateResponse", () => {
  for (const [name, byLimit] of Object.entries(recorded.preferences)) {
    const folder = name.startsWith("fixtures/") ? name : shared + name
    it.skipIf(!existsSync(folder))(`gives the ids and masks of TRL's DPOTrainer with max_length, for "${name}"`, () => {
      const tokenizer = readTokenizer(folder)
      for (const [limit, rows] of Object.entries(byLimit)) {
        const options = { maxTokens: Number(limit), lengthPolicy: "truncateResponse", afterEnd: "learn" } as const
        const found = encode(
          recorded.rows.map(({ chosen, messages, rejected }, i) => ({
            promptId: String(i),
            messages,
            chosen,
            rejected,
            margin: 1
          })),
          { tokenizer, ...options }
        )
        assert.deepStrictEqual(
          found.encoded.map(({ promptId, sequences }) => [promptId, sequences.map(masked)]),
          rows.map(({ chosen, rejected, row }) => [String(row), [chosen, rejected]])
        )
      }
    })
  }
})
