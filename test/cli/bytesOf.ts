import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

/** What holds times. */
const timed = new Set(["run.json", "table.json", "report.md"])

const digest = (bytes: string) => createHash("sha256").update(bytes, "latin1").digest("hex")

/** Every byte of a file but the seconds that a training step took. */
const untimed = (path: string) => readFileSync(path, "latin1").replaceAll(/,"seconds":[\d.e-]+/g, "")

/** What the files of a run hold, as digests by their path, without times. */
export const bytesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile() && !timed.has(name))
      .sort()
      .map((name) => [name, digest(untimed(join(folder, name)))])
  )
