const bytesPerFloat = 4
/** What the logits of one chunk may take. Units: bytes. */
const logitBytes = 2 ** 28
/** More tokens at once make no product faster; fewer leave the cores without work. Units: tokens. */
const bounds = { least: 32, most: 2048 }

/**
 * Tokens whose logits may exist at once: a power of two that depends on the vocabulary alone. The gradient of the head is
 * added up chunk by chunk, so that a chunk that followed the budget would change its last bits.
 */
export const headChunkOf = ({ vocab_size }: { readonly vocab_size: number }): number => {
  const fitting = 2 ** Math.floor(Math.log2(logitBytes / bytesPerFloat / vocab_size))
  return Math.min(bounds.most, Math.max(bounds.least, fitting))
}
