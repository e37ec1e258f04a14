import { defineConfig } from "vitest/config";

// One server, one browser: the files share the machine's two cores with everything else that is tested.
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000, bail: 0 },
});
