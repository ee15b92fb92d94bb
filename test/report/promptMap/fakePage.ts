import { runInNewContext } from "node:vm"

type Listener = (event: object) => void

/** As much of an element as the page asks for. */
export class FakeElement {
  textContent = ""
  value = ""
  checked = false
  hidden = true
  width = 0
  height = 0
  readonly clientWidth = 248
  readonly clientHeight = 148
  readonly offsetWidth = 80
  readonly offsetHeight = 40
  readonly style: Record<string, string> = {}
  children: ReadonlyArray<FakeElement> = []
  private readonly listeners = new Map<string, Listener>()

  /** What was drawn since the canvas was last sized: where, how large, and in which colour. */
  drawn: Array<readonly [x: number, y: number, radius: number, colour: string]> = []

  getContext() {
    this.drawn = []
    const brush = {
      fillStyle: "",
      setTransform: () => undefined,
      beginPath: () => undefined,
      fill: () => undefined,
      arc: (x: number, y: number, radius: number) => void this.drawn.push([x, y, radius, brush.fillStyle])
    }
    return brush
  }
  append(...added: ReadonlyArray<FakeElement>) {
    this.children = [...this.children, ...added]
  }
  replaceChildren(...added: ReadonlyArray<FakeElement>) {
    this.children = added
  }
  addEventListener(type: string, listener: Listener) {
    this.listeners.set(type, listener)
  }
  send(type: string, event: object = {}) {
    this.listeners.get(type)?.({ preventDefault: () => undefined, ...event })
  }
}

const matchMedia = () => ({ matches: false, addEventListener: () => undefined })

/** Runs the script of a page over elements that only remember. Units: a canvas of 248 · 148 pixels. */
export const fakePage = (html: string): ((id: string) => FakeElement) => {
  const [, data = ""] = /<script id="data"[^>]*>([\s\S]*?)<\/script>/.exec(html) ?? []
  const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? []
  const elements = new Map<string, FakeElement>()
  const get = (id: string) => {
    const element = elements.get(id) ?? new FakeElement()
    elements.set(id, element)
    return element
  }
  get("data").textContent = data
  const document = { getElementById: get, createElement: () => new FakeElement() }
  runInNewContext(script, { document, matchMedia, addEventListener: () => undefined })
  return get
}
