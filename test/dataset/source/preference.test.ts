import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Comparison, Message } from "../../../schemas/mod.ts"
import { datasets, type SourceOf } from "../../../src/dataset/mod.ts"
import { fixture, readAll, rowsOf } from "./readFixture.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })

type Short = readonly [id: string, messages: ReadonlyArray<Message>, chosen: string, rejected: string]

/** A comparison without scores, and one with. */
const pair = ([promptId, messages, chosen, rejected]: Short) => ({ promptId, messages, chosen, rejected, margin: 0 })
const scored = (short: Short, chosenScore: number, rejectedScore: number) => ({
  ...pair(short),
  margin: chosenScore - rejectedScore,
  chosenScore,
  rejectedScore
})

const egg = user("How do I boil an egg?")
const lock = user("Pick a lock?")
const prime = user("Name a prime")
const post = user("SUBREDDIT: r/pets\n\nTITLE: Cat\n\nPOST: My cat ran away.\n\nTL;DR:")
const france = user("Capital of France?")

type Expected = readonly [
  name: string,
  source: SourceOf<"preferences">,
  shared: Partial<Comparison>,
  records: ReadonlyArray<Omit<Comparison, "dataset">>,
  dropped: Readonly<Record<string, number>>
]

const [byPeople, byGpt4] = [
  { source: "LLM", annotator: "Human" },
  { source: "LLM", annotator: "GPT-4" }
]

const expected: ReadonlyArray<Expected> = [
  [
    "hhRlhf",
    datasets.hhRlhf,
    byPeople,
    [pair(["file:1", [user("Hi"), assistant("Hello"), user("1+1?")], "2", "3"])],
    { unlikePrompts: 1 } // "A" and "B" are asked
  ],
  [
    "shp",
    datasets.shp,
    { source: "Human", annotator: "Human" },
    [
      scored(["p1#a>b", [egg], "Six minutes", "Ask Google"], 9, 3),
      { ...scored(["p1#b>c", [egg], "Ask Google", "Six minutes"], 3, 9), contradicted: "score_A, score_B" }
    ],
    {}
  ],
  [
    "helpSteer", // means of helpfulness and correctness: (4+4)/2, (2+3)/2, (3+2)/2, and one response alone
    datasets.helpSteer,
    byPeople,
    [
      scored(["file:1#0>1", [user("Why?")], "A", "B"], 4, 2.5),
      scored(["file:1#0>2", [user("Why?")], "A", "C"], 4, 2.5)
    ],
    { ties: 1 }
  ],
  [
    "pkuSafeRlhf", // one is safe; both are safe and 1 is better; one is safe and the other is called safer
    datasets.pkuSafeRlhf,
    byPeople,
    [
      pair(["file:1", [lock], "No", "Yes, so"]),
      pair(["file:2", [lock], "Yes, so", "No"]),
      { ...pair(["file:3", [lock], "No", "Yes, so"]), contradicted: "safer_response_id" }
    ],
    {}
  ],
  [
    "ultraFeedback", // scores 2.5, 4.75, 2.5 and one with "N/A": of 6 pairs 1 is a tie and 3 are unscored
    datasets.ultraFeedback,
    byGpt4,
    [scored(["file:1#1>0", [prime], "7", "4"], 4.75, 2.5), scored(["file:1#1>2", [prime], "7", "9"], 4.75, 2.5)],
    { ties: 1, unscored: 3 }
  ],
  [
    "ultraInteract",
    datasets.ultraInteract,
    byGpt4,
    [
      pair(["file:1", [user("2*3?"), assistant("5"), user("Wrong. Try again")], "6", "8"]),
      pair(["file:2", [user("4+4?")], "8", "9"])
    ],
    {}
  ],
  [
    "codeUltraFeedback", // ratings 5, 2, "N/A" and 5
    datasets.codeUltraFeedback,
    { source: "LLM", annotator: "GPT-3.5" },
    [
      scored(["file:1#0>1", [user("Add two")], "x+y", "x-y"], 5, 2),
      scored(["file:1#3>1", [user("Add two")], "y+x", "x-y"], 5, 2)
    ],
    { ties: 1, unscored: 3 }
  ],
  [
    "argillaMath",
    datasets.argillaMath,
    byGpt4,
    [
      scored(["file:1", [user("2+2?")], "4", "5"], 5, 1.5),
      { ...scored(["file:2", [user("3+3?")], "7", "6"], 2, 4), contradicted: "chosen_rating, rejected_rating" }
    ],
    {}
  ],
  [
    "openOrca",
    datasets.openOrca,
    byGpt4,
    [
      scored(["file:1", [{ role: "system", content: "Be brief" }, france], "Paris", "Lyon"], 9, 3),
      scored(["file:2", [france], "Paris", "Lyon"], 5, 5)
    ],
    { unscored: 1 }
  ],
  [
    "capybara",
    datasets.capybara,
    byGpt4,
    [
      scored(["file:1", [user("Hi"), assistant("Hello"), user("How?")], "Fine", "Bad"], 5, 4),
      scored(["file:2", [user("Go")], "A", "B"], 3, 3)
    ],
    {}
  ],
  [
    "summarizeFromFeedback",
    datasets.summarizeFromFeedback,
    { annotator: "Human" },
    [
      { ...pair(["file:1", [post], "Cat left", "Dog"]), source: "ref, sup1" },
      { ...pair(["file:2", [user("News.\n\nTL;DR:")], "Dog", "Cat left"]), source: "sup1, ref" }
    ],
    {}
  ],
  [
    "nectar", // ranks 1, 3 and 2
    datasets.nectar,
    byGpt4,
    [
      scored(["file:1#0>1", [user("Sing")], "La", "Lo"], -1, -3),
      scored(["file:1#0>2", [user("Sing")], "La", "Le"], -1, -2),
      scored(["file:1#2>1", [user("Sing")], "Le", "Lo"], -2, -3)
    ],
    {}
  ]
]

it.effect.each(expected)("readSource() gives the comparisons of %s", ([dataset, source, shared, records, dropped]) =>
  Effect.gen(function* () {
    const found = yield* readAll(dataset, source, rowsOf(fixture(dataset)))
    const wanted = records.map((record) => ({ dataset, ...shared, ...record }))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(found.records, wanted)
    assert.deepStrictEqual(found.counts.dropped, dropped)
  })
)

it("every preference set has its fixture rows worked out here", () => {
  assert.deepStrictEqual(
    expected.map(([name]) => name),
    Object.entries(datasets).flatMap(([name, { kind }]) => (kind === "preferences" ? [name] : []))
  )
})
