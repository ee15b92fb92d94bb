import { type JudgePrompt, shown } from "./JudgePrompt.ts"

const instruction = `You are a fair judge of answers. You see a conversation, and two responses to its last message, by two different assistants.
Find out which response serves the user better. Look at whether it does what was asked, and at how helpful, relevant, correct, thorough, creative and detailed it is.
The order in which the responses are shown, their length and the letters they stand under say nothing about their quality.
Compare the two responses in a few sentences first. Then give your verdict on a line of its own, in exactly this form: [[A]] if response A is better, [[B]] if response B is better, [[C]] if they are equally good.`

/**
 * Asks for a comparison in words and a verdict, a tie allowed.
 *
 * Source   The pairwise judge of MT-Bench (Zheng et al., 2023): its criteria and its verdicts, in other words.
 */
export const mtBench: JudgePrompt = {
  verdicts: ["A", "B", "C"],
  ask: (comparison) => `${instruction}\n\n${shown(comparison)}`
}
