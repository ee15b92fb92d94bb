import { createServer } from "node:http"
import { assert, describe, it } from "vitest"
import { command } from "./command.ts"
import { said } from "./said.ts"

const model = "fixtures/model/tied-bias-bfloat16"

const refused = [
  [[], "Cannot serve: found no model, wanted --model, --reward or --preference\n"],
  [
    ["--model", "no/such"],
    'Cannot open the model "no/such": found no "config.json", wanted a Hugging Face model folder\n'
  ],
  [
    ["--model", model, "--host", "0.0.0.0", "--api-key-variable", "PREFLOOP_NO_SUCH_KEY"],
    'Cannot serve on "0.0.0.0:8080": found no API key in the environment variable "PREFLOOP_NO_SUCH_KEY", wanted one: other machines reach this address\n'
  ]
] as const

/** A port on which somebody listens while `use` runs. */
const taken = (use: (port: number) => Promise<void>) =>
  new Promise<void>((resolve, reject) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      use(port)
        .finally(() => server.close())
        .then(resolve, reject)
    })
  })

describe("prefloop serve", () => {
  for (const [args, message] of refused) {
    it(`refuses ${args.length === 0 ? "to serve nothing" : args.join(" ")}`, async () => {
      const { code, stderr, stdout } = await said(["serve", ...args])
      assert.deepStrictEqual([code, stderr, stdout], [2, message, ""])
    })
  }

  it("says that a port is taken", { timeout: 60_000 }, () =>
    taken(async (port) => {
      const { code, stderr } = await said(["serve", "--model", model, "--port", String(port)])
      assert.strictEqual(code, 2)
      assert.match(stderr, new RegExp(`^Cannot serve on "127.0.0.1:${port}": listen EADDRINUSE`))
    })
  )

  it("says where it serves, and ends at Ctrl-C", { timeout: 60_000 }, async () => {
    const { code, stderr, stdout } = await command({
      program: "main",
      args: ["serve", "--model", model, "--port", "0", "--grace", "7"],
      stop: { at: "Ctrl-C stops", signal: "SIGINT" }
    })
    assert.deepStrictEqual([code, stdout], [130, ""])
    assert.strictEqual(
      stderr.replaceAll(/127\.0\.0\.1:\d+/g, "host"),
      "Serving on http://host (http://host/docs lists what it answers); Ctrl-C stops\nStopping: running answers may end within 7 seconds\n"
    )
  })
})
