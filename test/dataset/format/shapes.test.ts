import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { formats, type Kinds } from "../../../src/dataset/mod.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })
const system = (content: string): Message => ({ role: "system", content })

const read = (format: keyof typeof formats, kind: keyof Kinds, row: unknown): unknown => {
  const reader = Reflect.get(formats[format], kind) as (row: unknown, id: string) => Result.Result<unknown, string> // as: a format without the kind fails the test
  return Result.merge(reader(row, "id"))
}

const q = [user("Q")]
const promptId = "id"
const preference = { promptId, messages: q, chosen: "A", rejected: "B", margin: 0 }
const demonstration = { promptId, messages: q, response: "A" }
const prompt = { promptId, messages: q }
const [chosenTurns, rejectedTurns] = [
  [...q, assistant("A")],
  [...q, assistant("B")]
]
const [human, right, wrong] = [
  { from: "human", value: "Q" },
  { from: "gpt", value: "A" },
  { from: "gpt", value: "B" }
]

it.each([
  ["trlExplicit", "preferences", { prompt: "Q", chosen: "A", rejected: "B" }, preference],
  [
    "trlExplicit",
    "preferences",
    { prompt: q, chosen: [assistant("A")], rejected: [assistant("B")], score_chosen: 4, score_rejected: "1.5" },
    { ...preference, margin: 2.5, chosenScore: 4, rejectedScore: 1.5 }
  ],
  ["trlExplicit", "demonstrations", { prompt: "Q", chosen: "A", rejected: "B" }, demonstration],
  ["trlExplicit", "prompts", { prompt: "Q", chosen: "A", rejected: "B" }, prompt],
  [
    "trlImplicit", // the space before the first word that differs belongs to the responses
    "preferences",
    { chosen: "The sky is blue.", rejected: "The sky is green." },
    { promptId, messages: [user("The sky is")], chosen: " blue.", rejected: " green.", margin: 0 }
  ],
  [
    "trlImplicit", // both smileys begin with the same half
    "preferences",
    { chosen: "Smile:😀", rejected: "Smile:😁" },
    { promptId, messages: [user("Smile:")], chosen: "😀", rejected: "😁", margin: 0 }
  ],
  ["trlImplicit", "preferences", { chosen: chosenTurns, rejected: rejectedTurns }, preference],
  ["trlImplicit", "demonstrations", { chosen: chosenTurns, rejected: rejectedTurns }, demonstration],
  ["trlImplicit", "prompts", { chosen: chosenTurns, rejected: rejectedTurns }, prompt],
  [
    "promptChosenRejected", // as a column of a Parquet file
    "preferences",
    {
      prompt: "Q",
      chosen: "A",
      rejected: "B",
      fromReference: null,
      metadata: { score_chosen: 2, score_rejected: null }
    },
    { ...preference, chosenScore: 2 }
  ],
  ["promptChosenRejected", "prompts", { prompt: "Q", chosen: "A", rejected: "B", fromReference: null }, prompt],
  ["trlPrompt", "prompts", { prompt: "Q" }, prompt],
  ["trlPrompt", "prompts", { prompt: q }, prompt],
  ["trlPromptCompletion", "demonstrations", { prompt: "Q", completion: "A" }, demonstration],
  ["trlPromptCompletion", "demonstrations", { prompt: q, completion: [assistant("A")] }, demonstration],
  ["trlPromptCompletion", "prompts", { prompt: "Q", completion: "A" }, prompt],
  ["chatMl", "demonstrations", { messages: chosenTurns }, demonstration],
  ["chatMl", "prompts", { messages: chosenTurns }, prompt],
  ["kto", "judged", { messages: chosenTurns, label: false }, { ...demonstration, desirable: false }],
  ["kto", "prompts", { messages: chosenTurns, label: false }, prompt],
  ["shareGpt", "preferences", { conversations: [human], chosen: right, rejected: wrong }, preference],
  [
    "shareGpt",
    "demonstrations",
    { conversations: [human, right], system: "S" },
    { ...demonstration, messages: [system("S"), ...q] }
  ],
  ["shareGpt", "prompts", { conversations: [human] }, prompt],
  [
    "alpaca",
    "demonstrations",
    { instruction: "I", input: "N", output: "A", system: "S", history: [["Q", "B"]] },
    { promptId, messages: [system("S"), ...q, assistant("B"), user("I\n\nN")], response: "A" }
  ],
  ["alpaca", "preferences", { instruction: "Q", input: "", chosen: "A", rejected: "B" }, preference],
  ["alpaca", "prompts", { instruction: "Q", input: null, output: "A" }, prompt],
  [
    "rlhflow",
    "preferences",
    { chosen: chosenTurns, rejected: rejectedTurns, chosen_score: "5", rejected_score: "2" },
    { ...preference, margin: 3, chosenScore: 5, rejectedScore: 2 }
  ],
  [
    "rlhflow",
    "demonstrations",
    { chosen: chosenTurns, rejected: rejectedTurns, chosen_score: null, rejected_score: null },
    demonstration
  ],
  ["rlhflowInstances", "demonstrations", { input: "Q", output: "A" }, demonstration],
  ["rlhflowInstances", "prompts", { input: "Q", output: "A" }, prompt],
  [
    "rlhflowInstances",
    "demonstrations",
    { conversation_id: 1, system: "S", messages: chosenTurns },
    { ...demonstration, messages: [system("S"), ...q] }
  ],
  [
    "rlhflowInstances",
    "preferences",
    {
      chosen: { conversation_id: 1, messages: chosenTurns },
      rejected: { conversation_id: 1, messages: rejectedTurns }
    },
    preference
  ]
] as const)("%s gives %s of %j", (format, kind, row, record) => {
  assert.deepStrictEqual(read(format, kind, row), record)
})

it.each([
  [
    "trlExplicit",
    "preferences",
    { prompt: "Q", chosen: "A" },
    'field "rejected": found nothing, wanted string | array'
  ],
  [
    "trlImplicit",
    "preferences",
    { chosen: "A", rejected: "B" },
    'field "rejected": found another beginning, wanted the prompt that "chosen" begins with'
  ],
  [
    "trlImplicit",
    "preferences",
    { chosen: chosenTurns, rejected: [user("R"), assistant("B")] },
    'field "rejected[0]": found another message, wanted the same prompt as in "chosen"'
  ],
  [
    "trlImplicit",
    "preferences",
    { chosen: chosenTurns, rejected: [...q, assistant("B"), ...q, assistant("C")] },
    'field "rejected": found 4 messages, wanted 2, as in "chosen"'
  ],
  ["chatMl", "demonstrations", { messages: q }, 'field "messages": found 1 messages, wanted a prompt and a response'],
  [
    "chatMl",
    "demonstrations",
    { messages: [...q, ...q] },
    'field "messages[1].role": found "user", wanted "assistant"'
  ],
  ["kto", "judged", { messages: chosenTurns, label: "yes" }, 'field "label": found "yes", wanted boolean'],
  [
    "shareGpt",
    "prompts",
    { conversations: [right] },
    'field "conversations": found 1 messages of the assistant alone, wanted a prompt'
  ],
  ["alpaca", "demonstrations", { instruction: "Q" }, 'field "output": found nothing, wanted string']
] as const)("%s gives no %s of %j: it says why", (format, kind, row, why) => {
  assert.strictEqual(read(format, kind, row), why)
})
