import { type Sheet, tilingNames } from "../model/mod.ts"
import type { TypedArray } from "../runtime/mod.ts"

/** A host tensor to be fed. */
export interface Feed {
  readonly data: TypedArray
  readonly shape: ReadonlyArray<number>
}

/** Host tensors by the names of inputs. */
export type Feeds = Readonly<Record<string, Feed>>

const tilingFeeds = (name: "whole" | "chosen", { back, bands }: Sheet["whole"]): Feeds => {
  const names = tilingNames(name)
  const each = names.bands.flatMap(({ keyAt, queryAt }, i): ReadonlyArray<readonly [string, Feed]> => {
    const band = bands[i]
    if (!band) return []
    return [
      [queryAt, { data: band.queryAt, shape: [band.tiles, band.queries] }],
      [keyAt, { data: band.keyAt, shape: [band.tiles, band.keys] }]
    ]
  })
  return { [names.back]: { data: back, shape: [back.length] }, ...Object.fromEntries(each) }
}

/** What every graph over whole sequences is fed. */
export const sheetFeeds = (sheet: Sheet): Feeds => ({
  ids: { data: sheet.ids, shape: [1, sheet.size] },
  positions: { data: sheet.positions, shape: [sheet.size] },
  select: { data: sheet.read, shape: [sheet.read.length] },
  ...tilingFeeds("whole", sheet.whole),
  ...tilingFeeds("chosen", sheet.chosen)
})
