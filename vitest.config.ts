import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@quorate/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    // On two cores one process would be the default, and half of the machine idle: much of it is waiting for processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
