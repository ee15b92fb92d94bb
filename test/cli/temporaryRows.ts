import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"

/** A folder that lasts as long as the tests of a file, and what writes rows into it as JSON lines and gives their path. */
export const temporaryRows = (name: string) => {
  const root = mkdtempSync(join(tmpdir(), `prefloop-${name}-`))
  afterAll(() => rmSync(root, { recursive: true }))
  const rows = (file: string, all: ReadonlyArray<unknown>): string => {
    const path = join(root, file)
    writeFileSync(path, all.map((row) => `${JSON.stringify(row)}\n`).join(""))
    return path
  }
  return { root, rows }
}
