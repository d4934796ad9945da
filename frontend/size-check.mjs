// The gate on bytes: JS + CSS of a page, brotli, htmx included. Exit 1 when a page is over its budget.
// Usage: node size-check.mjs [path of htmx-4.min.js]

import { brotliCompressSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const BUDGET = 45_000;
const DIST = new URL("./dist/", import.meta.url);
/** What each kind of page loads at once or may load later. */
const PAGES = { every: [], list: ["list-tools.js"], editor: ["editor.js"] };
const EVERY = ["theme.js", "app.js", "app.css"];

const packed = (bytes) => brotliCompressSync(bytes).length;
const inDist = (name) => readFileSync(new URL(name, DIST));

/** A module and everything it imports, statically or later. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const found = inDist(name).toString().matchAll(/["']\.\/([\w-]+\.js)["']/g);
  for (const [, imported] of found) closure(imported, seen);
  return seen;
}

const htmx = process.argv[2] ? packed(readFileSync(process.argv[2])) : 0;
let failed = false;
for (const [page, own] of Object.entries(PAGES)) {
  const files = new Set();
  for (const entry of [...EVERY, ...own]) closure(entry, files);
  const bytes = [...files].reduce((sum, name) => sum + packed(inDist(basename(name))), htmx);
  const ok = bytes <= BUDGET;
  failed ||= !ok;
  console.log(JSON.stringify({ bench: `assets_${page}`, value: bytes, unit: "bytes brotli", budget: BUDGET, ok }));
}
process.exit(failed ? 1 : 0);
