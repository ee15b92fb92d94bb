import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"]

/** A Chromium on this machine: what CHROME_PATH names, or the first one of the PATH. */
export const browserPath = (): string | undefined =>
  [
    process.env["CHROME_PATH"] ?? "",
    ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  ].find((path) => path !== "" && existsSync(path))

interface Reply {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** A page in a headless browser, driven through the DevTools protocol. */
export interface Tab {
  readonly open: (url: string) => Promise<void>
  /** The value of an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>
  /** Waits until an expression in the page is true. */
  readonly until: (expression: string) => Promise<void>
  readonly press: (key: string) => Promise<void>
  readonly call: (method: string, params?: object) => Promise<Record<string, unknown>>
}

const flags = [
  "--headless=shell",
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--no-first-run",
  "--remote-debugging-port=0"
]

/** Where the browser listens, as it says on stderr. */
const addressOf = (child: ReturnType<typeof spawn>): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ""
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString()
      const found = /ws:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
    child.once("exit", () => reject(new Error(`The browser ended: ${said}`)))
  })

const connect = async (address: string) => {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve)
    socket.addEventListener("error", reject)
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.addEventListener("message", ({ data }) => {
    const reply: Reply = JSON.parse(String(data))
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
  })
  let last = 0
  const call = (method: string, params: object = {}, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ error, result = {} }) => (error ? reject(new Error(error.message)) : resolve(result)))
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    })
  return { call, close: () => socket.close() }
}

const tabOf = async (call: Awaited<ReturnType<typeof connect>>["call"]): Promise<Tab> => {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" })
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true })
  const inPage = (method: string, params: object = {}) => call(method, params, String(sessionId))
  await inPage("Page.enable")
  const evaluate = async (expression: string): Promise<unknown> => {
    const found = await inPage("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })
    if (found["exceptionDetails"]) throw new Error(JSON.stringify(found["exceptionDetails"]))
    return (found["result"] as { readonly value?: unknown }).value // as: the protocol says so
  }
  const until = async (expression: string): Promise<void> => {
    for (let i = 0; i < 400; i++) {
      const found = await evaluate(expression).catch(() => false) // between two pages nothing is there
      if (found === true) return
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    throw new Error(`Never true: ${expression}; the page says ${String(await evaluate("document.body.innerText"))}`)
  }
  const press = async (key: string) => {
    for (const type of ["keyDown", "keyUp"]) await inPage("Input.dispatchKeyEvent", { type, key, text: key })
  }
  const open = async (url: string) => {
    await inPage("Page.navigate", { url })
    await until("document.readyState === 'complete' && location.protocol === 'http:'")
  }
  return { open, evaluate, until, press, call: inPage }
}

/** Runs `use` with a tab of a new browser, which is gone afterwards. */
export const withTab = async <A>(path: string, use: (tab: Tab) => Promise<A>): Promise<A> => {
  const profile = mkdtempSync(join(tmpdir(), "prefloop-browser-"))
  const child = spawn(path, [...flags, `--user-data-dir=${profile}`, "about:blank"], { detached: true })
  const gone = new Promise((resolve) => child.once("exit", resolve))
  try {
    const { call, close } = await connect(await addressOf(child))
    const result = await use(await tabOf(call))
    close()
    return result
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL") // the browser and its parts
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
