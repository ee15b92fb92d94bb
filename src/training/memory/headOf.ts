const bytesPerFloat = 4
/** What the logits of one chunk may take: several arrays of their size exist at once. Units: bytes. */
const logitBytes = 2 ** 26
/** What log π over the vocabulary may take from the way there to the way back. Units: bytes. */
const keptBytes = 2 ** 28
/** More tokens at once make no product faster; fewer read the weights of the head for too little work. Units: tokens. */
const bounds = { worthwhile: 256, most: 2048, least: 32 }

const tokensIn = (bytes: number, vocabulary: number): number => Math.floor(bytes / bytesPerFloat / vocabulary)

/**
 * Tokens whose logits may exist at once: a power of two that depends on the vocabulary alone. The gradient of the head is
 * added up chunk by chunk, so that a chunk that followed the budget would change its last bits.
 */
export const headChunkOf = ({ vocab_size }: { readonly vocab_size: number }): number => {
  const fitting = Math.max(
    tokensIn(logitBytes, vocab_size),
    Math.min(bounds.worthwhile, tokensIn(keptBytes, vocab_size))
  )
  return Math.min(bounds.most, Math.max(bounds.least, 2 ** Math.floor(Math.log2(fitting))))
}

/** Tokens whose logits exist at once, and those whose log π over the vocabulary is kept; that of others is computed a second time. */
export const headOf = (config: { readonly vocab_size: number }) => ({
  headChunk: headChunkOf(config),
  headKept: tokensIn(keptBytes, config.vocab_size)
})
