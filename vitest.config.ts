import { defineConfig } from "vitest/config"

/** What measures the memory of its process has one of its own; all other files share processes, and modules are loaded once. */
const alone = ["test/runtime/OnnxRuntime.test.ts"]

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "alone", include: alone, isolate: true } },
      { extends: true, test: { name: "together", include: ["test/**/*.test.ts"], exclude: alone, isolate: false } }
    ]
  }
})
