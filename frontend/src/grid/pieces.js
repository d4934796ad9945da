// The serial numbers of a line: a text area, one number a line, as a scanner types them or as they
// are pasted; how many of how many are counted beside it. The server reads and judges them.

import { control, show, valueOf } from "./rows.js";

/**
 * Whether Enter, arrows and pasted blocks belong to the text and not to the grid.
 * @param {EventTarget | null} target
 * @returns {target is HTMLTextAreaElement}
 */
export function holdsPieces(target) {
  return target instanceof HTMLTextAreaElement;
}

/** "12 / 60", or nothing where no number is typed. @param {HTMLElement} row */
export function countPieces(row) {
  const area = control(row, "serials");
  if (!area) return;
  const count = area.value.split(/[\n\r\t,，;；、]+/).reduce((sum, part) => sum + numbersIn(part.trim()), 0);
  show(row, "pieces", count ? `${count} / ${valueOf(row, "quantity") || "?"}` : "");
}

/** SN001*60 stands for sixty. @param {string} part */
function numbersIn(part) {
  const run = /[0-9]\s*\*\s*([0-9]{1,6})$/.exec(part);
  return run ? Number(run[1]) : Number(Boolean(part));
}
