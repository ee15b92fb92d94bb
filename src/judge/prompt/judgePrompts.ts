import type { JudgePrompt } from "./JudgePrompt.ts"
import { mtBench } from "./mtBench.ts"
import { rewardBench } from "./rewardBench.ts"

/** Every way to ask a language model for a comparison. */
export const judgePrompts = { mtBench, rewardBench } as const satisfies Record<string, JudgePrompt>
