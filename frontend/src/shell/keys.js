// Keys that work on every page. Buttons say which key they answer to with data-key.

import { field, find, isTyping, need } from "../lib/dom.js";

/** @type {Record<string, string>} */
const WITH_CTRL = { s: "save", Enter: "submit", p: "print" };
/** @type {Record<string, string>} */
const PLAIN = { n: "new", e: "edit", "[": "fold", "?": "keys" };

/**
 * The name of the wish a key press expresses, if any.
 * @param {KeyboardEvent} event
 * @returns {string | undefined}
 */
function wish(event) {
  if (event.isComposing) return undefined;
  if (event.ctrlKey || event.metaKey) return WITH_CTRL[event.key];
  if (event.altKey) return event.key.toLowerCase() === "n" ? "new" : undefined;
  return isTyping(event) || document.querySelector("dialog[open]") ? undefined : PLAIN[event.key];
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key === "/" && !isTyping(event)) return focusSearch(event);
  const target = find(document, `[data-key~="${wish(event)}"]`);
  if (!target) return undefined;
  event.preventDefault();
  // A cell that is being edited commits its value before the form is read.
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.dispatchEvent(new Event("change", { bubbles: true }));
  target.click();
  return undefined;
}

/** @param {KeyboardEvent} event */
function focusSearch(event) {
  const search = field(document, "main [data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const opener = target.closest("[data-open]");
  if (opener instanceof HTMLElement) dialog(opener.dataset.open ?? "").showModal();
  const closer = /** @type {HTMLElement | null} */ (target.closest("[data-close]"));
  if (closer) closer.closest("dialog")?.close(closer.dataset.close);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
}

/**
 * @param {string} id
 * @returns {HTMLDialogElement}
 */
function dialog(id) {
  return /** @type {HTMLDialogElement} */ (need(document, `#${id}`));
}

/** @param {KeyboardEvent} event */
function closeMenus(event) {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
  delete document.documentElement.dataset.drawer;
}

export function listenToKeys() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", clicked);
}
