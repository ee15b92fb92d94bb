import { askedLines } from "./askedLines.ts"
import type { Explanation } from "./explain.ts"
import { formatCache, formatMemory } from "./formatMemory.ts"

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, " ")

const flow = ({ stages }: Explanation): ReadonlyArray<readonly [string, string, string]> => [
  ["prompts", "", stages[0]?.before.join(" ") ?? ""],
  ...stages.map(({ after, before, name }, i): readonly [string, string, string] => {
    const added = after.filter((column) => !before.includes(column))
    const keeps = before.every((column) => after.includes(column))
    return [`${i + 1} ${name}`, before.join(" "), keeps ? `+ ${added.join(" ")}` : after.join(" ")]
  }),
  ["train", stages.at(-1)?.after.join(" ") ?? "", "checkpoint"]
]

const servedWeights = {
  asServed: "with the weights it is served with, in every iteration",
  updateFromDisk: "with the weights of πₜ, which it loads before each iteration"
}

/** An explanation as lines of text for a terminal. */
export const formatExplanation = (explanation: Explanation): string => {
  const { iterations, perIteration, policy, total } = explanation
  const rows = flow(explanation)
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length))
  const columns = rows.map(
    ([name, before, after]) => `${name.padEnd(width(0))}  ${before.padEnd(width(1))}  → ${after}`
  )
  const parameters =
    policy.parameters === undefined ? "unknown (no config.json that can be read)" : grouped(policy.parameters)
  const reference = { initial: "initial: π₀, frozen", previous: "previous: the policy the iteration starts from" }
  const cost: ReadonlyArray<readonly [string, string]> = [
    ["iterations", grouped(iterations)],
    ["prompts per iteration", grouped(perIteration.prompts)],
    ["responses per iteration", grouped(perIteration.responses)],
    ["tokens per iteration, at most", grouped(perIteration.tokens)],
    ...(perIteration.comparisons > 0
      ? [["comparisons per iteration, at most", grouped(perIteration.comparisons)] as const]
      : []),
    ...(explanation.persons === undefined ? [] : askedLines(explanation.persons)),
    ["pairs per iteration, at most", grouped(perIteration.pairs)],
    ["optimizer steps per iteration, at most", grouped(perIteration.optimizerSteps)],
    ["responses in all", grouped(total.responses)],
    ["tokens in all, at most", grouped(total.tokens)],
    ["optimizer steps in all, at most", grouped(total.optimizerSteps)],
    ["reference of DPO", reference[explanation.reference]],
    [`parameters of ${policy.folder}`, parameters],
    ...explanation.sources.map(({ found, key }) => [key, found] as const),
    ...explanation.servers.map(({ model, url, weights, what }): readonly [string, string] => {
      const who = model === undefined ? url : `${model} at ${url}`
      return [`${what} on a server`, weights === undefined ? who : `${who}, ${servedWeights[weights]}`]
    }),
    ...(explanation.cache === undefined ? [] : [formatCache(explanation.cache)]),
    ...explanation.memory.map(formatMemory)
  ]
  const label = Math.max(...cost.map(([name]) => name.length))
  return [...columns, "", ...cost.map(([name, value]) => `${name.padEnd(label)}  ${value}`)].join("\n")
}
