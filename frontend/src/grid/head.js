// Enter outside the cells never saves by accident: in the head it goes to the next field, in a
// dialog it confirms.

import { all, find, origin } from "../lib/dom.js";

const FIELDS = ".head :is(input, select, textarea):not([type=hidden])";

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} form
 * @param {HTMLElement} grid where the last field of the head leads
 */
export function enterInHead(event, form, grid) {
  const target = origin(event);
  const isField = target.matches("input, select") && !target.dataset.k;
  if (!isField || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const dialog = target.closest("dialog");
  if (dialog) find(dialog, ".pri")?.click();
  else focusNext(all(form, FIELDS), target, grid);
}

/**
 * @param {HTMLElement[]} fields
 * @param {HTMLElement} from
 * @param {HTMLElement} grid
 */
function focusNext(fields, from, grid) {
  const at = fields.indexOf(from);
  if (at >= 0) (fields[at + 1] ?? find(grid, "[data-k=item]"))?.focus();
}
