/** Ids one after another, however many: as arguments of a function they would not fit on the stack. */
export const joinIds = (...parts: ReadonlyArray<ArrayLike<number>>): Int32Array<ArrayBuffer> => {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
