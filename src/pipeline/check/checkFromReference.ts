import type { Preference } from "../../../schemas/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted } from "../file/parseYaml.ts"
import { readsFromReference } from "./readsFromReference.ts"

/** The first offline pair that does not say which of its responses the reference policy gave, where the loss has to know. */
export const checkFromReference = (
  { at, file }: CompiledPipeline,
  offline: ReadonlyArray<Preference>
): ReadonlyArray<Issue> => {
  const silent = readsFromReference(file.train.loss)
    ? offline.find(({ fromReference }) => fromReference === undefined)
    : undefined
  if (silent === undefined) return []
  const key = ["baseline", "offlineDpo", "data"]
  const detail = `example "${silent.promptId}" does not say which response the reference policy gave, which train.loss has to know; wanted "fromReference": "chosen" or "rejected" in every row`
  return [{ at: at(key), key: dotted(key), detail }]
}
