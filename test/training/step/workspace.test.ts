import { getHeapStatistics } from "node:v8"
import { assert, it } from "@effect/vitest"
import { makeWorkspace } from "../../../src/training/step/Workspace.ts"

it("a buffer is used again, grows in place and past its room, and shrinks for whoever asks for less", () => {
  const workspace = makeWorkspace()
  const first = workspace.take("x", 1000).fill(1)
  const grown = workspace.take("x", 10_000)
  const outgrown = workspace.take("x", 1_000_000)
  const less = workspace.take("x", 10)
  assert.strictEqual(grown.buffer, first.buffer)
  assert.deepStrictEqual([first.length, grown.length, outgrown.length, less.length], [1000, 10_000, 1_000_000, 10])
  assert.strictEqual(less.buffer, outgrown.buffer)
  assert.notStrictEqual(workspace.take("y", 10).buffer, less.buffer)
  assert.strictEqual(workspace.bytes(), 4 * 1_000_010)
})

it("V8 does not count its buffers, so that none starts a collection", () => {
  const before = getHeapStatistics().external_memory
  const workspace = makeWorkspace()
  workspace.take("x", 1 << 24)
  workspace.take("x", 1 << 25)
  assert.isBelow(getHeapStatistics().external_memory - before, 1 << 20)
})
