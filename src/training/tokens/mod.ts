/**
 * Examples as tokens in a file, and of each what a plan has to know.
 *
 * ```ts
 * const { put, tokens } = yield* openTokens(`${into}.tokens`)
 * yield* put(example)
 * const [first] = yield* tokens.pick([0])
 * ```
 */
export { openTokens } from "./openTokens.ts"
export {
  longestRow,
  longestSequence,
  rowLength,
  rowLengths,
  type RowShape,
  type RowShapes,
  shapeOf
} from "./RowShape.ts"
export { ShapeTable, tableBytes } from "./ShapeTable.ts"
export { allOf, type Tokens } from "./Tokens.ts"
