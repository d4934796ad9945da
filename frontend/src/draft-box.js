// <draft-box>: keeps what is being typed in IndexedDB every 10 s and offers it after a crash.

import { all, find, need } from "./lib/dom.js";
import { forget, load, save } from "./lib/store.js";
import { isBlank, restore, snapshot } from "./grid/rows.js";

/** @typedef {import("./line-grid.js").LineGrid} LineGrid */
/** @typedef {{at: string, version: string, fields: [string, string, string][], lines: Record<string, string>[]}} Draft */

const EVERY = 10_000;
const OWN = new Set(["intent", "csrfmiddlewaretoken", "version", "reason"]);

class DraftBox extends HTMLElement {
  connectedCallback() {
    if (this.timer) return;
    this.form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.isDirty = false;
    this.onEdit = () => {
      this.isDirty = true;
    };
    for (const name of ["input", "change", "grid:edited"]) this.form.addEventListener(name, this.onEdit);
    this.form.addEventListener("htmx:after:request", (event) => this.answered(event));
    this.timer = window.setInterval(() => this.keep(), EVERY);
    this.onHide = () => this.keep();
    document.addEventListener("visibilitychange", this.onHide);
    need(this, "[data-restore]").addEventListener("click", () => this.bringBack());
    need(this, "[data-discard]").addEventListener("click", () => this.drop());
    this.offer();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.onHide) document.removeEventListener("visibilitychange", this.onHide);
  }

  get key() {
    return location.pathname;
  }

  /** @returns {LineGrid} */
  get grid() {
    return /** @type {LineGrid} */ (need(/** @type {HTMLElement} */ (this.form), "line-grid"));
  }

  async keep() {
    if (!this.isDirty || !this.form) return;
    this.isDirty = false;
    await save(this.key, this.draft());
  }

  /** @returns {Draft} */
  draft() {
    const form = /** @type {HTMLFormElement} */ (this.form);
    const lines = this.grid.rows.filter((row) => !isBlank(row)).map(snapshot);
    const at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    return { at, version: this.version, fields: this.fields(form), lines };
  }

  get version() {
    return /** @type {HTMLInputElement | null} */ (this.form?.elements.namedItem("version"))?.value ?? "";
  }

  /**
   * Name, value and shown text of the head's fields; a picked partner needs its name too.
   * @param {HTMLFormElement} form
   * @returns {[string, string, string][]}
   */
  fields(form) {
    const named = /** @type {HTMLInputElement[]} */ (all(form, "[name]:not([name^=lines-]):not(button)"));
    return named
      .filter((each) => !OWN.has(each.name))
      .map((each) => [each.name, each.value, shownInput(each)?.value ?? ""]);
  }

  async offer() {
    const draft = /** @type {Draft | undefined} */ (await load(this.key).catch(() => undefined));
    // Saved by somebody since: the kept text belongs to an older version and is not offered.
    if (!draft || draft.version !== this.version) return;
    need(this, "[data-at]").textContent = draft.at;
    need(this, "[data-count]").textContent = String(draft.lines.length);
    need(this, ".alert").hidden = false;
    this.kept = draft;
  }

  bringBack() {
    if (!this.kept || !this.form) return;
    for (const [name, value, shown] of this.kept.fields) this.bringBackField(name, value, shown);
    const grid = this.grid;
    while (grid.rows.length < this.kept.lines.length) grid.addRow();
    this.kept.lines.forEach((line, index) => restore(grid.rows[index], line));
    grid.total();
    this.hideOffer();
    this.isDirty = true;
  }

  /**
   * @param {string} name
   * @param {string} value
   * @param {string} shown
   */
  bringBackField(name, value, shown) {
    const target = /** @type {HTMLInputElement | null} */ (find(/** @type {HTMLElement} */ (this.form), `[name="${name}"]`));
    if (!target) return;
    target.value = value;
    const beside = shownInput(target);
    if (beside) beside.value = shown;
  }

  async drop() {
    this.hideOffer();
    await forget(this.key);
  }

  hideOffer() {
    need(this, ".alert").hidden = true;
    this.kept = undefined;
  }

  /** What the server accepted needs no draft. @param {Event} event */
  answered(event) {
    const { ctx } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail;
    if (ctx.request.method !== "POST" || (ctx.response?.status ?? 500) >= 400) return;
    this.isDirty = false;
    forget(this.key);
  }
}

/**
 * The visible half of a pick-box.
 * @param {HTMLInputElement} hidden
 * @returns {HTMLInputElement | null}
 */
function shownInput(hidden) {
  if (hidden.type !== "hidden") return null;
  return /** @type {HTMLInputElement | null} */ (hidden.closest("pick-box")?.querySelector("input[role=combobox]") ?? null);
}

customElements.define("draft-box", DraftBox);
