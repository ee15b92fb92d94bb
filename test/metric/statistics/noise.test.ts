import { assert, describe, it } from "@effect/vitest"
import {
  ClusterCounts,
  LengthCounts,
  MarginBins,
  noiseEstimates,
  repeatedLabels,
  wilson
} from "../../../src/metric/mod.ts"
import { key, uniform } from "../../../src/random/mod.ts"

/** Rounding of float64. */
const tolerance = 1e-12

/** Comparisons of numbers as hashes: [prompt, chosen, rejected]. */
const clustersOf = (pairs: ReadonlyArray<readonly [number, number, number]>) =>
  repeatedLabels({
    prompts: pairs.map(([prompt]) => prompt),
    chosen: pairs.map(([, chosen]) => chosen),
    rejected: pairs.map(([, , rejected]) => rejected)
  })

const found = (pairs: ReadonlyArray<readonly [number, number, number]>) => {
  const { cycles, repeats } = clustersOf(pairs)
  return {
    repeats: { count: repeats.count, of: repeats.of },
    cycles: { count: cycles.count, of: cycles.of }
  }
}

/** Clusters of one thing each. */
const single = (count: number, of: number) => {
  const clusters = new ClusterCounts()
  for (let i = 0; i < of; i++) clusters.add(i < count ? 1 : 0, 1)
  return clusters
}

describe("repeatedLabels()", () => {
  it("compares each two labels of the same two responses to one prompt", () => {
    // three labels make three pairs of labels, of which two differ; prompt 2 says the same once, prompt 3 the other way once
    const { repeats } = found([
      [1, 5, 6],
      [1, 5, 6],
      [2, 5, 6],
      [1, 6, 5],
      [3, 6, 5]
    ])
    assert.deepStrictEqual(repeats, { count: 2, of: 3 })
  })

  it("finds circles of three among responses that were all compared, by the majority of their labels", () => {
    const circle = [
      [1, 5, 6],
      [1, 6, 7],
      [1, 7, 5]
    ] as const
    assert.deepStrictEqual(found(circle).cycles, { count: 1, of: 1 })
    assert.deepStrictEqual(found([...circle.slice(0, 2), [1, 5, 7]]).cycles, { count: 0, of: 1 })
    assert.deepStrictEqual(found([...circle, [1, 5, 7]]).cycles, { count: 0, of: 0 }) // 5 and 7 have no order
    assert.deepStrictEqual(found([...circle, [1, 5, 7], [1, 5, 7]]).cycles, { count: 0, of: 1 })
    assert.deepStrictEqual(found([...circle.slice(0, 2), [2, 7, 5]]).cycles, { count: 0, of: 0 })
  })

  it("sees nothing in pairs of equal responses", () => {
    const again = [
      [1, 5, 5],
      [1, 5, 5]
    ] as const
    assert.deepStrictEqual(found(again), { repeats: { count: 0, of: 0 }, cycles: { count: 0, of: 0 } })
  })
})

/** 4 responses to each of 4000 prompts, compared twice each with each other; a label is wrong with chance ε. */
const simulated = (wrong: number) => {
  const pairs: Array<readonly [number, number, number]> = []
  for (let prompt = 0; prompt < 4000; prompt++) {
    for (let better = 0; better < 4; better++) {
      for (let worse = better + 1; worse < 4; worse++) {
        for (const again of [0, 1]) {
          const flipped = uniform(key(3, prompt), 32 * better + 8 * worse + again) < wrong
          pairs.push(flipped ? [2 * prompt + again, worse, better] : [2 * prompt + again, better, worse])
        }
      }
    }
  }
  return pairs
}

describe("noiseEstimates", () => {
  it("give back the share of labels that were turned", () => {
    for (const wrong of [0, 0.1, 0.2]) {
      // once as two prompts (circles), once as one (repeats)
      const pairs = simulated(wrong)
      const { cycles } = clustersOf(pairs)
      const { repeats } = clustersOf(pairs.map(([prompt, chosen, rejected]) => [prompt >> 1, chosen, rejected]))
      assert.deepStrictEqual([cycles.of, repeats.of], [8000 * 4, 4000 * 6])
      // the scatter of a rate from 24 000 comparisons is below 0.003, of one from 32 000 triads that share labels below 0.006
      assert.closeTo(noiseEstimates.repeats(repeats)?.rate ?? Number.NaN, wrong, 0.01)
      assert.closeTo(noiseEstimates.cycles(cycles)?.rate ?? Number.NaN, wrong, 0.02)
    }
  })

  it("are worked by hand: 8 of 25 differ and 4 of 25 are circles where one label of five is wrong", () => {
    // 2·0.2·0.8 = 0.32 and 0.2·0.8 = 0.16
    assert.closeTo(noiseEstimates.repeats(single(8, 25))?.rate ?? Number.NaN, 0.2, tolerance)
    assert.closeTo(noiseEstimates.cycles(single(4, 25))?.rate ?? Number.NaN, 0.2, tolerance)
    assert.strictEqual(noiseEstimates.scores(single(5, 25))?.rate, 0.2)
  })

  it("read what is beyond pure chance as ½, and say nothing of nothing", () => {
    assert.deepStrictEqual(
      [noiseEstimates.repeats(single(3, 3))?.rate, noiseEstimates.cycles(single(3, 3))?.rate],
      [0.5, 0.5]
    )
    assert.deepStrictEqual(
      Object.values(noiseEstimates).map((estimate) => estimate(new ClusterCounts())),
      [undefined, undefined, undefined]
    )
  })
})

