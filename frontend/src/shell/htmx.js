// What htmx needs from us on every page: the CSRF header, and refusals shown instead of swapped.

import { csrfToken } from "../lib/http.js";
import { toast } from "./toasts.js";

/** Answers that carry the re-rendered form: these are swapped in. */
const FORM_ANSWERS = new Set([409, 422]);
const UNREACHABLE = "连不上服务器，刚才的操作没有保存。请检查网络后再试一次。";

/** @param {Event} event */
function addToken(event) {
  const { ctx } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail;
  ctx.request.headers["X-CSRFToken"] = csrfToken();
}

/**
 * An error page must not land inside a form: its one sentence becomes a toast.
 * @param {Event} event
 */
function showRefusal(event) {
  const { ctx } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail;
  const status = ctx.response?.status ?? 0;
  if (status < 400 || FORM_ANSWERS.has(status)) return;
  event.preventDefault();
  toast(sentenceOf(ctx.text ?? "", status), "bad");
}

/**
 * @param {string} html
 * @param {number} status
 */
function sentenceOf(html, status) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = page.querySelector("[data-sentence]")?.textContent?.trim();
  return said || `操作没有完成（${status}）。请刷新页面后再试。`;
}

export function listenToHtmx() {
  document.addEventListener("htmx:config:request", addToken);
  document.addEventListener("htmx:after:request", showRefusal);
  document.addEventListener("htmx:error", (event) => {
    const { error } = /** @type {CustomEvent<{error?: Error}>} */ (event).detail;
    if (error instanceof TypeError) toast(UNREACHABLE, "bad");
  });
}
