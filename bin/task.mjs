// The chores of the project: check, test, format, generate, bench. Each installs what it needs first.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { install, installBrowser, node, root, start } from "./setup.mjs"

const sources = ["src", "schemas", "test", "bench", "fixtures", "pipelines", "vitest.config.ts"].filter((path) =>
  existsSync(join(root, path))
)
/** What is formatted: folders of source, and the generators among the fixtures; a pattern beside folders would leave the folders out. */
const formatted = [
  ...sources.filter((path) => path !== "fixtures" && path !== "pipelines"),
  ...["fixtures", "pipelines"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name))
  )
]
const modules = (path) => join(root, "node_modules", path)
const tool = {
  tsc: modules("typescript/bin/tsc"),
  oxlint: modules("oxlint/bin/oxlint"),
  oxfmt: modules("oxfmt/bin/oxfmt"),
  vitest: modules("vitest/vitest.mjs")
}
const run = (script, ...args) => start(node(), [script, ...args])

const check = async () => {
  const steps = [
    ["types", tool.tsc, "--noEmit", "--project", root],
    ["lint", tool.oxlint, "--deny-warnings", ...sources],
    ["format", tool.oxfmt, "--check", ...formatted]
  ]
  for (const [name, ...command] of steps) {
    const code = await run(...command)
    if (code !== 0) {
      process.stderr.write(`check: ${name} failed\n`)
      return code
    }
  }
  process.stderr.write("check: types, lint and format hold\n")
  return 0
}

/** Runs the checks, then every test, and closes with one plain line of counts. */
const test = async (...filters) => {
  installBrowser()
  const checked = filters.length > 0 ? 0 : await check()
  const report = modules(".cache/vitest.json")
  rmSync(report, { force: true })
  const code = await run(tool.vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...filters)
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined
  const passed = counts?.numPassedTests ?? 0
  const broken = counts ? counts.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length : 1
  const told = (counts?.numFailedTests ?? 0) + broken
  // a worker that crashes leaves tests that neither passed nor failed
  const failed = (code !== 0 && told === 0 ? 1 : told) + (checked === 0 ? 0 : 1)
  const skipped = (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0)
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  return code !== 0 || checked !== 0 ? 1 : 0
}

const tasks = {
  check,
  test,
  format: () => run(tool.oxfmt, ...formatted),
  generate: () => run(join(root, "pipelines", "generate.ts")),
  bench: (...args) => run(join(root, "bench", "main.ts"), ...args)
}

const [name, ...rest] = process.argv.slice(2)
if (!(name in tasks)) {
  process.stderr.write(`Unknown task "${name ?? ""}": the tasks are ${Object.keys(tasks).join(", ")}\n`)
  process.exit(2)
}
process.chdir(root)
install()
process.exitCode = await tasks[name](...rest)
