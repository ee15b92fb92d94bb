import { Effect } from "effect"
import { readKey } from "../../remote/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted } from "../file/parseYaml.ts"
import { serversOf } from "../file/serversOf.ts"

/** The API keys that are not in the environment. No server is asked: a check starts none, and waits for none. */
export const checkServers = Effect.fnUntraced(function* ({ at, file }: CompiledPipeline) {
  const found = yield* Effect.forEach(serversOf(file), ({ endpoint, key }) =>
    Effect.match(readKey(endpoint), {
      onSuccess: () => [],
      onFailure: ({ message }): ReadonlyArray<Issue> => {
        const path = [...key, "apiKeyVariable"]
        return [{ at: at(path), key: dotted(path), detail: message }]
      }
    })
  )
  return found.flat()
})
