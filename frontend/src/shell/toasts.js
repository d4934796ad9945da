// Short messages in the corner: errors are alerts, the rest is status.

import { make, need } from "../lib/dom.js";

const SHOWN_FOR = 6000;

/**
 * @param {string} text
 * @param {"ok" | "warn" | "bad"} tone
 */
export function toast(text, tone = "ok") {
  const role = tone === "bad" ? "alert" : "status";
  const message = make("div", { class: `alert ${tone}`, role }, text);
  need(document, ".toasts").append(message);
  setTimeout(() => message.remove(), SHOWN_FOR);
}
