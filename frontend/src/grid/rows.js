// Reading and filling the rows of a line grid. State lives in the inputs the server rendered;
// these functions only know how a row is laid out: controls [data-k], shown cells [data-c].

import { all, find } from "../lib/dom.js";
import { halfWidth } from "../lib/decimal.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** Cells the server shows beside the inputs; copied with a row and kept in a draft. */
const SHOWN = ["code", "spec", "available", "last", "why"];
const NUMBERS = new Set(["quantity", "price", "discount", "tax_rate"]);
const TONES = ["low", "out"];

/**
 * @param {HTMLElement} row
 * @param {string} key
 * @returns {Control | null}
 */
export function control(row, key) {
  return /** @type {Control | null} */ (row.querySelector(`[data-k="${key}"]`));
}

/**
 * What a control of the row holds; numbers with full-width digits read as plain ones.
 * @param {HTMLElement} row
 * @param {string} key
 */
export function valueOf(row, key) {
  const value = control(row, key)?.value.trim() ?? "";
  return NUMBERS.has(key) ? halfWidth(value) : value;
}

/**
 * @param {HTMLElement} row
 * @param {string} key
 * @param {string} value
 */
export function put(row, key, value) {
  const target = control(row, key);
  if (!target) return;
  target.value = value;
  target.removeAttribute("aria-invalid");
}

/**
 * The controls a person walks through with Enter, in the order of the screen.
 * @param {HTMLElement} row
 * @returns {Control[]}
 */
export function path(row) {
  const controls = /** @type {Control[]} */ (all(row, "[data-k]:not([type=hidden])"));
  return controls.filter((each) => !(each instanceof HTMLSelectElement) || each.options.length > 1);
}

/** @param {HTMLElement} row */
export function isBlank(row) {
  return !valueOf(row, "id") && !valueOf(row, "item") && !valueOf(row, "quantity");
}

/** @param {HTMLElement} row */
export function hasItem(row) {
  return Boolean(valueOf(row, "id"));
}

/**
 * On an exchange, goods of the row come back: it is owed less, below zero.
 * @param {HTMLElement} row
 */
export function comesBack(row) {
  return valueOf(row, "direction") === "back";
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 * @param {string} text
 */
export function show(row, name, text) {
  const cell = find(row, `[data-c="${name}"]`);
  if (cell) cell.textContent = text;
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 */
function shown(row, name) {
  return find(row, `[data-c="${name}"]`)?.textContent?.trim() ?? "";
}

/**
 * An option of the typeahead as an answer about an item.
 * @param {HTMLElement} option
 * @returns {ItemAnswer}
 */
export function answerOf(option) {
  const { id = "", code = "", name = "", spec = "", uoms = "[]", uom = "" } = option.dataset;
  const { price = "", why = "", last = "", available = "", tone = "", tax = "" } = option.dataset;
  return { id, code, name, spec, uoms: JSON.parse(uoms), uom, price, why, last, available, tone, tax };
}

/**
 * The row now sells this item: unit, price and stock as the server says; quantity is untouched.
 * @param {HTMLElement} row
 * @param {ItemAnswer} answer
 */
export function fill(row, answer) {
  put(row, "id", answer.id);
  put(row, "item", answer.name);
  fillUoms(row, answer.uoms, String(answer.uom || answer.uoms[0]?.id || ""));
  put(row, "price", uomPrice(row) || answer.price || answer.last);
  if (answer.tax) put(row, "tax_rate", answer.tax);
  if (!valueOf(row, "discount")) put(row, "discount", "100");
  for (const name of SHOWN) show(row, name, answer[/** @type {"code"} */ (name)]);
  setTone(row, answer.tone);
  /** @type {HTMLElement | null} */ (row.nextElementSibling)?.classList.remove("spare");
  row.classList.remove("spare");
}

/**
 * @param {HTMLElement} row
 * @param {Uom[]} uoms
 * @param {string} chosen
 */
function fillUoms(row, uoms, chosen) {
  const select = control(row, "uom");
  if (!(select instanceof HTMLSelectElement)) return;
  const options = uoms.map((uom) => {
    const option = new Option(uom.name, String(uom.id), false, String(uom.id) === chosen);
    if (uom.price) option.dataset.price = uom.price;
    return option;
  });
  select.replaceChildren(...options);
}

/**
 * The own price of the row's unit, or "".
 * @param {HTMLElement} row
 */
export function uomPrice(row) {
  const select = control(row, "uom");
  return select instanceof HTMLSelectElement ? (select.selectedOptions[0]?.dataset.price ?? "") : "";
}

/**
 * Colours the available quantity: "", low or out.
 * @param {HTMLElement} row
 * @param {string} tone
 */
function setTone(row, tone) {
  const cell = find(row, "[data-c=available]")?.closest("td");
  cell?.classList.remove(...TONES);
  if (TONES.includes(tone)) cell?.classList.add(tone);
}

/** @param {HTMLElement} row */
function toneOf(row) {
  const cell = find(row, "[data-c=available]")?.closest("td");
  return TONES.find((tone) => cell?.classList.contains(tone)) ?? "";
}

/** @param {HTMLElement} row */
export function clear(row) {
  for (const each of /** @type {Control[]} */ (all(row, "[data-k]"))) {
    each.value = each.dataset.k === "discount" ? "100" : "";
    each.removeAttribute("aria-invalid");
  }
  control(row, "uom")?.replaceChildren();
  for (const name of [...SHOWN, "amount", "pieces"]) show(row, name, "");
  for (const tip of all(row, ".tip")) tip.remove();
  setTone(row, "");
}

/**
 * Everything needed to rebuild a row: for copying it and for the draft.
 * @param {HTMLElement} row
 * @returns {Record<string, string>}
 */
export function snapshot(row) {
  /** @type {Record<string, string>} */
  const kept = { tone: toneOf(row), uoms: uomsOf(row) };
  for (const each of /** @type {Control[]} */ (all(row, "[data-k]"))) kept[each.dataset.k ?? ""] = each.value;
  for (const name of SHOWN) kept[`shown-${name}`] = shown(row, name);
  return kept;
}

/** @param {HTMLElement} row */
function uomsOf(row) {
  const select = control(row, "uom");
  if (!(select instanceof HTMLSelectElement)) return "[]";
  const uoms = [...select.options].map(({ value, text, dataset }) => ({ id: value, name: text, price: dataset.price }));
  return JSON.stringify(uoms);
}

/**
 * @param {HTMLElement} row
 * @param {Record<string, string>} kept
 */
export function restore(row, kept) {
  fillUoms(row, JSON.parse(kept.uoms), kept.uom);
  for (const each of /** @type {Control[]} */ (all(row, "[data-k]"))) {
    const value = kept[each.dataset.k ?? ""];
    if (value !== undefined) put(row, each.dataset.k ?? "", value);
  }
  for (const name of SHOWN) show(row, name, kept[`shown-${name}`]);
  setTone(row, kept.tone);
  row.classList.remove("spare");
}
