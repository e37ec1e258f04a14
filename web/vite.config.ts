import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Everything that the program serves lies flat under /static/; hashed names may be kept for ever.
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.SLIPWAY_WEB_OUT ?? "dist",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/graphql", "/api", "/files", "/storage", "/artifacts", "/artifactsV2"].map((path) => [path, process.env.SLIPWAY_URL ?? "http://127.0.0.1:8080"]),
    ),
  },
}));
