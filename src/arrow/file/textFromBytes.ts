import { BadText } from "./BadText.ts"

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Bytes as text, or as BadText where they are not UTF-8. */
export const textFromBytes = (bytes: Uint8Array): string | BadText => {
  try {
    return strict.decode(bytes)
  } catch {
    return new BadText(bytes.slice())
  }
}
