/** A step that was measured. Units: tokens per row, seconds. */
export interface Timed {
  readonly perRow: number
  readonly rows: number
  readonly seconds: number
}

const tokensOf = ({ perRow, rows }: Timed): number => perRow * rows

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

/** What a step costs beside its tokens, for each of them, and for each pair of them in a row: least squares of relative errors. */
const columns = (timed: Timed): ReadonlyArray<number> =>
  [1, tokensOf(timed), tokensOf(timed) * timed.perRow].map((value) => value / timed.seconds)

/** Solves a small symmetric system by elimination. */
const solve = (rows: ReadonlyArray<ReadonlyArray<number>>, right: ReadonlyArray<number>): ReadonlyArray<number> => {
  const [first, ...others] = rows
  if (!first) return []
  const [pivot = Number.NaN, ...rest] = first
  const [top = Number.NaN, ...below] = right
  const factors = others.map(([lead = Number.NaN]) => lead / pivot)
  const reduced = others.map(([, ...row], i) => row.map((value, j) => value - (factors[i] ?? 0) * (rest[j] ?? 0)))
  const found = solve(
    reduced,
    below.map((value, i) => value - (factors[i] ?? 0) * top)
  )
  return [(top - sum(rest.map((value, j) => value * (found[j] ?? 0)))) / pivot, ...found]
}

const fit = (all: ReadonlyArray<Timed>, used: ReadonlyArray<number>): ReadonlyArray<number> => {
  const rows = all.map((timed) => used.map((column) => columns(timed)[column] ?? 0))
  const normal = used.map((_, a) => used.map((__, b) => sum(rows.map((row) => (row[a] ?? 0) * (row[b] ?? 0)))))
  const found = solve(
    normal,
    used.map((_, a) => sum(rows.map((row) => row[a] ?? 0)))
  )
  const negative = used.filter((_, i) => (found[i] ?? 0) < 0)
  // no part of a step takes less than no time
  if (negative.length > 0)
    return fit(
      all,
      used.filter((column) => !negative.includes(column))
    )
  return [0, 1, 2].map((column) => (used.includes(column) ? (found[used.indexOf(column)] ?? 0) : 0))
}

/** Seconds of a step as a constant, a part that is linear in tokens, and one that is quadratic in the length of a row. */
export const fitTime = (all: ReadonlyArray<Timed>) => {
  const [constant = 0, linear = 0, quadratic = 0] = fit(all, [0, 1, 2])
  const quadraticOf = (timed: Pick<Timed, "perRow" | "rows">) => quadratic * timed.rows * timed.perRow ** 2
  return {
    quadraticOf,
    secondsOf: (timed: Timed) => constant + linear * tokensOf(timed) + quadraticOf(timed)
  }
}

/** The exponent e of seconds ~ (tokens per row)ᵉ: the slope of a line through the logarithms. */
fitTime.exponent = (series: ReadonlyArray<Timed>): number => {
  const points = series.map(({ perRow, seconds }) => [Math.log(perRow), Math.log(seconds)] as const)
  const middle = [0, 1].map((axis) => sum(points.map((point) => point[axis] ?? 0)) / points.length)
  const [x = 0, y = 0] = middle
  return sum(points.map((point) => (point[0] - x) * (point[1] - y))) / sum(points.map((point) => (point[0] - x) ** 2))
}
