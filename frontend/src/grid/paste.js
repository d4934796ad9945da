// Pasting a block from Excel: 编码 数量 单价 备注 from the item column, or one column's values from
// any other. Every row that cannot be resolved is listed with its text; none is dropped.

import { halfWidth } from "../lib/decimal.js";
import { control, fill, put } from "./rows.js";

/** @typedef {import("../line-grid.js").LineGrid} LineGrid */

const COLUMNS = ["code", "quantity", "price", "note"];
const HEADINGS = new Set(["编码", "商品编码", "条码", "货号", "code"]);

/**
 * The cells of a copied block; a heading row and empty rows are left out.
 * @param {string} text
 * @returns {string[][]}
 */
export function block(text) {
  const rows = text.replace(/\r/g, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
  const filled = rows.filter((cells) => cells.some(Boolean));
  return HEADINGS.has(filled[0]?.[0]?.toLowerCase()) ? filled.slice(1) : filled;
}

/**
 * @param {LineGrid} grid
 * @param {string} text
 * @param {HTMLElement} row where it was pasted
 * @param {string} key the column it was pasted into
 */
export async function paste(grid, text, row, key) {
  const rows = block(text);
  if (key === "item") await pasteLines(grid, rows, row);
  else pasteDown(grid, rows, row, key);
  grid.total();
}

/**
 * @param {LineGrid} grid
 * @param {string[][]} rows
 * @param {HTMLElement} from
 */
async function pasteLines(grid, rows, from) {
  const answers = await grid.resolve(rows.map(([code]) => code));
  const failed = rows.filter((_, index) => !answers[index]);
  rows.forEach((cells, index) => {
    const answer = answers[index];
    if (answer) fillLine(grid.freeRow(from), answer, cells);
  });
  if (failed.length) grid.reportUnresolved(failed.map((cells) => cells.join(" ")));
}

/**
 * @param {HTMLElement} row
 * @param {ItemAnswer} answer
 * @param {string[]} cells
 */
function fillLine(row, answer, cells) {
  fill(row, answer);
  COLUMNS.forEach((column, index) => {
    const text = cells[index];
    if (index > 0 && text) put(row, column, column === "note" ? text : halfWidth(text));
  });
}

/**
 * @param {LineGrid} grid
 * @param {string[][]} rows
 * @param {HTMLElement} from
 * @param {string} key
 */
function pasteDown(grid, rows, from, key) {
  /** @type {HTMLElement} */
  let row = from;
  for (const [value] of rows) {
    put(row, key, key === "note" ? value : halfWidth(value));
    row = grid.after(row);
  }
  control(from, key)?.focus();
}
