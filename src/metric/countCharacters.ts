/** How many code points a text has: what Eq. (9) calls its length. */
export const countCharacters = (text: string): number => {
  let pairs = 0
  for (let i = 1; i < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800
    if (isPair) pairs++
  }
  return text.length - pairs
}
