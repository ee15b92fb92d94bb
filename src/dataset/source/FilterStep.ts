/** A rule that takes rows away, by name, with its parameters: data alone, which the room of rules carries out. */
export type FilterStep =
  | { readonly ties: Readonly<Record<never, never>> }
  | { readonly margin: { readonly minimum: number } }
  | { readonly scoreRatio: { readonly minimum: number } }
  | { readonly pairsPerPrompt: { readonly most: number } }
  | { readonly identical: Readonly<Record<never, never>> }
  | { readonly emptyTurns: Readonly<Record<never, never>> }
  | { readonly alternation: Readonly<Record<never, never>> }
  | { readonly contradicted: Readonly<Record<never, never>> }
  | { readonly tokens: { readonly minimum?: number; readonly maximum?: number } }
  | { readonly language: { readonly keep: ReadonlyArray<string> } }
  | { readonly exactDuplicates: { readonly by: string } }

/** The names of the rules. */
export const filterNames = [
  "ties",
  "margin",
  "scoreRatio",
  "pairsPerPrompt",
  "identical",
  "emptyTurns",
  "alternation",
  "contradicted",
  "tokens",
  "language",
  "exactDuplicates"
] as const
