import { Effect, Schema } from "effect"
import { defaulted, optional, Seed } from "../../../schemas/mod.ts"
import { ParametersDisagree } from "../errors.ts"
import { makeNearIndex } from "../near/makeNearIndex.ts"
import { kindsOfPart, Part, textsOf } from "../Part.ts"
import { makeRule } from "./Rule.ts"

const count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1024 }))
const similarity = Schema.Finite.check(Schema.isBetween({ minimum: 0.1, maximum: 1 }))

const params = Schema.Struct({
  threshold: defaulted(similarity, 0.8, "The Jaccard similarity from which on two texts are near duplicates"),
  of: defaulted(Part, "prompt", "The part that is compared"),
  shingle: defaulted(
    Schema.Struct({ of: Schema.Literals(["words", "characters"]), size: count }),
    { of: "words", size: 3 },
    "What texts are cut into: runs of words, or of code points"
  ),
  permutations: defaulted(count, 128, "Length of the MinHash signatures"),
  bands: optional(
    count,
    "Bands of the signatures; chosen where it is left out, so that 99 % at the threshold are found"
  ),
  seed: defaulted(Seed, 0, "What the permutations are drawn from")
})

/**
 * Drops records that are near one that stayed before; so no two that stay are near each other, but for the few that
 * MinHash misses.
 *
 * Source   Broder (1997); locality-sensitive hashing of bands; candidates are verified by the exact Jaccard similarity.
 * Units    memory for each row that stays: 4 bytes for each shingle, 8 to 16 for each band, about 200 beside.
 * Fails    ParametersDisagree
 */
export const nearDuplicates = makeRule({
  doc: "drops records that are nearly the same as one that stayed before (MinHash)",
  params,
  kinds: ({ of }) => kindsOfPart(of),
  open: ({ of, bands, ...options }) => {
    if (bands !== undefined && bands > options.permutations) {
      const wanted = `at most as many as permutations (${options.permutations})`
      return Effect.fail(new ParametersDisagree({ rule: "nearDuplicates", found: `${bands} bands`, wanted }))
    }
    return Effect.sync(() => {
      const index = makeNearIndex({ ...options, ...(bands === undefined ? {} : { bands }) })
      const ids: Array<string> = []
      const texts = textsOf(of)
      return {
        judge: (row) => {
          const ready = index(texts(row).join("\n"))
          if (ready === undefined) return undefined
          const near = ready.nears().next().value
          if (near) return `${of} is near that of "${ids[near.at]}" (Jaccard ${near.similarity.toFixed(3)})`
          ready.add()
          ids.push(row.promptId)
          return undefined
        }
      }
    })
  }
})
