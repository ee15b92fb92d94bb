/** A column of numbers that grows at its end. */
export class Growing<A extends Float64Array | Int32Array> {
  private readonly make: (length: number) => A
  private held: A
  length = 0

  constructor(make: (length: number) => A) {
    this.make = make
    this.held = make(1024)
  }

  push(x: number): void {
    if (this.length === this.held.length) {
      const larger = this.make(2 * this.length)
      larger.set(this.held)
      this.held = larger
    }
    this.held[this.length++] = x
  }

  /** What was pushed as the `i`-th. */
  at(i: number): number {
    return this.held[i] ?? 0
  }

  /** What was pushed. */
  get numbers(): A {
    return this.held.subarray(0, this.length) as A // as: a part of an array is of its kind
  }
}
