import { kindsOfPart, textsOf } from "../Part.ts"
import { judgeLengths, lengthBounds } from "./bounds.ts"
import { makeJudge } from "./Rule.ts"

/** Code points of a text: a low surrogate after a high one is none of its own. */
const codePoints = (text: string): number => {
  let count = text.length
  for (let i = 1; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--
  }
  return count
}

/**
 * Drops records that are too short or too long.
 *
 * Units    code points.
 */
export const characters = makeJudge({
  doc: "drops records that are too short or too long in characters",
  params: lengthBounds("code points"),
  kinds: ({ of }) => kindsOfPart(of),
  judge: ({ of, ...bounds }) => {
    const texts = textsOf(of)
    return (row) => judgeLengths(bounds, "characters", texts(row).map(codePoints))
  }
})
