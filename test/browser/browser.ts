import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"]

/** Where `npm test` unpacks a browser on a machine without one. */
const unpacked = fileURLToPath(new URL("./node_modules/.unpacked", import.meta.url))

/** A program, and where it finds libraries and fonts that the machine may lack. */
export interface Browser {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

/** A Chromium on this machine: what CHROME_PATH names, the first one of the PATH, or the one that `npm test` unpacked. */
const candidate = (): Browser | undefined => {
  const path = [
    process.env["CHROME_PATH"] ?? "",
    ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  ].find((each) => each !== "" && existsSync(each))
  if (path !== undefined) return { path, env: {} }
  if (!existsSync(join(unpacked, "chromium"))) return undefined
  const fonts = existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(unpacked, "fonts") }
  return { path: join(unpacked, "chromium"), env: { LD_LIBRARY_PATH: join(unpacked, "al2023", "lib"), ...fonts } }
}

/** A browser that starts, or why there is none. */
const search = ((): { readonly browser?: Browser; readonly why: string } => {
  const browser = candidate()
  if (browser === undefined)
    return { why: "found none, wanted CHROME_PATH, or the one that npm test installs on Linux x64" }
  const { env, path } = browser
  const { error, status, stderr } = spawnSync(path, ["--version"], {
    env: { ...process.env, ...env },
    encoding: "utf8"
  })
  return status === 0 ? { browser, why: "" } : { why: `"${path}" does not start: ${error?.message ?? stderr.trim()}` }
})()

/** The browser that tests of pages use; they are skipped without one. */
export const { browser } = search

/** What the name of such tests says where they are skipped. */
export const whySkipped = browser === undefined ? ` (skipped: ${search.why})` : ""

interface Reply {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, any>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** Where a page is seen. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly scheme: "light" | "dark"
}

/** A telephone and a desk, light and dark. */
export const screens: ReadonlyArray<Screen> = [
  { width: 380, height: 760, scheme: "light" },
  { width: 380, height: 760, scheme: "dark" },
  { width: 1280, height: 800, scheme: "light" },
  { width: 1280, height: 800, scheme: "dark" }
]

/** A page in a headless browser, driven through the DevTools protocol. */
export interface Tab {
  readonly open: (url: string) => Promise<void>
  /** The value of an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>
  /** Waits until an expression in the page is true. */
  readonly until: (expression: string) => Promise<void>
  readonly press: (key: string) => Promise<void>
  /** Shows pages as a screen of this size would, light or dark. Units: pixels. */
  readonly screen: (screen: Screen) => Promise<void>
  readonly call: (method: string, params?: object) => Promise<Record<string, unknown>>
  /** What went wrong so far: errors on the console, and requests to other hosts than that of the page. */
  readonly troubles: () => ReadonlyArray<string>
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
  const events: Array<Event> = []
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.addEventListener("message", ({ data }) => {
    const reply: Reply = JSON.parse(String(data))
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
    else if (reply.method !== undefined) events.push({ method: reply.method, params: reply.params ?? {} })
  })
  let last = 0
  const call = (method: string, params: object = {}, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ error, result = {} }) => (error ? reject(new Error(error.message)) : resolve(result)))
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    })
  return { call, events, close: () => socket.close() }
}

interface Event {
  readonly method: string
  readonly params: Record<string, any>
}

/** What is wrong with an event of a page, where something is. */
const troubleOf = ({ method, params }: Event): string | undefined => {
  if (method === "Runtime.exceptionThrown") return `exception: ${params["exceptionDetails"].exception?.description}`
  if (method === "Runtime.consoleAPICalled" && params["type"] === "error")
    return `error: ${JSON.stringify(params["args"])}`
  if (method === "Log.entryAdded" && params["entry"].level === "error") return `log: ${params["entry"].text}`
  const url = method === "Network.requestWillBeSent" ? new URL(params["request"].url) : undefined
  return url === undefined || ["data:", "file:"].includes(url.protocol) || url.hostname === "127.0.0.1"
    ? undefined
    : `request: ${url.href}`
}

const tabOf = async ({ call, events }: Pick<Awaited<ReturnType<typeof connect>>, "call" | "events">): Promise<Tab> => {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" })
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true })
  const inPage = (method: string, params: object = {}) => call(method, params, String(sessionId))
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await inPage(`${domain}.enable`)
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
  const screen = async ({ height, scheme, width }: Screen) => {
    await inPage("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 500 })
    await inPage("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] })
  }
  const open = async (url: string) => {
    await inPage("Page.navigate", { url })
    await until("document.readyState === 'complete' && location.protocol !== 'about:'")
  }
  const troubles = () => events.flatMap((event) => troubleOf(event) ?? [])
  return { open, evaluate, until, press, screen, call: inPage, troubles }
}

/** Runs `use` with a tab of a new browser, which is gone afterwards. */
export const withTab = async <A>({ env, path }: Browser, use: (tab: Tab) => Promise<A>): Promise<A> => {
  const profile = mkdtempSync(join(tmpdir(), "prefloop-browser-"))
  const child = spawn(path, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    detached: true,
    env: { ...process.env, ...env }
  })
  const gone = new Promise((resolve) => child.once("exit", resolve))
  try {
    const connection = await connect(await addressOf(child))
    const result = await use(await tabOf(connection))
    connection.close()
    return result
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL") // the browser and its parts
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
