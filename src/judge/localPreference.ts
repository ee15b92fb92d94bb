import { Effect, FileSystem, Layer, Path } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { logOddsGraph, type Sequence } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { scoreSequences } from "../scorer/mod.ts"
import { letterIds, preferenceQuestion, PromptTooLong, type QuestionOptions, TextError } from "../text/mod.ts"
import { openTokenizing, type Tokenizing } from "../tokenizing/mod.ts"
import { bothOrders, fromBothOrders } from "./bothOrders.ts"
import { inBothOrders } from "./chance.ts"
import { checkChances } from "./checkChances.ts"
import { JudgeError, ModelFailed, QuestionInvalid } from "./errors.ts"
import { type Comparison, Preference } from "./Preference.ts"

/** A question with one id left for its answer. Fails: TextError. */
const sequenceOf = (
  { run }: Tokenizing,
  { first, messages, second }: Comparison,
  { contextLength, ...options }: QuestionOptions & { readonly contextLength: number }
): Effect.Effect<Sequence, TextError> =>
  Effect.fromResult(preferenceQuestion(messages, { a: first, b: second })).pipe(
    Effect.flatMap((question) => run("encodeQuestion", question, options)),
    Effect.flatMap(({ ids }) =>
      ids.length < contextLength
        ? Effect.succeed({ ids, promptLength: 1 }) // nothing of it is predicted: the last state is read
        : Effect.fail(new TextError({ reason: new PromptTooLong({ found: ids.length, wanted: contextLength }) }))
    )
  )

/**
 * The pairwise preference model of a local folder: asked in both orders, its answer is the letter A or B.
 *
 * Source   Section 2.1: P = p_A/(p_A + p_B), averaged over both orders.
 * Units    batchSize in questions, two for each row.
 * Domain   P(a¹ ≻ a²) + P(a² ≻ a¹) = 1 without a rounding error. `generationPrompt: "omit"` asks as the released models
 *          are asked; ours are asked as they were trained.
 * Fails    CheckpointError, ModelError, TextError (LetterNotSingle), RuntimeError when the layer is built; JudgeError when
 *          it is asked.
 */
export const localPreference = (folder: string, options: QuestionOptions & { readonly batchSize: number }) =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const { config, family, weights, tokenizer } = yield* openCheckpoint(folder, "causal")
      const contextLength = config.max_position_embeddings
      const tokenizing = yield* openTokenizing(tokenizer)
      const letters = yield* Effect.fromResult(letterIds(tokenizer, options))
      const graph = logOddsGraph({ family, config, contextLength }, weights, { yes: letters.A, no: letters.B })
      const session = yield* runtime.session({
        name: `preference ${folder}`,
        model: serialize(graph),
        externalFolder: folder
      })
      const encode = (rows: ReadonlyArray<Comparison>) =>
        Effect.forEach(bothOrders(rows), (question, i) =>
          Effect.mapError(
            sequenceOf(tokenizing, question, { generationPrompt: options.generationPrompt, contextLength }),
            (cause) => new JudgeError({ reason: new QuestionInvalid({ row: Math.floor(i / 2), cause }) })
          )
        )
      const prefer = Effect.fn("Preference.prefer")(function* (rows: ReadonlyArray<Comparison>) {
        const sequences = yield* encode(rows)
        const found = yield* scoreSequences({
          batchSize: options.batchSize,
          session,
          output: "logOdds",
          sequences,
          read: "last"
        }).pipe(
          Effect.provideService(OnnxRuntime, runtime),
          Effect.mapError((cause) => new JudgeError({ reason: new ModelFailed({ model: folder, cause }) }))
        )
        return yield* checkChances(fromBothOrders(rows, inBothOrders)(Array.from(found)))
      })
      return Preference.of({ prefer })
    })
  ) satisfies Layer.Layer<Preference, unknown, OnnxRuntime | FileSystem.FileSystem | Path.Path>
