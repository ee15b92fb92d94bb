import { freemem } from "node:os"
import { Effect, FileSystem, Option } from "effect"

const bytesPerKilobyte = 1024

const read = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  return yield* Effect.option(files.readFileString(path))
})

/** The number after a key at the start of a line. */
const numberAfter = (text: string, key: string): number | undefined => {
  const found = new RegExp(`^${key}\\s+(\\d+)`, "m").exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** What the machine has left, what it would take back from caches included; what the system says where there is no `/proc`. */
const machineLeft = Effect.map(read("/proc/meminfo"), (text) => {
  const kilobytes = numberAfter(
    Option.getOrElse(text, () => ""),
    "MemAvailable:"
  )
  return kilobytes === undefined ? freemem() : kilobytes * bytesPerKilobyte
})

/** The names of the files of a control group, by the version of its hierarchy. */
const versions = [
  { line: /^0::(.*)$/m, root: "/sys/fs/cgroup", limit: "memory.max", used: "memory.current", cache: "inactive_file" },
  {
    line: /^\d+:[^:]*\bmemory\b[^:]*:(.*)$/m,
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    cache: "total_inactive_file"
  }
] as const

/** A path and all above it: each may set a limit. In a container the root stands for the group itself. */
const withParents = (path: string): ReadonlyArray<string> => {
  const names = path.split("/").filter((name) => name !== "")
  return Array.from({ length: names.length + 1 }, (_, i) => ["", ...names.slice(0, names.length - i)].join("/"))
}

/** What one group has left, what it would take back from caches included; none where it has no limit. */
const groupLeft = Effect.fnUntraced(function* (folder: string, { cache, limit, used }: (typeof versions)[number]) {
  const texts = yield* Effect.all([limit, used, "memory.stat"].map((name) => read(`${folder}/${name}`)))
  const [most = Number.NaN, taken = Number.NaN] = texts
    .slice(0, 2)
    .map(Option.match({ onNone: () => Number.NaN, onSome: Number }))
  const back = numberAfter(texts[2] ? Option.getOrElse(texts[2], () => "") : "", cache) ?? 0
  return Number.isFinite(most - taken) ? [most - taken + back] : []
})

const groupsLeft = Effect.gen(function* () {
  const groups = Option.getOrElse(yield* read("/proc/self/cgroup"), () => "")
  const left: Array<number> = []
  for (const version of versions) {
    const path = version.line.exec(groups)?.[1]
    if (path === undefined) continue
    for (const folder of withParents(path)) left.push(...(yield* groupLeft(`${version.root}${folder}`, version)))
  }
  return left
})

/**
 * Memory that this process may still take: what is left in the machine, or in the tightest control group around the process.
 *
 * Units    bytes.
 */
export const availableMemory = Effect.gen(function* () {
  return Math.max(0, Math.min(yield* machineLeft, ...(yield* groupsLeft)))
})
