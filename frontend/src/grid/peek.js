// F4 stock by warehouse, F8 the last prices: a fragment of the server in a dialog.

import { need } from "../lib/dom.js";
import { valueOf } from "./rows.js";

/** @typedef {import("../line-grid.js").LineGrid} LineGrid */

/**
 * @param {LineGrid} grid
 * @param {HTMLElement} row
 * @param {"stock" | "prices"} what
 */
export async function peek(grid, row, what) {
  const base = what === "stock" ? grid.dataset.stock : grid.dataset.prices;
  const item = valueOf(row, "id");
  if (!base || !item) return;
  const dialog = /** @type {HTMLDialogElement} */ (need(grid, "dialog[data-peek-dialog]"));
  const response = await fetch(grid.withContext(base, { item }), { headers: { "HX-Request": "true" } });
  if (!response.ok) return;
  need(dialog, ".peek").innerHTML = await response.text();
  dialog.showModal();
}
