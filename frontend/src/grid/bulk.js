// Ctrl+B: one value for a whole column, on every line that has an item.

import { field, need } from "../lib/dom.js";
import { hasItem, put } from "./rows.js";

/** @typedef {import("../line-grid.js").LineGrid} LineGrid */

/**
 * Opens the dialog with the current column chosen.
 * @param {LineGrid} grid
 * @param {string} key
 */
export function openBulk(grid, key) {
  const dialog = /** @type {HTMLDialogElement} */ (need(grid, "dialog[data-bulk]"));
  const column = /** @type {HTMLSelectElement} */ (need(dialog, "select"));
  if ([...column.options].some((option) => option.value === key)) column.value = key;
  dialog.onclose = () => {
    if (dialog.returnValue === "set") setColumn(grid, column.value, field(dialog, "input")?.value ?? "");
  };
  dialog.returnValue = "";
  dialog.showModal();
  field(dialog, "input")?.select();
}

/**
 * @param {LineGrid} grid
 * @param {string} key
 * @param {string} value
 */
function setColumn(grid, key, value) {
  for (const row of grid.rows.filter(hasItem)) put(row, key, value);
  grid.total();
  grid.edited();
}
