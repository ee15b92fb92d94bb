import { type Placed, placeOf } from "./Placement.ts"

/** Queries of one sequence that stand one after another, in the order of their positions. */
export interface Run {
  readonly placed: Placed
  /** Which sequence of the tree; any where all share the queries. */
  readonly which: number
  /** Index of the first query. */
  readonly at: number
  readonly positions: ArrayLike<number>
}

/** Tiles of about one size: some queries of a sequence, and its tokens up to the last of them. */
export interface TileBand {
  /** Index of each query; 0 where none stands. Shapes: [tiles, queries]. */
  readonly queryAt: BigInt64Array<ArrayBuffer>
  /** Index of each token, in the order of positions; 0 behind the last. Shapes: [tiles, keys]. */
  readonly keyAt: BigInt64Array<ArrayBuffer>
  readonly tiles: number
  readonly queries: number
  readonly keys: number
}

/** Which queries are compared with which tokens. */
export interface Tiling {
  /** Shapes: [tileBands]. */
  readonly bands: ReadonlyArray<TileBand>
  /** Place of each query among those of all bands, one band after the other. Shapes: [queries]. */
  readonly back: BigInt64Array<ArrayBuffer>
}

/** Rectangles in which attention is computed: more waste less, and take more calls. */
export const tileBands = 4
/** Queries of a tile at most: fewer skip more of what they cannot see, and copy keys more often. */
const tileQueries = 64
/** Sizes are multiples of this: a product with one row or column is summed in another order. */
const unit = 4

const roundUp = (n: number): number => Math.ceil(n / unit) * unit

interface Tile extends Run {
  readonly queries: number
  readonly keys: number
}

/** A run cut into tiles of about one size. */
const tilesOf = (run: Run): ReadonlyArray<Tile> => {
  const { length } = run.positions
  const count = Math.ceil(length / tileQueries)
  return Array.from({ length: count }, (_, i): Tile => {
    const [from, to] = [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)]
    const positions = Array.from({ length: to - from }, (_query, j) => run.positions[from + j] ?? 0)
    return {
      ...run,
      at: run.at + from,
      positions,
      queries: roundUp(positions.length),
      keys: roundUp((positions.at(-1) ?? 0) + 1)
    }
  })
}

/** Where each band begins among tiles, most keys first, such that the least is computed. */
const cutBands = (tiles: ReadonlyArray<Tile>): ReadonlyArray<number> => {
  // the best cut of the tiles from `from` on, for each number of bands
  let best = Array.from({ length: tiles.length + 1 }, (_, from) => ({
    cost: from === tiles.length ? 0 : Infinity,
    starts: [] as ReadonlyArray<number>
  }))
  for (let band = 0; band < tileBands; band++) {
    best = best.map((before, from) => {
      let found = before
      let queries = 0
      for (let to = from; to < tiles.length; to++) {
        queries = Math.max(queries, tiles[to]?.queries ?? 0)
        const rest = best[to + 1]
        const cost = (rest?.cost ?? Infinity) + (to + 1 - from) * queries * (tiles[from]?.keys ?? 0)
        if (rest && cost < found.cost) found = { cost, starts: [from, ...rest.starts] }
      }
      return found
    })
  }
  return best[0]?.starts ?? []
}

const bandOf = (tiles: ReadonlyArray<Tile>): TileBand => {
  const queries = tiles.reduce((most, tile) => Math.max(most, tile.queries), unit)
  const keys = tiles.reduce((most, tile) => Math.max(most, tile.keys), unit)
  const rows = Math.max(tiles.length, 1)
  const queryAt = new BigInt64Array(rows * queries)
  const keyAt = new BigInt64Array(rows * keys)
  tiles.forEach(({ at, placed, positions, which }, row) => {
    for (let i = 0; i < positions.length; i++) queryAt[row * queries + i] = BigInt(at + i)
    const seen = (positions[positions.length - 1] ?? 0) + 1
    for (let i = 0; i < seen; i++) keyAt[row * keys + i] = BigInt(placeOf(placed, which, i))
  })
  return { queryAt, keyAt, tiles: rows, queries, keys }
}

/** The tiling of runs that hold each of `size` queries once. A band that no tile needs has one that nobody reads. */
export const layoutTiles = (runs: ReadonlyArray<Run>, size: number): Tiling => {
  const tiles = runs.flatMap(tilesOf).toSorted((a, b) => b.keys - a.keys)
  const starts = cutBands(tiles)
  const back = new BigInt64Array(size)
  let base = 0
  const bands = Array.from({ length: tileBands }, (_, i) => {
    const members = i < starts.length ? tiles.slice(starts[i], starts[i + 1]) : []
    const band = bandOf(members)
    members.forEach(({ at, positions }, row) => {
      for (let j = 0; j < positions.length; j++) back[at + j] = BigInt(base + row * band.queries + j)
    })
    base += band.tiles * band.queries
    return band
  })
  return { bands, back }
}
