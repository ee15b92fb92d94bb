import { isUtf8 } from "node:buffer"
import { BadText } from "./BadText.ts"

const replacement = "\uFFFD"

/**
 * Bytes as text, or as BadText where they are not UTF-8.
 *
 * Faster than a strict TextDecoder for short texts: bytes are looked at twice only where the text holds U+FFFD, which
 * stands for what is not UTF-8.
 */
export const textFromBytes = (bytes: Uint8Array): string | BadText => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")
  return text.includes(replacement) && !isUtf8(bytes) ? new BadText(bytes.slice()) : text
}
