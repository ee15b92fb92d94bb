import { Effect } from "effect"
import { hashFile } from "../store/hash.ts"
import type { InputFile } from "./MixReport.ts"

/** Files and the hashes of what they hold. */
export const inputFiles = (paths: ReadonlyArray<string>) =>
  Effect.forEach(paths, (path) => Effect.map(hashFile(path), (sha256): InputFile => ({ path, sha256 })))
