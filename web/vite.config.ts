import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `manifest` lets tests weigh the first load and each page apart.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // The style sheets use light-dark() and nesting as they are.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    manifest: true,
    // The strict content security policy forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
