/** Whether the text between two addresses fits its schema; false leaves the row to the schema itself. */
export type TextCheck = (buffer: Buffer, start: number, end: number) => boolean

/** Every text fits. */
export const anyText: TextCheck = () => true

/** Texts of at least one code unit fit. */
export const someText: TextCheck = (_, start, end) => end > start

/** A few texts fit, as bytes. */
export const textsOf = (texts: ReadonlyArray<string>): TextCheck => {
  const wanted = texts.map((text) => Buffer.from(text))
  return (buffer, start, end) => {
    for (const text of wanted) {
      if (text.length !== end - start) continue
      let i = 0
      while (i < text.length && buffer[start + i] === text[i]) i++
      if (i === text.length) return true
    }
    return false
  }
}

/** Texts fit of which the schema says so. */
export const askedText =
  (is: (value: unknown) => boolean): TextCheck =>
  (buffer, start, end) =>
    is(buffer.toString("utf8", start, end))
