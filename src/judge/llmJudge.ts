import { Effect, Layer, Ref, Schema } from "effect"
import { createHash } from "node:crypto"
import { defaulted, Temperature, TokenCount } from "../../schemas/mod.ts"
import { Policy, type Usage, UsageReport } from "../sampler/mod.ts"
import { bothOrders, fromBothOrders } from "./bothOrders.ts"
import { JudgeError, PolicyFailed } from "./errors.ts"
import { JudgeReport } from "./JudgeReport.ts"
import { parseVerdict, type Verdict } from "./parseVerdict.ts"
import { type Comparison, Preference } from "./Preference.ts"
import { judgePrompts } from "./prompt/judgePrompts.ts"

const names = Object.keys(judgePrompts) as ReadonlyArray<keyof typeof judgePrompts> // as: a literal table has no other keys

/** The keys that say how a language model judges. */
export const llmJudgeKeys = {
  prompt: defaulted(Schema.Literals(names), "mtBench", "How the judge is asked"),
  maxNewTokens: defaulted(TokenCount, 1024, "Longest answer of the judge (tokens)"),
  temperature: defaulted(Temperature, 0, "What the judge's logits are divided by (no unit)")
}
const LlmJudge = Schema.Struct(llmJudgeKeys)
type LlmJudge = typeof LlmJudge.Type

/** What a verdict is worth for the response that was shown first; a tie where there is none. */
const worth = (verdict: Verdict | undefined): number => ({ A: 1, B: 0, C: 0.5 })[verdict ?? "C"]

const noUsage: Usage = { requests: 0, promptTokens: 0, completionTokens: 0 }

const plus = (a: Usage, b: Usage): Usage => ({
  requests: a.requests + b.requests,
  promptTokens: a.promptTokens + b.promptTokens,
  completionTokens: a.completionTokens + b.completionTokens
})

/** The policy's answers to questions, each a function of its text alone, and what they cost. */
const answer = Effect.fnUntraced(function* (questions: ReadonlyArray<string>, options: LlmJudge) {
  const { maxNewTokens, temperature } = options
  const { sample } = yield* Policy
  const outer = yield* UsageReport
  const used = yield* Ref.make(noUsage)
  const listen = (usage: Usage) =>
    Effect.andThen(
      Ref.update(used, (before) => plus(before, usage)),
      outer(usage)
    )
  const prompts = questions.map((content) => ({
    promptId: createHash("sha256").update(content).digest("hex"),
    messages: [{ role: "user" as const, content }]
  }))
  const request = { prompts, temperatures: [temperature], perTemperature: 1, maxNewTokens, seed: 0, iteration: 0 }
  const rows = yield* sample(request).pipe(
    Effect.provideService(UsageReport, listen),
    Effect.mapError((cause) => new JudgeError({ reason: new PolicyFailed({ cause }) }))
  )
  const told = yield* Ref.get(used)
  const said = rows.flatMap(({ responses }) => responses)
  const completionTokens = said.reduce((sum, { tokens }) => sum + tokens, 0)
  return { texts: said.map(({ text }) => text), usage: told.requests > 0 ? told : { ...told, completionTokens } }
})

/**
 * The preference of a language model that compares in words: whoever is the policy, local or on a server.
 *
 * Source   LLM-as-a-judge, pairwise (Zheng et al., 2023), asked in both orders.
 * Domain   A comparison is won by 1 (both orders say so), ¾ (one says so, one says a tie), or it is a tie: where the orders
 *          contradict each other or neither can be read. Equal responses are a tie that nobody is asked about.
 *          P(a¹ ≻ a²) + P(a² ≻ a¹) = 1 without a rounding error. What it cost is told to JudgeReport.
 * Fails    JudgeError: PolicyFailed
 */
export const llmJudge = (written: typeof LlmJudge.Encoded): Layer.Layer<Preference, never, Policy> =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const options = Schema.decodeSync(LlmJudge)(written)
      const policy = yield* Policy
      const { ask, verdicts } = judgePrompts[options.prompt]
      const compare = Effect.fnUntraced(function* (rows: ReadonlyArray<Comparison>) {
        const questions = bothOrders(rows).map(ask)
        const { texts, usage } = yield* Effect.provideService(answer(questions, options), Policy, policy)
        const found = questions.map((_, i) => ({ verdict: parseVerdict(texts[i] ?? "", verdicts) }))
        const sides = fromBothOrders(rows, (a: (typeof found)[number], b: (typeof found)[number]) => ({
          chance: (worth(a.verdict) + 1 - worth(b.verdict)) / 2,
          agree: a.verdict !== undefined && b.verdict !== undefined && worth(a.verdict) === 1 - worth(b.verdict)
        }))(found)
        const report = yield* JudgeReport
        yield* report({
          comparisons: rows.length,
          questions: questions.length,
          agreed: sides.filter(({ agree }) => agree).length,
          unparsed: found.filter(({ verdict }) => verdict === undefined).length,
          ...usage
        })
        return sides.map(({ chance }) => chance)
      })
      const prefer = Effect.fn("Preference.prefer")(function* (rows: ReadonlyArray<Comparison>) {
        const different = rows.filter(({ first, second }) => first !== second)
        const chances = different.length === 0 ? [] : Array.from(yield* compare(different))
        return rows.map(({ first, second }) => (first === second ? 0.5 : (chances.shift() ?? 0.5)))
      })
      return Preference.of({ prefer })
    })
  )
