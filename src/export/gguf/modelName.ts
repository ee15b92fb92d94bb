import type { ModelSource } from "../../checkpoint/mod.ts"

const phi3 = /phi-?3/gi

/** The tokens that llama.cpp looks up in a model whose name says Phi-3. */
const lookedUp = ["<unk>", "<s>", "</s>", "<|endoftext|>"]

/**
 * The name of a model as its file says it.
 *
 * llama.cpp takes a model with "phi3" in its name for Phi-3: its special tokens take the spaces after them, and a vocabulary
 * without some of its tokens is not loaded. So the name says "phi3" for a Phi-3 with these tokens, and for no other.
 */
export const modelName = (name: string, { config, tokenizer }: Pick<ModelSource, "config" | "tokenizer">): string => {
  const text = tokenizer.files["tokenizer.json"] ?? ""
  const isPhi3 = config.model_type === "phi3" && lookedUp.every((token) => text.includes(JSON.stringify(token)))
  const says = name.search(phi3) >= 0
  if (isPhi3) return says ? name : `${name} (phi3)`
  return name.replaceAll(phi3, "phi 3")
}
