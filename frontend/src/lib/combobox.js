// One combobox for item cells, partner boxes and the palette: ARIA 1.2, remote options, IME safe.

import { all, placeUnder } from "./dom.js";

/**
 * @typedef {object} ComboboxOptions
 * @property {HTMLElement} list the listbox; options are its [role=option] children
 * @property {(text: string) => string} url where options for a text are read, as HTML
 * @property {(option: HTMLElement, input: HTMLInputElement) => void} pick
 * @property {boolean} [anchored] place the list under the input (default) or leave it where it is
 */

const TYPING_PAUSE = 70;
let lists = 0;

export class Combobox {
  /** @param {ComboboxOptions} options */
  constructor(options) {
    this.options = options;
    this.list = options.list;
    this.list.id ||= `options-${(lists += 1)}`;
    this.anchored = options.anchored ?? true;
    /** @type {HTMLInputElement | null} */
    this.input = null;
    this.at = 0;
    this.asked = 0;
    this.timer = 0;
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** @returns {HTMLElement[]} */
  get choices() {
    return all(this.list, "[role=option]");
  }

  /**
   * Asks for options after a short pause in typing.
   * @param {HTMLInputElement} input
   */
  typed(input) {
    this.input = input;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(input.value), TYPING_PAUSE);
  }

  /**
   * Reads the options for a text; an answer overtaken by a later question is dropped.
   * @param {string} text
   * @returns {Promise<boolean>} whether this answer is on screen
   */
  async ask(text) {
    clearTimeout(this.timer);
    this.asked += 1;
    const mine = this.asked;
    const response = await fetch(this.options.url(text), { headers: { "HX-Request": "true" } });
    const html = await response.text();
    if (mine !== this.asked || !response.ok) return false;
    this.list.innerHTML = html;
    this.open();
    return true;
  }

  open() {
    const input = this.input;
    if (!input) return;
    this.list.hidden = false;
    if (this.anchored) placeUnder(this.list, input);
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  mark(index) {
    const choices = this.choices;
    this.at = choices.length ? (index + choices.length) % choices.length : 0;
    choices.forEach((option, position) => {
      option.id = `${this.list.id}-${position}`;
      option.setAttribute("aria-selected", String(position === this.at));
    });
    const chosen = choices[this.at];
    if (!chosen) return;
    chosen.scrollIntoView({ block: "nearest" });
    this.input?.setAttribute("aria-activedescendant", chosen.id);
  }

  /**
   * Arrow keys, Enter and Escape while the list is open.
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was used up
   */
  pressed(event) {
    if (!this.isOpen || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.at + step);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.choices.length) this.take(this.choices[this.at]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (option) this.take(/** @type {HTMLElement} */ (option));
  }

  /** @param {HTMLElement} option */
  take(option) {
    const input = this.input;
    this.close();
    if (input) this.options.pick(option, input);
  }
}
