import { allKinds } from "../Row.ts"
import { noParameters } from "./noParameters.ts"
import { makeJudge } from "./Rule.ts"

const isBlank = (text: string): boolean => !/\S/u.test(text)

const responses = ["response", "chosen", "rejected"] as const

/**
 * Drops records with a turn or a response that is empty, or white space alone.
 *
 * Source   §2: conversations with empty turns are removed.
 */
export const emptyTurns = makeJudge({
  doc: "drops records with an empty turn or response",
  params: noParameters,
  kinds: () => allKinds,
  judge: () => (row) => {
    const turn = row.messages.findIndex(({ content }) => isBlank(content))
    if (turn >= 0) return `turn ${turn + 1} is empty`
    const response = responses.find((name) => isBlank(row[name] ?? "present"))
    return response === undefined ? undefined : `${response} is empty`
  }
})
