import type { Band, Strip } from "../../model/mod.ts"

/** Rows of tokens that stand one after another. */
type Span = Pick<Band, "from" | "rows" | "tokens">

/** The places of a band's tokens in an array that holds `width` numbers for each token. */
export const bandOf = (array: Float32Array, { from, rows, tokens }: Span, width: number): Float32Array =>
  array.subarray(from * width, (from + rows * tokens) * width)

/** The tokens that the row of a band sees before its own. */
export const prefixOf = ({ prefix }: Band): Span => ({ ...prefix, rows: 1 })

const cutOut = (places: BigInt64Array<ArrayBuffer>, { from, rows, tokens }: Span) =>
  places.subarray(from, from + rows * tokens)

/** Where the tokens of a band stand, and those of its prefix. */
export const placesOf = (strip: Strip, band: Band) => {
  const prefix = prefixOf(band)
  return {
    positions: cutOut(strip.positions, band),
    document: cutOut(strip.document, band),
    branch: cutOut(strip.branch, band),
    prefixPositions: cutOut(strip.positions, prefix),
    prefixDocument: cutOut(strip.document, prefix),
    prefixBranch: cutOut(strip.branch, prefix)
  }
}
