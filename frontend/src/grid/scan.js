// The scan box (F2). Gun mode: the focus stays, the same code again adds one. Hand mode: the focus
// goes to the quantity. A code nobody knows beeps low and is listed, never dropped.

import { plus, read, shown } from "../lib/decimal.js";
import { field } from "../lib/dom.js";
import { comesBack, control, fill, isBlank, put, valueOf } from "./rows.js";

/** @typedef {import("../line-grid.js").LineGrid} LineGrid */

const ONE = { units: 1n, places: 0 };
const GOOD_TONE = 1320;
const BAD_TONE = 220;
/** @type {AudioContext | undefined} */
let audio;

export class ScanBox {
  /**
   * @param {LineGrid} grid
   * @param {HTMLInputElement} input
   */
  constructor(grid, input) {
    this.grid = grid;
    this.input = input;
    input.addEventListener("keydown", (event) => this.pressed(event));
  }

  get isGun() {
    return field(this.grid, "[data-gun]")?.checked ?? true;
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const code = this.input.value.trim();
    this.input.value = "";
    if (code) this.scan(code);
  }

  /** @param {string} code */
  async scan(code) {
    const known = this.grid.rows.find((row) => row.dataset.scanned === code && !comesBack(row));
    const row = known ? this.addOne(known) : await this.addRow(code);
    beep(row ? GOOD_TONE : BAD_TONE);
    if (!row) return;
    this.grid.changed(row);
    if (!this.isGun) control(row, "quantity")?.focus();
  }

  /** @param {HTMLElement} row */
  addOne(row) {
    put(row, "quantity", shown(plus(read(valueOf(row, "quantity")) ?? { units: 0n, places: 0 }, ONE)));
    return row;
  }

  /**
   * @param {string} code
   * @returns {Promise<HTMLElement | null>}
   */
  async addRow(code) {
    const [answer] = await this.grid.resolve([code]);
    if (!answer) {
      this.grid.reportUnresolved([code]);
      return null;
    }
    const row = this.sameLine(answer) ?? this.grid.freeRow();
    row.dataset.scanned = code;
    if (!isBlank(row)) return this.addOne(row);
    fill(row, answer);
    put(row, "quantity", "1");
    return row;
  }

  /**
   * The line that already has this item in the unit whose barcode was read; what was scanned goes
   * out, so a line that comes back is another.
   * @param {ItemAnswer} answer
   */
  sameLine(answer) {
    const unit = String(answer.uom || answer.uoms[0]?.id || "");
    const same = (/** @type {HTMLElement} */ row) => valueOf(row, "id") === answer.id && valueOf(row, "uom") === unit;
    return this.grid.rows.find((row) => same(row) && !comesBack(row));
  }
}

/** @param {number} tone Hz */
function beep(tone) {
  audio ??= new AudioContext();
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = tone;
  oscillator.connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + 0.09);
}
