import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, PlatformError } from "effect"
import { availableMemory } from "../../src/runtime/mod.ts"

/** What is left when the system's files say this. */
const leftIn = (files: Readonly<Record<string, string>>) =>
  availableMemory.pipe(
    Effect.provide(
      FileSystem.layerNoop({
        readFileString: (path) =>
          files[path] === undefined
            ? Effect.fail(PlatformError.systemError({ _tag: "NotFound", module: "FileSystem", method: "read" }))
            : Effect.succeed(files[path])
      })
    )
  )

const machine = { "/proc/meminfo": "MemTotal:  9000 kB\nMemFree:  10 kB\nMemAvailable:  8000 kB\n" }

it.effect("availableMemory is what the machine would give back, where no control group says less", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* leftIn(machine), 8000 * 1024)
    const unlimited = { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n" }
    assert.strictEqual(yield* leftIn({ ...machine, ...unlimited }), 8000 * 1024)
  })
)

it.effect("availableMemory is the tightest limit less what is used, caches that are given back excepted", () =>
  Effect.gen(function* () {
    const outer = {
      "/proc/self/cgroup": "0::/jobs/one\n",
      "/sys/fs/cgroup/jobs/memory.max": "5000000\n",
      "/sys/fs/cgroup/jobs/memory.current": "3000000\n",
      "/sys/fs/cgroup/jobs/memory.stat": "anon 1\ninactive_file 500000\n"
    }
    assert.strictEqual(yield* leftIn({ ...machine, ...outer }), 2_500_000)
    const inner = {
      "/sys/fs/cgroup/jobs/one/memory.max": "4000000\n",
      "/sys/fs/cgroup/jobs/one/memory.current": "2900000\n"
    }
    assert.strictEqual(yield* leftIn({ ...machine, ...outer, ...inner }), 1_100_000)
  })
)

it.effect("availableMemory reads groups of the first version, and is never below nothing", () =>
  Effect.gen(function* () {
    const group = {
      "/proc/self/cgroup": "9:name=systemd:/\n4:memory:/box\n",
      "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "1000\n",
      "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "1500\n",
      "/sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 100\n"
    }
    assert.strictEqual(yield* leftIn({ ...machine, ...group }), 0)
  })
)
