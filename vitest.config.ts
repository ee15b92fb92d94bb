import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    isolate: false, // files share a process and its modules, which are loaded once
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
