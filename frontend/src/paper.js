// The paper of a document: opens the browser's print, and tells the server of every print.

import { find, need } from "./lib/dom.js";

const tools = need(document, "[data-record]");
const prints = need(document, "[data-prints]");

/** Ctrl+P and the browser's menu print too: whatever opens the print is recorded. */
async function record() {
  const token = find(document, 'meta[name="csrf"]')?.getAttribute("content") ?? "";
  const url = tools.dataset.record ?? "";
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true });
  if (answer.ok) prints.textContent = String((await answer.json()).prints);
}

addEventListener("beforeprint", record);
need(document, "[data-print]").addEventListener("click", () => window.print());
if ("now" in tools.dataset) {
  const url = new URL(location.href);
  url.searchParams.delete("now"); // going back or reloading does not print again
  history.replaceState(null, "", url);
  window.print();
}
