import { Growing } from "../../dataset/mod.ts"
import { treeShape } from "../../model/mod.ts"
import type { RowShape, RowShapes } from "./RowShape.ts"

/** Units: bytes of a row of one tree in the table, the place of its tokens in their file included. */
export const tableBytes = 64

/** Shapes of examples as a few numbers each, in the order in which they were pushed. */
export class ShapeTable implements RowShapes {
  private readonly words = new Growing((length) => new Int32Array(length))
  private readonly starts = new Growing((length) => new Int32Array(length))

  get length(): number {
    return this.starts.length
  }

  push({ learned, trees }: RowShape): void {
    this.starts.push(this.words.length)
    this.words.push(learned)
    this.words.push(trees.length)
    for (const { lengths, shared } of trees) {
      this.words.push(shared)
      this.words.push(lengths.length)
      for (const length of lengths) this.words.push(length)
    }
  }

  readonly at = (row: number): RowShape => {
    let at = this.starts.at(row)
    const next = () => this.words.at(at++)
    const learned = next()
    const trees = Array.from({ length: next() }, () => {
      const shared = next()
      return treeShape(
        shared,
        Array.from({ length: next() }, () => next())
      )
    })
    return { trees, learned }
  }
}
