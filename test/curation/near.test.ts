import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { clusterNear, makeNgramIndex, type NearOptions } from "../../src/curation/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { curated } from "./curated.ts"
import { prompt } from "./rows.ts"
import { readShared, shared } from "./shared.ts"

const options: NearOptions = { threshold: 0.5, shingle: { of: "words", size: 2 }, permutations: 128, seed: 1 }

const vocabulary = "red blue green whale crab oak fern moss spoon lamp bread tide pearl apple robin gold".split(" ")

/** Texts of 20 drawn words; every third repeats the one before with some words changed. */
const texts = Array.from({ length: 150 }, (_, i) => {
  const chance = key(7, Math.floor(i / 3))
  const changed = key(8, i)
  return Array.from({ length: 20 }, (__, j) => {
    const source = i % 3 > 0 && uniform(changed, j) < 0.08 * (i % 3) ? uniform(changed, j + 100) : uniform(chance, j)
    return vocabulary[Math.floor(source * vocabulary.length)]
  }).join(" ")
})

const pairs = (text: string) => {
  const words = text.split(" ")
  return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`))
}

/** Jaccard similarity of sets of word pairs, as its definition says. */
const similarity = (a: string, b: string): number => {
  const [x, y] = [pairs(a), pairs(b)]
  return x.intersection(y).size / x.union(y).size
}

/** Each text's first of its cluster, by comparing all with all. */
const exactClusters = (threshold: number): ReadonlyArray<number> => {
  const first = texts.map((_, i) => i)
  const merge = (one: number, other: number) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)]
    first.forEach((value, i) => {
      if (value === high) first[i] = low
    })
  }
  for (let i = 0; i < texts.length; i++) {
    for (let j = 0; j < i; j++) {
      if (similarity(texts[i] ?? "", texts[j] ?? "") >= threshold) merge(first[i] ?? i, first[j] ?? j)
    }
  }
  return first
}

describe("clusterNear()", () => {
  it("finds the clusters that comparing all with all finds", () => {
    const exact = exactClusters(options.threshold)
    assert.isAbove(exact.filter((first, i) => first !== i).length, 30)
    assert.deepStrictEqual([...clusterNear(texts, options)], exact)
  })

  it("links a chain whose ends are not near each other, under its first", () => {
    // pairs of words: {ab bc cd}, {bc cd de}, {cd de ef}: neighbours share 2 of 4, the ends 1 of 5
    assert.deepStrictEqual([...clusterNear(["a b c d", "x y", "c d e f", "b c d e"], options)], [0, 1, 0, 0])
  })

  it("sees neither case, signs, nor compatible forms, and leaves texts without words alone", () => {
    const found = clusterNear(["What is ﬁve?", "…", "what IS five", "!"], options)
    assert.deepStrictEqual([...found], [0, 1, 0, 3])
  })
})

const textOf = (id: unknown) => texts[Number(String(id).slice(1))] ?? ""

describe("nearDuplicates", () => {
  const step = { nearDuplicates: { threshold: 0.5, shingle: { of: "words", size: 2 }, seed: 1 } }
  const rows = texts.map((text, i) => prompt(`p${i}`, text))

  it.effect("leaves no two that are near, and drops each for one that stays before it", () =>
    Effect.gen(function* () {
      const { ids, dropped } = yield* curated([step], rows, { kind: "prompts" })
      const close = ids.flatMap((a, i) => ids.slice(0, i).filter((b) => similarity(textOf(a), textOf(b)) >= 0.5))
      assert.deepStrictEqual(close, [])
      assert.isAbove(dropped.length, 30)
      for (const [id, , why] of dropped) {
        const [, kept, told] = /near that of "(p\d+)" \(Jaccard (.*)\)/.exec(why ?? "") ?? []
        assert.include(ids, kept)
        assert.strictEqual(told, similarity(textOf(id), textOf(kept)).toFixed(3))
      }
    })
  )
})

describe("makeNgramIndex()", () => {
  it("finds a run of words across case and signs, and a short item only as a whole text", () => {
    const index = makeNgramIndex(3)
    index.add("long", "The cat sat on the mat.")
    index.add("short", "Two words")
    const found = ["a CAT, sat on", "cat on sat", "two words", "two words more", ""].map(index.overlap)
    assert.deepStrictEqual(found, [
      { item: "long", ngram: "cat sat on" },
      undefined,
      { item: "short", ngram: "two words" },
      undefined,
      undefined
    ])
  })
})

/** The questions of a test set, under their numbers. */
const items = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>, field: string) =>
  Stream.fromArray(rows.map((row, i) => ({ id: String(i), text: String(row[field]) })))

describe.skipIf(!shared)("decontaminate on real test sets (needs ../shared)", () => {
  it.effect("finds what was planted in the training questions of GSM8K, and tells the rest", () =>
    Effect.gen(function* () {
      const test = readShared("data/gsm8k/test.jsonl")
      const benchmarks = {
        gsm8k: items(test, "question"),
        humanEval: items(readShared("data/humaneval/HumanEval.jsonl.gz"), "prompt"),
        mbpp: items(readShared("data/mbpp/mbpp.jsonl"), "text")
      }
      const train = readShared("data/gsm8k/train.jsonl.gz").slice(0, 2000)
      const planted = prompt("planted", `Solve this. ${String(test[12]?.["question"]).toUpperCase()}`)
      const rows = [...train.map((row, i) => prompt(`train/${i}`, String(row["question"]))), planted]
      const against = Object.keys(benchmarks)
      const { ids, dropped } = yield* curated([{ decontaminate: { against } }], rows, { kind: "prompts", benchmarks })
      const why = dropped.find(([id]) => id === "planted")?.[2]
      assert.match(why ?? "", /with "gsm8k\/12"$/)
      assert.strictEqual(ids.length + dropped.length, 2001)
      assert.isBelow(dropped.length, 40) // templates of questions that train and test share
    })
  )
})
