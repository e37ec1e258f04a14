import { mergeConfig } from "vitest/config";
import vite from "./vite.config";

export default mergeConfig(vite({ command: "serve", mode: "test" }), { test: { include: ["src/**/*.test.ts"] } });
