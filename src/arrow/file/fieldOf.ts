/** The way to a value inside a row: keys of objects and places in arrays. */
export type FieldPath = ReadonlyArray<string | number>

/** A way to a value in words, such as `messages[1].role`. */
export const fieldOf = (path: FieldPath): string =>
  path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${part}`)).join("")
