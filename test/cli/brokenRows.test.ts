import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { type BrokenRows, brokenRows } from "./brokenRows.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root } = temporaryRows("broken")
const rules = join(root, "rules.yaml")
writeFileSync(rules, "- characters: { of: prompt, maximum: 1000 }\n")

/** What each command is told to read a file and write something; `map` stops at its encoder, when it has read. */
const commands: Readonly<Record<string, (path: string, folder: string) => ReadonlyArray<string>>> = {
  convert: (path, folder) => ["convert", path, "--out", join(folder, "out.arrow")],
  filter: (path, folder) => {
    const dropped = ["--dropped", join(folder, "out.dropped.jsonl")]
    return ["filter", path, "--rules", rules, "--out", join(folder, "out.jsonl"), ...dropped]
  },
  mix: (path, folder) => {
    const file = join(folder, "mixture.yaml")
    writeFileSync(file, `name: m\nkind: prompts\nsources: [{ path: "${path}", name: x }]\n`)
    return ["mix", file, "--out", join(folder, "out")]
  },
  stats: (path, folder) => ["stats", path, "--kind", "prompts", "--out", join(folder, "out")],
  map: (path, folder) => ["map", path, "--encoder", "nowhere", "--out", join(folder, "out")]
}

/** What lies there beside what was read. */
const made = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("out"))

/** What is wrong with how a command takes a broken file; nothing where it is as it should be. */
const faults = async (command: string, { bytes, name, skipped, what }: BrokenRows, i: number) => {
  const args = commands[command] ?? (() => [])
  const folder = join(root, `${command}-${i}`)
  mkdirSync(folder)
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const told = args(path, folder)
  const stop = await said(["data", ...told])
  const stopped = made(folder)
  const skip = await said(["data", ...told, "--on-error", "skip"])
  const left = made(folder)
  const counts = `Skipped ${skipped} rows`
  const reports = command === "mix" ? /^ {2}x: \w+ 1$/m.test(skip.stdout) : skip.stderr.includes(counts)
  const goesOn = command === "map" ? skip.stderr.includes('"nowhere"') : skip.code === 0 && left.length > 0
  const wrong = {
    "does not stop with 2": stop.code !== 2,
    "does not name the file": !stop.stderr.includes(path),
    "leaves something when it stops": stopped.length > 0,
    "does not go on": skipped !== undefined && !goesOn,
    "does not count what it skips": skipped !== undefined && !reports,
    "goes on behind the end": skipped === undefined && skip.code !== 2,
    "leaves something when it cannot go on": skip.code !== 0 && left.length > 0,
    "leaves a part": left.some((one) => /\.(tmp|part|work)$/.test(one)),
    "is at fault itself": `${stop.stderr}${skip.stderr}`.includes("A fault of prefloop")
  }
  return Object.entries(wrong).flatMap(([fault, is]) => (is ? [`${what} ${fault}: ${stop.stderr}${skip.stderr}`] : []))
}

describe(`${brokenRows.length} broken files`, () => {
  it("are 60 or more", () => assert.isAtLeast(brokenRows.length, 60))

  it.each(Object.keys(commands))(
    "prefloop data %s stops at each and leaves nothing, or skips what is broken, counts it and goes on",
    async (command) => {
      const found: Array<string> = []
      for (const [i, broken] of brokenRows.entries()) found.push(...(await faults(command, broken, i)))
      assert.deepStrictEqual(found, [])
    },
    60_000
  )
})
