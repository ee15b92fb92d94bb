#!/usr/bin/env node
// The command: installs on first use, then runs src/cli/main.ts on a Node that strips types.
import { join } from "node:path"
import { install, node, root, start } from "./setup.mjs"

install()
process.exitCode = await start(node(), [join(root, "src", "cli", "main.ts"), ...process.argv.slice(2)])
