// Builds frontend/dist: each entry as an ES module with shared chunks, one stylesheet, one icon sprite.

import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const ICONS = [
  "arrow-down", "arrow-up", "bell", "book-open", "boxes", "calendar", "chart-line", "chevron-right",
  "circle-check", "circle-help", "clipboard-check", "columns-3", "copy", "download", "ellipsis",
  "file-text", "file-input", "file-output", "funnel", "handshake", "house", "inbox", "keyboard",
  "layers", "log-out", "menu", "moon", "package", "package-check", "panel-left-close", "pencil", "plus",
  "printer", "refresh-cw", "save", "scan-barcode", "scroll-text", "search", "send", "settings",
  "shield-check", "shopping-cart", "sparkles", "sun", "tag", "trash-2", "triangle-alert", "truck",
  "undo-2", "upload", "user", "users", "wallet", "warehouse", "x", "arrow-left-right",
];
const ENTRIES = ["src/app.js", "src/editor.js", "src/list-tools.js", "src/paper.js"];

/** The drawing inside an icon file of lucide, without its frame. */
function drawing(name) {
  const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  const inside = svg.replace(/<!--.*?-->/s, "").replace(/<svg[^>]*>|<\/svg>/gs, "");
  return inside.replace(/\s+/g, " ").trim();
}

function writeSprite() {
  const symbols = ICONS.map((name) => `<symbol id="${name}" viewBox="0 0 24 24">${drawing(name)}</symbol>`);
  writeFileSync("dist/icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

const common = { bundle: true, minify: true, outdir: "dist", target: "es2022", logLevel: "warning" };

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
writeSprite();
await build({ ...common, entryPoints: ENTRIES, splitting: true, format: "esm", chunkNames: "chunk-[hash]" });
await build({ ...common, entryPoints: ["src/theme.js"], format: "iife" });
await build({ ...common, entryPoints: [{ in: "css/index.css", out: "app" }] });
await build({ ...common, entryPoints: ["css/paper-a4.css", "css/paper-241.css"] });
