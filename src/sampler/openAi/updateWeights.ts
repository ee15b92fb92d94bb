import { Effect, Schema } from "effect"
import { key } from "../../random/mod.ts"
import { AnswerInvalid, connect } from "../../remote/mod.ts"
import { SamplerError } from "../errors.ts"
import type { OpenAiSampler } from "./OpenAiSampler.ts"

const path = "/update_weights_from_disk"
const Updated = Schema.Struct({ success: Schema.Boolean, message: Schema.optionalKey(Schema.String) })

/**
 * Has a server load the weights of a model folder, which it has to see under the same path.
 *
 * Source   `POST /update_weights_from_disk` of SGLang, beside /v1.
 * Fails    SamplerError
 */
export const makeUpdateWeights = Effect.fnUntraced(function* (options: OpenAiSampler) {
  const { ask, url } = yield* connect({ ...options, url: options.url.replace(/\/v1\/?$/, "") })
  return Effect.fnUntraced(
    function* (folder: string) {
      const question = {
        path,
        body: { model_path: folder },
        answer: Updated,
        wanted: "success",
        key: key("weights", folder)
      }
      const { message = "no message", success } = yield* ask(question)
      if (success) return
      return yield* new AnswerInvalid({ url: `${url}${path}`, status: 200, found: message, wanted: "success" })
    },
    Effect.mapError((reason) => new SamplerError({ reason }))
  )
})
