import { Schema } from "effect"

const Unit = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const Counts = Schema.Record(Schema.String, Schema.Natural)

/** Counts between neighbouring edges, the lower edge its own; `beyond` is how many lie at or above the last edge. */
export const Histogram = Schema.Struct({
  edges: Schema.Array(Schema.Finite),
  counts: Schema.Array(Schema.Natural),
  beyond: Schema.Natural
})
export type Histogram = typeof Histogram.Type

const Lengths = Schema.Struct({
  mean: Schema.Finite,
  min: Schema.Natural,
  median: Schema.Natural,
  percentile95: Schema.Natural,
  max: Schema.Natural,
  histogram: Histogram
})

const Margins = Schema.Struct({
  ties: Schema.Natural,
  mean: Schema.Finite,
  min: Schema.Finite,
  max: Schema.Finite,
  histogram: Histogram
})

/** `share` is that of `count` among `of`, in `prompts` prompts, with the interval of a bootstrap of prompts. */
const Share = Schema.Struct({
  count: Schema.Natural,
  of: Schema.Natural,
  prompts: Schema.Natural,
  share: Unit,
  low: Unit,
  high: Unit
})

/**
 * `count` of `of`, in `prompts` prompts, speak against the labels; `rate` is how often a label is wrong if the estimator's assumption
 * holds, with the interval of a bootstrap of prompts.
 */
const FlipRate = Schema.Struct({
  count: Schema.Natural,
  of: Schema.Natural,
  prompts: Schema.Natural,
  rate: Unit,
  low: Unit,
  high: Unit
})

/** What the rows of one group are, or all of them. */
const DataGroup = Schema.Struct({
  name: Schema.String,
  rows: Schema.Natural,
  prompts: Schema.Natural,
  sources: Counts,
  annotators: Counts,
  lengths: Schema.Struct({
    prompt: Schema.optionalKey(Lengths),
    response: Schema.optionalKey(Lengths),
    chosen: Schema.optionalKey(Lengths),
    rejected: Schema.optionalKey(Lengths)
  }),
  desirable: Schema.optionalKey(Share),
  comparisons: Schema.optionalKey(
    Schema.Struct({
      identical: Schema.Natural,
      sameLength: Schema.Natural,
      chosenLonger: Schema.optionalKey(Share),
      margins: Schema.optionalKey(Margins),
      noise: Schema.Struct({
        scores: Schema.optionalKey(FlipRate),
        repeats: Schema.optionalKey(FlipRate),
        cycles: Schema.optionalKey(FlipRate),
        bradleyTerry: Schema.optionalKey(Unit),
        contradicted: Counts
      })
    })
  )
})
export type DataGroup = typeof DataGroup.Type

/**
 * What a data set holds: the columns of Table 5, for each group of rows and for all.
 *
 * Source   Table 5: prompts, mean lengths over all rows, who completed, who annotated, pairs.
 * Units    All lengths in `unit`: tokens of the texts alone, with no template around them, or code points. Margins in reward.
 * Domain   `prompts` are distinct by their messages. `groups` are in the order in which they were met, by `by`.
 *          `sources` and `annotators` count rows by name; rows that name none are not counted. Intervals are at 95 %.
 *          `noise` holds estimates that assume different things: see `noiseEstimates`; one is absent where nothing of its
 *          kind can be compared. `ties` are margins of 0; `margins` is absent where no row has scores or a margin.
 */
export const DatasetStatistics = Schema.Struct({
  unit: Schema.Literals(["characters", "tokens"]),
  tokenizer: Schema.optionalKey(Schema.String),
  by: Schema.Literals(["dataset", "source", "split"]),
  all: DataGroup,
  groups: Schema.Array(DataGroup)
})
export type DatasetStatistics = typeof DatasetStatistics.Type
