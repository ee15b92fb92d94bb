import { type Ops, type Value } from "../../../src/graph/mod.ts"
import { type Case, checked, ids, use } from "../Case.ts"

const repeated = { r: 64, n: 32, d: 64 }

const scatter = (reduction: "none" | "add"): ReadonlyArray<Case> => [
  use(
    { data: checked("m", "n"), at: ids(["m", 1], { below: "n" }), x: checked("m", 1) },
    (op: Ops, { data, at, x }: Readonly<Record<"data" | "at" | "x", Value>>) =>
      op.ScatterElements(data, at, x, { axis: 1, reduction }),
    { big: { m: 4000, n: 6 } }
  )
]

/** Uses of the operators that pick or place elements; `n` is small beside the number of ids, so that ids repeat. */
export const indexing = {
  Gather: [
    use({ data: checked("n", "d"), at: ids(["r", "n"], { below: "n" }) }, (op, { data, at }) => op.Gather(data, at), {
      big: repeated
    }),
    use(
      { data: checked("d", "n"), at: ids(["r"], { below: "n", from: "-n" }) },
      (op, { data, at }) => op.Gather(data, at, { axis: 1 }),
      { big: { r: 512, n: 2, d: 64 } }
    ),
    use({ data: checked("n", "d"), at: ids([], { below: "n" }) }, (op, { data, at }) => op.Gather(data, at), {
      big: { n: 4, d: 20_000 }
    }),
    use({ data: checked("n", "d"), at: ids(["r"], { below: "n" }) }, (op, { data, at }) => op.Gather(data, at), {
      big: { r: 4096, n: 2, d: 64 }
    })
  ],
  GatherElements: [
    use(
      { data: checked("m", "n"), at: ids(["m", 2], { below: "n" }) },
      (op, { data, at }) => op.GatherElements(data, at, { axis: 1 }),
      { big: { m: 8000, n: 3 } }
    ),
    use(
      { data: checked("n", "m"), at: ids(["r", "m"], { below: "n", from: "-n" }) },
      (op, { data, at }) => op.GatherElements(data, at, { axis: 0 }),
      { big: { r: 200, m: 100, n: 2 } }
    )
  ],
  ScatterElements: [
    ...scatter("none"),
    ...scatter("add"),
    use(
      { data: checked("n"), at: ids(["r"], { below: "n" }), x: checked("r") },
      (op, { data, at, x }) => op.ScatterElements(data, at, x, { reduction: "add" }),
      { big: { n: 2, r: 20_000 } }
    )
  ],
  GatherND: [
    use(
      { data: checked("n", 3, "d"), at: ids(["r", 2], { below: 1, from: -1 }) },
      (op, { data, at }) => op.GatherND(data, at),
      { big: { n: 2, r: 4096, d: 16 } }
    ),
    use(
      { data: checked("n", "d"), at: ids(["r", 2, 1], { below: "n" }) },
      (op, { data, at }) => op.GatherND(data, at),
      { big: { n: 2, r: 2048, d: 16 } }
    )
  ]
}
