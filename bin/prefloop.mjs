#!/usr/bin/env node
// The command: installs on first use, then runs src/cli/main.ts, in this process if it strips types, else on a Node that does.
import module from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { compiled, install, node, root, start } from "./setup.mjs"

install()
const main = join(root, "src", "cli", "main.ts")
if (node() === process.execPath) {
  module.enableCompileCache(compiled)
  await import(pathToFileURL(main).href)
} else {
  process.exitCode = await start(node(), [main, ...process.argv.slice(2)])
}
