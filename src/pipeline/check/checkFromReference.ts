import type { Preference } from "../../../schemas/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted } from "../file/parseYaml.ts"
import { readsFromReference } from "./readsFromReference.ts"

/** Finds the first offline pair that does not say which of its responses the reference policy gave, where the loss has to know. */
export const checkFromReference = ({ at, file }: CompiledPipeline) => {
  const asked = readsFromReference(file.train.loss)
  const silent: Array<string> = []
  const key = ["baseline", "offlineDpo", "data"]
  return {
    see: ({ fromReference, promptId }: Preference): void => {
      if (asked && fromReference === undefined && silent.length === 0) silent.push(promptId)
    },
    issues: (): ReadonlyArray<Issue> =>
      silent.map((promptId) => ({
        at: at(key),
        key: dotted(key),
        detail: `example "${promptId}" does not say which response the reference policy gave, which train.loss has to know; wanted "fromReference": "chosen" or "rejected" in every row`
      }))
  }
}
