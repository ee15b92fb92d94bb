import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"
import { allKinds, kindsWith } from "../Row.ts"
import { contentHash } from "../text/contentHash.ts"
import { makeJudge } from "./Rule.ts"

const params = Schema.Struct({
  by: defaulted(
    Schema.Literals(["prompt", "response", "pair"]),
    "pair",
    "What has to be the same: the prompt, also the response or the chosen one, or also the rejected one"
  )
})

/**
 * Drops records whose content came before; the first stays.
 *
 * Units    memory: about 150 bytes for each row that stays.
 */
export const exactDuplicates = makeJudge({
  doc: "drops records whose content came before",
  params,
  kinds: ({ by }) => (by === "response" ? [...kindsWith("response"), ...kindsWith("chosen")] : allKinds),
  judge: ({ by }) => {
    const seen = new Map<string, string>()
    return (row) => {
      const content = contentHash(by, row)
      const first = seen.get(content)
      if (first !== undefined) return `${by} is the same as of "${first}"`
      seen.set(content, row.promptId)
      return undefined
    }
  }
})
