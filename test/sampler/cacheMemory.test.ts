import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { key } from "../../src/random/mod.ts"
import { cacheBytesPerToken } from "../../src/sampler/decoder/Cache.ts"
import { allocateMemory, freeMemory } from "../../src/sampler/decoder/cacheMemory.ts"
import { makeRoom, type Room } from "../../src/sampler/decoder/makeRoom.ts"
import { openParts } from "../../src/sampler/decoder/openParts.ts"
import { begin } from "../../src/sampler/decoder/Row.ts"
import { Services } from "../recordings.ts"

describe("allocateMemory()", () => {
  it("gives zeros in the class of the format", () => {
    assert.deepStrictEqual(allocateMemory("float32", 3), new Float32Array(3))
    assert.deepStrictEqual(allocateMemory("float16", 3), new Float16Array(3))
    assert.deepStrictEqual(allocateMemory("int8", 3), new Int8Array(3))
  })
})

describe("freeMemory()", () => {
  it.effect("gives everything back, and lets others have the thread after every 4 MB", () =>
    Effect.gen(function* () {
      const memory = allocateMemory("float32", 6e6)
      const seen: Array<number> = []
      const look = () => {
        seen.push(memory.byteLength / 1e6)
        if (memory.byteLength > 0) setImmediate(look)
      }
      setImmediate(look)
      yield* freeMemory(memory)
      assert.includeMembers(seen, [16, 12, 8, 4])
      assert.strictEqual(memory.byteLength, 0)
    })
  )
})

const waiting = (tokens: number) =>
  begin(
    { prompt: Int32Array.of(1), temperature: 1, maxNewTokens: tokens, key: key(0) },
    { token: () => true, failed: () => {} }
  )

const bytesOf = (room: Room) => {
  const cache = room.open()?.cache
  const tensors = [...(cache?.keys ?? []), ...(cache?.values ?? [])]
  return () => tensors.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0)
}

layer(Services)("makeRoom()", (test) => {
  test.effect("gives the memory of a cache back when another takes its place, and when it ends", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const checkpoint = yield* openCheckpoint("fixtures/model/tied-bias-bfloat16", "causal")
      const parts = yield* Scope.provide(openParts(checkpoint, { weights: "float32", cache: "float32" }), scope)
      const bytesPerToken = cacheBytesPerToken(checkpoint.config, "float32")
      const room = yield* Scope.provide(makeRoom(parts, { bytesPerToken, slots: 2, contextLength: 256 }), scope)
      let turns = 0
      const turn = () => {
        turns += 1
        next = setImmediate(turn)
      }
      let next = setImmediate(turn)
      yield* room.for([waiting(64)])
      clearImmediate(next)
      assert.isAtLeast(turns, 4) // other work came after each tensor
      const short = bytesOf(room)
      assert.strictEqual(short(), 2 * 64 * bytesPerToken)
      yield* room.for([waiting(128)])
      const long = bytesOf(room)
      assert.deepStrictEqual([short(), long()], [0, 2 * 128 * bytesPerToken])
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(long(), 0)
    })
  )
})
