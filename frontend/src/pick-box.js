// <pick-box>: choose one partner or item from thousands. A hidden input keeps the id, the visible
// one the name; the server writes both, so a chosen name never turns into a bare id.

import { Combobox } from "./lib/combobox.js";
import { addPopover, field, make } from "./lib/dom.js";

class PickBox extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.hidden_ = /** @type {HTMLInputElement} */ (field(this, "input[type=hidden]"));
    this.input = /** @type {HTMLInputElement} */ (field(this, "input[role=combobox]"));
    this.picked = this.input.value;
    this.box = new Combobox({
      list: this.makeList(),
      url: (text) => this.url(text),
      pick: (option) => this.take(option),
    });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("focus", () => this.input?.select());
    this.input.addEventListener("blur", () => this.left());
  }

  disconnectedCallback() {
    this.list?.remove();
    this.box = undefined;
  }

  makeList() {
    this.list = make("ul", { class: "sug narrow", role: "listbox", hidden: "" });
    this.list.setAttribute("aria-label", this.input?.getAttribute("aria-label") ?? "选项");
    addPopover(this.list, this);
    return this.list;
  }

  /** @param {string} text */
  url(text) {
    const base = this.dataset.url ?? "";
    return `${base}${base.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`;
  }

  typed() {
    if (!this.input || !this.box) return;
    this.setId("");
    this.box.typed(this.input);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.box || !this.input || this.box.pressed(event) || event.isComposing) return;
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.box.input = this.input;
    // Opened without typing: everything, not only what resembles the present choice.
    this.box.ask(this.hidden_?.value ? "" : this.input.value);
  }

  /** @param {HTMLElement} option */
  take(option) {
    if (!this.input) return;
    this.input.value = option.dataset.name ?? "";
    this.input.removeAttribute("aria-invalid");
    this.picked = this.input.value;
    this.setId(option.dataset.id ?? "");
    this.input.focus();
  }

  /** @param {string} id */
  setId(id) {
    if (!this.hidden_ || this.hidden_.value === id) return;
    this.hidden_.value = id;
    this.hidden_.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Left with a text that names nothing: the server says so on save; here it is only marked. */
  left() {
    this.box?.close();
    const dangling = Boolean(this.input?.value.trim()) && !this.hidden_?.value && !this.dataset.free;
    if (dangling) this.input?.setAttribute("aria-invalid", "true");
  }
}

customElements.define("pick-box", PickBox);
