import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { shuffleBytes } from "../../src/curation/mod.ts"

const disk = mkdtempSync(join(tmpdir(), "prefloop-small-"))
/** Only root may make a small disk. */
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0

afterAll(() => {
  spawnSync("umount", [disk])
  rmSync(disk, { recursive: true })
})

describe.skipIf(!mounted)("shuffleBytes() on a full disk (needs the right to mount a small one)", () => {
  it.effect("says so, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const rows = Stream.range(1, 400).pipe(Stream.map(() => new Uint8Array(10_000)))
      const error = yield* rows.pipe(shuffleBytes({ seed: 0, folder: disk }), Stream.runDrain, Effect.flip)
      assert.strictEqual(error.reason._tag, "DiskFull")
      assert.match(
        error.message,
        /^Cannot shuffle: found no space left on the disk of ".*" after \d+ bytes, wanted room/
      )
      assert.deepStrictEqual(readdirSync(disk), [])
    }).pipe(Effect.provide(NodeServices.layer))
  )
})
