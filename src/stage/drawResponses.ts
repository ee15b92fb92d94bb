import { Effect } from "effect"
import type { Candidates, Prompt } from "../../schemas/mod.ts"
import type { Policy, SampleRequest } from "../sampler/mod.ts"
import { AnswerDiffers, StageError } from "./errors.ts"

const failed = (stage: string, promptId: string, found: string, wanted: string) =>
  new StageError({ action: "sample", reason: new AnswerDiffers({ stage, promptId, found, wanted }) })

const differs = (
  stage: string,
  { promptId }: Prompt,
  answer: { readonly expected: number; readonly row: Candidates | undefined }
): StageError | undefined => {
  const { expected, row } = answer
  if (row === undefined) return failed(stage, promptId, "nothing", "a row")
  if (row.promptId !== promptId) {
    return failed(stage, promptId, `prompt "${row.promptId}"`, "rows in the order of the prompts")
  }
  if (row.responses.length === expected) return undefined
  return failed(stage, promptId, `${row.responses.length} responses`, String(expected))
}

/**
 * What a policy answers: one row for each prompt, each with as many responses as were asked for.
 *
 * Fails    SamplerError, StageError (AnswerDiffers)
 */
export const drawResponses = Effect.fnUntraced(function* (
  stage: string,
  policy: Policy["Service"],
  request: SampleRequest
) {
  const { perTemperature, prompts, temperatures } = request
  const rows = yield* policy.sample(request)
  const expected = temperatures.length * perTemperature
  for (const [i, prompt] of prompts.entries()) {
    const problem = differs(stage, prompt, { expected, row: rows[i] })
    if (problem !== undefined) return yield* problem
  }
  const beyond = rows[prompts.length]
  if (beyond) return yield* failed(stage, beyond.promptId, `${rows.length} rows`, String(prompts.length))
  return rows
})