/** Prompts of several labels each: how many speak against a label, of how many, and how many such prompts there are. */
const kinds = [
  [0, 6, 40],
  [1, 3, 25],
  [3, 6, 30],
  [5, 6, 5],
  [6, 6, 10]
] as const

describe("ClusterCounts", () => {
  it("gives the interval of a bootstrap of clusters that numpy gives of the same ones, whatever their order", () => {
    const clusters = new ClusterCounts()
    const back = new ClusterCounts()
    for (const [count, of, times] of kinds) for (let i = 0; i < times; i++) clusters.add(count, of)
    for (const [count, of, times] of kinds.toReversed()) for (let i = 0; i < times; i++) back.add(count, of)
    const share = clusters.share()
    assert.deepInclude(share, { count: 200, of: 585, share: 200 / 585, clusters: 110 })
    // percentiles of 200 000 resamples by numpy; those of 1000 scatter by 0.0025
    assert.closeTo(share?.low ?? 0, 0.27604, 0.0075)
    assert.closeTo(share?.high ?? 0, 0.40901, 0.0075)
    assert.deepStrictEqual(back.share(), share)
  })

  it("covers the true share where the pairs of a prompt hang together, and Wilson's interval over pairs does not", () => {
    const runs = 200
    let [covered, byPairs] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const clusters = new ClusterCounts()
      // half of the prompts are clear, in half every second label is wrong: 1 of 4 in all
      for (let prompt = 0; prompt < 100; prompt++) {
        const chance = key(7, run, prompt)
        const wrong = uniform(chance, 0) < 0.5 ? 0.5 : 0
        clusters.add([1, 2, 3, 4, 5, 6].filter((i) => uniform(chance, i) < wrong).length, 6)
      }
      const { high = 0, low = 0 } = clusters.share() ?? {}
      const pairs = wilson(clusters.count, clusters.of)
      if (low <= 0.25 && 0.25 <= high) covered++
      if (pairs.low <= 0.25 && 0.25 <= pairs.high) byPairs++
    }
    // 95 % of 200 runs is 190, give or take 3; pairs that hang together as these do leave 77 %
    assert.isAtLeast(covered / runs, 0.9)
    assert.isAtMost(byPairs / runs, 0.86)
  })

  it("is Wilson's interval over the clusters where all of them say the same", () => {
    const clusters = new ClusterCounts()
    for (let i = 0; i < 10; i++) clusters.add(0, 5)
    const { high, low } = wilson(0, 10)
    assert.deepStrictEqual(clusters.share(), { count: 0, of: 50, share: 0, low, high, clusters: 10 })
  })
})

describe("wilson()", () => {
  it("is the interval of Wilson, also where all or none of the things are counted", () => {
    const half = wilson(5, 10) // symmetric about ½: ½ ± z·√(1/40 + z²/400)/(1 + z²/10) with z = 1.95996
    assert.closeTo(half.low, 0.236593, 5e-7) // six decimals
    assert.closeTo(half.low + half.high, 1, tolerance)
    const { high, low } = wilson(0, 10) // z²/(10 + z²)
    assert.closeTo(low, 0, tolerance)
    assert.closeTo(high, 3.841459 / 13.841459, 1e-7) // seven decimals of z²
    assert.closeTo(wilson(10, 10).low, 1 - high, tolerance)
  })
})

describe("MarginBins", () => {
  it("is the same in whatever order numbers come, and however they are split", () => {
    const numbers = [0.25, -3, 7.5, 0, 0.25, 16]
    const whole = new MarginBins()
    for (const x of numbers) whole.add(x)
    const back = new MarginBins()
    for (const x of numbers.toReversed()) back.add(x)
    const parts = [new MarginBins(), new MarginBins()] as const
    for (const [i, x] of numbers.entries()) parts[i % 2 === 0 ? 0 : 1].add(x)
    parts[0].addAll(parts[1])
    const expected = {
      mean: 3.5,
      min: -3,
      max: 16,
      // 16 needs bins of 2: the last of 1 would end at 16
      histogram: {
        edges: [-4, -2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
        counts: [1, 0, 3, 0, 0, 1, 0, 0, 0, 0, 1],
        beyond: 0
      }
    }
    assert.deepStrictEqual([whole.summary(), back.summary(), parts[0].summary()], [expected, expected, expected])
  })
})

describe("LengthCounts", () => {
  it("has exact quantiles, and counts above the last edge what lies beyond", () => {
    const counts = new LengthCounts()
    for (const length of [9, 1, 2, 2, 30]) counts.add(length)
    assert.deepStrictEqual(counts.summary([0, 5, 10]), {
      mean: 44 / 5,
      min: 1,
      median: 2,
      percentile95: 30,
      max: 30,
      histogram: { edges: [0, 5, 10], counts: [3, 1], beyond: 1 }
    })
    assert.isUndefined(new LengthCounts().summary([0, 1]))
  })
})
