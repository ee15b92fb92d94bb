/** Bytes that stand in a column of text and are not UTF-8. */
export class BadText {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}
