import type { Block } from "../model/mod.ts"
import type { TypedArray } from "../runtime/mod.ts"

/** A host tensor to be fed. */
export interface Feed {
  readonly data: TypedArray
  readonly shape: ReadonlyArray<number>
}

/** Host tensors by the names of inputs. */
export type Feeds = Readonly<Record<string, Feed>>

/** What every graph over whole sequences is fed. */
export const blockFeeds = (block: Block): Feeds => {
  const shape = [block.rows, block.tokens]
  return {
    ids: { data: block.ids, shape },
    positions: { data: block.positions, shape },
    document: { data: block.document, shape },
    branch: { data: block.branch, shape }
  }
}

/** What a graph is fed that reads one number off the last token of each sequence. */
export const lastFeeds = (block: Block): Feeds => ({
  ...blockFeeds(block),
  select: { data: block.last, shape: [block.last.length] }
})
