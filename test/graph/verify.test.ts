import { assert, describe, it } from "@effect/vitest"
import { type Graph, GraphError, type Node, Ops, type Value, verify } from "../../src/graph/mod.ts"

const node = (op: string, name: string, inputs: ReadonlyArray<string>, outputs: ReadonlyArray<string>): Node => ({
  op,
  domain: "",
  name,
  inputs,
  outputs,
  attributes: {}
})

const value = (name: string, type: Value["type"] = "float32"): Value => ({ name, type, shape: ["n"] })

/** x → Neg → y, with parts of it replaced. */
const graphOf = (
  changes: Partial<Graph>,
  values: ReadonlyArray<Value> = [value("x"), value("y"), value("z")]
): Graph => ({
  name: "by hand",
  inputs: [value("x")],
  outputs: [value("y")],
  initializers: [],
  nodes: [node("Neg", "negate", ["x"], ["y"])],
  values: new Map(values.map((each) => [each.name, each])),
  contents: new Map(),
  composites: [],
  ...changes
})

describe("verify()", () => {
  it("accepts a whole graph", () => {
    verify(graphOf({}))
    const op = new Ops("built")
    const x = op.input("x", "float32", ["rows", 4])
    op.output(op.Reshape(op.Slice(x, { starts: [1], ends: ["rows"] }), ["4*rows-4"]), "y")
    verify(op.build())
  })

  const refusals: ReadonlyArray<readonly [what: string, graph: Graph, message: string]> = [
    [
      "a name that nothing defines",
      graphOf({ nodes: [node("Neg", "negate", ["ghost"], ["y"])] }),
      'Cannot find "ghost": it is read by Neg "negate", and nothing in the graph defines it'
    ],
    [
      "an output that nothing defines",
      graphOf({ outputs: [value("ghost")] }),
      'Cannot find "ghost": it is read by an output, and nothing in the graph defines it'
    ],
    [
      "a name defined twice",
      graphOf({ nodes: [node("Neg", "first", ["x"], ["y"]), node("Abs", "second", ["x"], ["y"])] }),
      'Cannot define "y": it is already defined by "first"'
    ],
    [
      "an output listed twice",
      graphOf({ outputs: [value("y"), value("y")] }),
      'Cannot define "y": it is already defined by another output'
    ],
    [
      "a cycle",
      graphOf({ nodes: [node("Add", "first", ["x", "z"], ["y"]), node("Neg", "second", ["y"], ["z"])] }),
      'Cannot order the nodes: found the cycle "second", "first", wanted none'
    ],
    [
      "a node before what it reads",
      graphOf({ nodes: [node("Neg", "first", ["z"], ["y"]), node("Abs", "second", ["x"], ["z"])] }),
      'Cannot order the nodes: "first" reads "z" before "second" makes it'
    ],
    [
      "a wrong type",
      graphOf({ outputs: [value("y", "float64")] }, [value("x"), value("y", "float64")]),
      'Cannot declare "y": found float64 [n], wanted float32 [n]'
    ],
    [
      "a wrong shape",
      graphOf({}, [value("x"), { ...value("y"), shape: ["m"] }]),
      'Cannot declare "y": found float32 [m], wanted float32 [n]'
    ],
    [
      "an output other than its value",
      graphOf({ outputs: [{ ...value("y"), shape: [3] }] }),
      'Cannot declare "y": found float32 [3], wanted float32 [n]'
    ],
    [
      "inputs that do not fit",
      graphOf({ nodes: [node("Not", "negate", ["x"], ["y"])] }),
      'Cannot call Not "negate": found float32 [n], wanted bool at position 0'
    ],
    [
      "an unknown operator",
      graphOf({ nodes: [node("Negate", "negate", ["x"], ["y"])] }),
      'Cannot call Negate "negate": no such operator'
    ],
    ["an unused input", graphOf({ inputs: [value("x"), value("z")] }), 'Cannot keep the input "z": nothing reads it'],
    [
      "an unused node",
      graphOf({ nodes: [node("Neg", "negate", ["x"], ["y"]), node("Abs", "lost", ["x"], ["z"])] }),
      'Cannot keep the node "lost": nothing reads it'
    ]
  ]
  for (const [what, graph, message] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => verify(graph), GraphError, message)
    })
  }
})
