const quote = '"'
const backslash = 0x5c
const colon = 0x3a

/** Whether the quote at this place is part of the string: an odd number of backslashes stands before it. */
const isEscaped = (text: string, at: number): boolean => {
  let start = at
  while (text.charCodeAt(start - 1) === backslash) start--
  return (at - start) % 2 === 1
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

/**
 * How often a key stands in a JSON text, all objects together: the strings that a colon follows. Only quotes are looked
 * for, so that long texts cost little.
 *
 * Domain   texts that JSON.parse takes.
 */
export const keysInText = (text: string): number => {
  let count = 0
  for (let start = text.indexOf(quote); start >= 0;) {
    let end = text.indexOf(quote, start + 1)
    while (isEscaped(text, end)) end = text.indexOf(quote, end + 1)
    let next = end + 1
    while (isSpace(text.charCodeAt(next))) next++
    if (text.charCodeAt(next) === colon) count++
    start = text.indexOf(quote, next)
  }
  return count
}
