import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const program = (name: "main" | "fakeMain") =>
  fileURLToPath(new URL(name === "main" ? "../../src/cli/main.ts" : "fakeMain.ts", import.meta.url))

/** Runs the command as a process of its own; with `stop`, sends the signal once, as soon as stderr says the words. */
export const command = (options: {
  readonly program: "main" | "fakeMain"
  readonly args: ReadonlyArray<string>
  /** What is piped in; nothing, and no end of it, without. */
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly stop?: { readonly at: string; readonly signal: NodeJS.Signals }
}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program(options.program), ...options.args], {
      env: { ...process.env, NO_COLOR: "1", ...options.environment }
    })
    if (options.input !== undefined) child.stdin.end(options.input)
    let stdout = ""
    let stderr = ""
    let stopped = false
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString()
      if (stopped || !options.stop || !stderr.includes(options.stop.at)) return
      stopped = true
      child.kill(options.stop.signal)
    })
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
