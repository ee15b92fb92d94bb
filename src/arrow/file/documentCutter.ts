import type { Cutter } from "./Cutter.ts"
import { DocumentWalk } from "./DocumentWalk.ts"
import { Feed } from "./Feed.ts"
import { type Found, lastTrouble } from "./Found.ts"
import type { Source } from "./Source.ts"

/**
 * Cuts a JSON document into rows: the elements of an array of objects, or of the only such array in an object, whose
 * other members are gone over. One element at a time is held.
 */
export const documentCutter = (source: Source): Cutter => {
  const feed = new Feed()
  let found: Array<Found> = []
  const walk = new DocumentWalk(source, feed, (one) => found.push(one)).document()
  const go = (): ReadonlyArray<Found> => {
    const step = walk.next()
    if (step.done === true && step.value !== undefined) found.push(lastTrouble(source.path, step.value))
    const all = found
    found = []
    return all
  }
  return {
    push: (piece) => {
      feed.add(piece)
      return go()
    },
    end: () => {
      feed.close()
      return go()
    }
  }
}
