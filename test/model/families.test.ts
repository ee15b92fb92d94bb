import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops } from "../../src/graph/mod.ts"
import {
  answerHead,
  languageHead,
  layoutSheet,
  type Linear,
  models,
  plainLinear,
  responseLogProbability,
  selectedHidden,
  treesOf
} from "../../src/model/mod.ts"
import { distance, Services } from "../recordings.ts"
import { families, sequencesOf } from "./families.ts"
import { evaluateOn, graphOver, openFamily } from "./openFamily.ts"

/** Float32 through two layers, summed in another order than PyTorch's; logits are about 1. */
const logitTolerance = 1e-4

/** Tokens whose logits are computed alone, too. */
const answers = [12, 7]

/** Norms of float32 gradients, each of some thousand elements. */
const relative = 1e-3

layer(Services)("models", (it) => {
  it.effect("has a recording for every row", () =>
    Effect.gen(function* () {
      const found = new Set<string>()
      for (const name of Object.keys(families)) found.add((yield* openFamily(name)).model.config.model_type)
      assert.deepStrictEqual([...found].toSorted(), Object.keys(models).toSorted())
    })
  )

  for (const [name, recorded] of Object.entries(families)) {
    it.effect(`${name} gives transformers' logits, all or a few`, () =>
      Effect.gen(function* () {
        const opened = yield* openFamily(name)
        const graph = graphOver(opened, (op, model, parameterOf) => {
          const hidden = selectedHidden(op, model, parameterOf, op.input("select", "int64", ["selected"]))
          op.output(languageHead(op, model.config, parameterOf, hidden), "logits")
          op.output(answerHead(op, model.config, parameterOf, { hidden, ids: answers }), "answers")
        })
        const sheet = layoutSheet(
          sequencesOf(recorded).flatMap((sequence) => treesOf([sequence])),
          { read: "last" }
        )
        const found = yield* evaluateOn(opened, graph, sheet)
        assert.isBelow(distance(Array.from(found["logits"] ?? [], Number), recorded.logits.flat()), logitTolerance)
        const few = recorded.logits.flatMap((row) => answers.map((id) => row[id] ?? Number.NaN))
        assert.isBelow(distance(Array.from(found["answers"] ?? [], Number), few), logitTolerance)
      })
    )

    it.effect(
      `${name} sends every matrix below the head, but for the embedding, through the hook for linear layers`,
      () =>
        Effect.gen(function* () {
          const opened = yield* openFamily(name)
          const { config, family } = opened.model
          const linears: Array<string> = []
          graphOver(opened, (op, _model, parameterOf) => {
            const plain = plainLinear(op, parameterOf)
            const linear: Linear = (y, layerName, options) => {
              linears.push(`${layerName}.weight`)
              return plain(y, layerName, options)
            }
            const x = op.input("x", "float32", ["rows*tokens", config.hidden_size])
            for (let i = 0; i < config.num_hidden_layers; i++) {
              op.output(family.layer(op, { config, parameterOf, linear, attend: (_layer, q) => q }, i, x), `y${i}`)
            }
          })
          const matrices = family.parameters(config).filter(({ shape }) => shape.length === 2)
          assert.deepStrictEqual(
            linears.toSorted(),
            matrices.flatMap((each) => (each.name === "model.embed_tokens.weight" ? [] : [each.name])).toSorted()
          )
        })
    )

    it.effect(`${name} gives PyTorch's loss, and the norm of its gradient by every weight`, () =>
      Effect.gen(function* () {
        const opened = yield* openFamily(name)
        const trees = sequencesOf(recorded).flatMap((sequence) => treesOf([sequence]))
        const forward = graphOver(opened, (op, model, parameterOf) => {
          op.output(op.Neg(op.ReduceMean(responseLogProbability(op, model, parameterOf), { keepdims: 0 })), "loss")
        })
        const [of] = forward.outputs
        if (!of) throw new RangeError("The graph has no output")
        const withRespectTo = forward.inputs.filter((input) => input.name in opened.weights)
        const { graph, gradients } = differentiate(forward, { of, withRespectTo })
        const op = Ops.extend(graph)
        for (const [weight, gradient] of gradients) op.output(gradient, `d.${weight}`)
        const found = yield* evaluateOn(opened, op.build(), layoutSheet(trees, { read: "select" }))
        assert.closeTo(Number(found["loss"]?.[0]), recorded.loss, logitTolerance)
        assert.sameMembers([...gradients.keys()], Object.keys(recorded.gradientNorms))
        for (const [weight, norm] of Object.entries(recorded.gradientNorms)) {
          assert.closeTo(Math.hypot(...Array.from(found[`d.${weight}`] ?? [], Number)), norm, relative * norm, weight)
        }
      })
    )
  }
})
