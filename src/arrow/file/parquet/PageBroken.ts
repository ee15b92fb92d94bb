/** A page of Parquet whose header and bytes do not fit together. */
export class PageBroken extends Error {
  constructor(found: string) {
    super(`the page names ${found}`)
  }
}
