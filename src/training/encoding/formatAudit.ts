import type { Audit } from "../../../schemas/mod.ts"

type Row = readonly [name: string, value: string]

const lengths = ({ max, mean, min }: Audit["lengths"]["prompt"]): string => `${min} to ${max}, mean ${mean.toFixed(1)}`

const named = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none"

const id = (value: number | undefined): string => (value === undefined ? "none" : String(value))

const mismatchedOf = ({ mismatched }: Audit["truncated"]) =>
  mismatched === undefined ? {} : { "responses under another prompt": mismatched }

const rowsOf = (audit: Audit): ReadonlyArray<Row> => {
  const { ends, special, starts, tokens, truncated } = audit
  const pad = special.padIsEnd
    ? `${id(special.pad)}, an end token too (harmless: padding is masked by position)`
    : id(special.pad)
  return [
    ["examples", `${audit.examples} read, ${audit.kept} kept as ${audit.sequences} sequences`],
    ["dropped", named(audit.dropped)],
    ["to be corrected", named(audit.invalid)],
    ["tokens", `${tokens.prompt} prompt, ${tokens.response} response, ${tokens.learned} learned`],
    ["prompt length", lengths(audit.lengths.prompt)],
    ["response length", lengths(audit.lengths.response)],
    ["sequence length", lengths(audit.lengths.sequence)],
    ["start token", id(special.bos)],
    ["begin with it", named({ once: starts.once, "twice (one removed)": starts.twice, never: starts.never })],
    ["end tokens", special.ends.join(", ") || "none"],
    ["end with one", named({ once: ends.once, twice: ends.twice, unlearned: ends.unlearned, lost: ends.lost })],
    ["pad token", pad],
    ["truncated", named({ prompts: truncated.prompt, responses: truncated.response, ...mismatchedOf(truncated) })],
    ["empty responses", String(audit.emptyResponses)],
    ["kept apart", `${audit.apart} turns before which a token would reach across`]
  ]
}

/** An audit as a table to be read. */
export const formatAudit = (audit: Audit): string => {
  const rows = rowsOf(audit)
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")
}
