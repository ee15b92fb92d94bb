import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, it } from "vitest"
import { library } from "../../src/runtime/native/library.ts"

/** The shared libraries of this process. */
const mapped = (): ReadonlyArray<string> =>
  (process.report.getReport() as { readonly sharedObjects: ReadonlyArray<string> }).sharedObjects // as: documented so

const holdsRuntime = () => mapped().some((path) => path.includes("onnxruntime"))

it("library() stays loaded, whatever the collector takes", async () => {
  setFlagsFromString("--expose-gc")
  const collect: () => void = runInNewContext("gc")
  const { functions } = library()
  assert.isTrue(holdsRuntime())
  for (let i = 0; i < 5; i++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve)) // koffi unloads a library behind the collector, when nothing refers to it
  }
  assert.isTrue(holdsRuntime())
  assert.isFunction(functions.CreateRunOptions)
})
