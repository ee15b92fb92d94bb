import { hash } from "node:crypto"
import type { Row } from "../Row.ts"

/** What two records have to share to be the same: the turns, also what is preferred or imitated, or also what is not. */
export type Same = "prompt" | "response" | "pair"

const parts: { readonly [S in Same]: (row: Row) => ReadonlyArray<string> } = {
  prompt: () => [],
  response: ({ response, chosen }) => [chosen ?? response ?? ""],
  pair: ({ response, chosen, rejected }) => [chosen ?? response ?? "", rejected ?? ""]
}

/** Characters of a digest that are kept: 132 bits, so that chance alone makes no two contents equal. */
const kept = 22

/** A digest of a record's content: roles, contents and responses, code unit by code unit. */
export const contentHash = (same: Same, row: Row): string => {
  const turns = row.messages.flatMap(({ role, content }) => [role, content])
  return hash("sha256", JSON.stringify([turns, ...parts[same](row)]), "base64").slice(0, kept)
}
