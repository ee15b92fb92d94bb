import { hash } from "node:crypto"

/**
 * 52 bits of the SHA-1 of a text, as a number.
 *
 * Domain   Equal for equal texts; of n texts, about n²/2⁵³ pairs of others are taken for equal: 10⁻⁴ of a pair at a million.
 */
export const textHash = (text: string): number => {
  const digest = hash("sha1", text, "hex")
  return Number.parseInt(digest.slice(0, 13), 16)
}
