import type { Encoded } from "../training/mod.ts"

/** What examples are read as and become, and how their sequences are called. */
interface ExampleKind {
  readonly reads: "judged" | "preferences" | "demonstrations"
  readonly names: (example: Encoded) => ReadonlyArray<string>
  /** Whether two responses become one question to a pairwise preference model. */
  readonly pairwise: boolean
}

/** Everything that a phase can be trained on. What a first row may be comes first, in the order in which it is asked. */
export const exampleKinds = {
  judged: {
    reads: "judged",
    names: ({ desirable }) => [desirable ? "desirable" : "undesirable"],
    pairwise: false
  },
  preferences: { reads: "preferences", names: () => ["chosen", "rejected"], pairwise: false },
  demonstrations: { reads: "demonstrations", names: () => ["response"], pairwise: false },
  questions: { reads: "preferences", names: () => ["question"], pairwise: true }
} as const satisfies Record<string, ExampleKind>

/** The name of a row of the table. */
export type ExampleKindName = keyof typeof exampleKinds
