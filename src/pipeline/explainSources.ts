import { Effect } from "effect"
import { type DataKind, foundTexts, nameSource, openData, placedSource, sourceIssues } from "./data/mod.ts"
import type { PipelineFile } from "./file/PipelineFile.ts"
import { fullSource, type Source } from "./file/Source.ts"

/** What the front of a source says, by the key that names it; or why nothing can be said. */
export interface ExplainedSource {
  readonly key: string
  readonly found: string
}

interface Named {
  readonly key: string
  readonly source: Source
  readonly kind: DataKind
}

const namedSources = ({ baseline, evaluate, models, prompts }: PipelineFile): ReadonlyArray<Named> => {
  const sft = typeof models.policy === "string" ? undefined : models.policy.sft
  const bradleyTerry = typeof models.reward === "string" ? undefined : models.reward.bradleyTerry
  const named: ReadonlyArray<readonly [key: string, source: Source | undefined, kind: DataKind]> = [
    ["models.policy.sft.data", sft?.data, "demonstrations"],
    ["models.reward.bradleyTerry.data", bradleyTerry?.data, "preferences"],
    ["prompts", prompts, "prompts"],
    ["baseline.offlineDpo.data", baseline?.offlineDpo.data, "preferences"],
    ["evaluate.prompts", evaluate.prompts, "prompts"],
    ["evaluate.test", evaluate.test, "prompts"]
  ]
  return named.flatMap(([key, source, kind]) => (source === undefined ? [] : [{ key, source, kind }]))
}

const look = Effect.fnUntraced(
  function* ({ key, kind, source: given }: Named) {
    const written = fullSource(given)
    const [issue] = sourceIssues(written)
    if (issue) return issue.detail
    const source = yield* nameSource(placedSource(written))
    if (kind === "prompts" && source.path.startsWith("hf:"))
      return `"${source.path}": on the hub, which is not asked here`
    const { kind: found, lineage } = yield* openData({ source, kinds: [kind] })
    return foundTexts([{ key, kind: found, lineage }])[key] ?? ""
  },
  Effect.catch((error) => Effect.succeed(error.message))
)

/** What lies where a pipeline says that its data are, by the first rows; the hub is not asked for prompts. */
export const explainSources = Effect.fn("explainSources")(function* (file: PipelineFile) {
  return yield* Effect.forEach(namedSources(file), (named) =>
    Effect.map(look(named), (found): ExplainedSource => ({ key: named.key, found }))
  )
})
