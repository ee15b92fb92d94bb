import { Result } from "effect"
import { DatasetUnknown } from "../errors.ts"
import type { Source } from "./Source.ts"

/**
 * The data set of a name that a person wrote.
 *
 * Fails    DatasetUnknown, with the names that are known.
 */
export const findSource =
  (datasets: Readonly<Record<string, Source>>) =>
  (dataset: string): Result.Result<Source, DatasetUnknown> => {
    const found = Object.hasOwn(datasets, dataset) ? datasets[dataset] : undefined
    return found === undefined
      ? Result.fail(new DatasetUnknown({ dataset, known: Object.keys(datasets) }))
      : Result.succeed(found)
  }
