import type { TrainSettings } from "./file/TrainSettings.ts"

/** A phase as training takes it: its settings beside the rest, and the context as the limit where no length is named. */
export const requestOf = <P extends { readonly settings: TrainSettings }>({ settings, ...phase }: P) => {
  const { lora, saveEvery: _, maxTokens = Number.MAX_SAFE_INTEGER, ...rest } = settings
  return { ...phase, ...rest, maxTokens, ...(lora ? { lora: { merge: true, ...lora } } : {}) }
}
