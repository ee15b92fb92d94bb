import { Schema } from "effect"
import { allKinds, type Kind, kindsWith, type Row } from "./Row.ts"

/**
 * A part of a record as text: the turns of the prompt, one response, each response, or the prompt with each response.
 */
export const Part = Schema.Literals(["prompt", "response", "chosen", "rejected", "responses", "whole"])
export type Part = typeof Part.Type

/** The contents of the turns of a prompt, one below the other. */
export const promptText = ({ messages }: Row): string => {
  const [only, ...more] = messages
  return more.length === 0 ? (only?.content ?? "") : messages.map(({ content }) => content).join("\n")
}

/** Every response of a record: none of a prompt, two of a comparison. */
export const responsesOf = ({ response, chosen, rejected }: Row): ReadonlyArray<string> =>
  [response, chosen, rejected].filter((text) => text !== undefined)

const present = (text: string | undefined): ReadonlyArray<string> => (text === undefined ? [] : [text])

const whole = (row: Row): ReadonlyArray<string> => {
  const prompt = promptText(row)
  const responses = responsesOf(row)
  return responses.length === 0 ? [prompt] : responses.map((response) => `${prompt}\n${response}`)
}

const texts: { readonly [P in Part]: (row: Row) => ReadonlyArray<string> } = {
  prompt: (row) => [promptText(row)],
  response: ({ response }) => present(response),
  chosen: ({ chosen }) => present(chosen),
  rejected: ({ rejected }) => present(rejected),
  responses: responsesOf,
  whole
}

/** The texts of a part of a record: one, or one for each response. */
export const textsOf = (part: Part): ((row: Row) => ReadonlyArray<string>) => texts[part]

/** The kinds whose records have a part. */
export const kindsOfPart = (part: Part): ReadonlyArray<Kind> => {
  if (part === "prompt" || part === "whole") return allKinds
  return part === "responses" ? [...kindsWith("response"), ...kindsWith("chosen")] : kindsWith(part)
}
