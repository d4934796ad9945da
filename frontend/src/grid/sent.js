// What is sent, and how the answer meets what was typed meanwhile.

import { all } from "../lib/dom.js";
import { isBlank } from "./rows.js";

/**
 * Blank rows are not sent, and what is sent is remembered.
 * @param {Event} event htmx:config:request
 * @param {HTMLElement} form
 * @param {HTMLElement[]} rows
 */
export function sending(event, form, rows) {
  const { body, method } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail.ctx.request;
  if (!(body instanceof FormData) || method !== "POST") return;
  remember(form);
  for (const row of rows.filter(isBlank)) {
    for (const each of all(row, "[name]")) body.delete(each.getAttribute("name") ?? "");
  }
}

/**
 * A morph compares attributes: what was sent becomes the attribute, so that the answer changes
 * exactly what the server changed, and text typed meanwhile stays.
 * @param {HTMLElement} form
 */
function remember(form) {
  for (const each of /** @type {HTMLInputElement[]} */ (all(form, "input"))) each.setAttribute("value", each.value);
  for (const each of /** @type {HTMLTextAreaElement[]} */ (all(form, "textarea"))) each.defaultValue = each.value;
  for (const each of /** @type {HTMLOptionElement[]} */ (all(form, "option"))) each.defaultSelected = each.selected;
}

/**
 * A morph does not move the choice of a select that was touched: the server's word does.
 * @param {HTMLElement} form
 */
export function answered(form) {
  for (const each of /** @type {HTMLSelectElement[]} */ (all(form, "select[name]"))) {
    const told = [...each.options].find((option) => option.defaultSelected);
    if (told) each.value = told.value;
  }
}
