// <line-grid>: the lines of a document, by keyboard alone. The server renders rows and state lives
// in their inputs; this adds movement, typeahead, copying, pasting, scanning and a preview of totals.

import { Combobox } from "./lib/combobox.js";
import { addPopover, all, field, make, need, origin } from "./lib/dom.js";
import { halfWidth } from "./lib/decimal.js";
import { postJson } from "./lib/http.js";
import { answerOf, clear, control, fill, hasItem, isBlank, path, put, restore, snapshot, uomPrice, valueOf } from "./grid/rows.js";
import { enterInHead } from "./grid/head.js";
import { answered, sending } from "./grid/sent.js";
import { countPieces, holdsPieces } from "./grid/pieces.js";
import { ScanBox } from "./grid/scan.js";
import { preview } from "./grid/totals.js";
import { toast } from "./shell/toasts.js";

const ROW_KEYS = { ArrowDown: 1, ArrowUp: -1 };

export class LineGrid extends HTMLElement {
  connectedCallback() {
    if (this.box || this.hasAttribute("data-readonly")) return;
    this.box = this.makeBox();
    const scan = field(this, "[data-scan]");
    if (scan) this.scanBox = new ScanBox(this, scan);
    for (const name of ["input", "change", "click", "paste", "focusin"]) this.addEventListener(name, this);
    this.addEventListener("keydown", this);
    this.form.addEventListener("keydown", (event) => this.formKey(event));
    this.form.addEventListener("input", (event) => this.formInput(event));
    this.form.addEventListener("htmx:config:request", (event) => sending(event, this.form, this.rows));
    this.onSwap = () => answered(this.form);
    document.addEventListener("htmx:after:swap", this.onSwap);
    performance.mark("grid-ready");
  }

  get form() {
    return /** @type {HTMLFormElement} */ (this.closest("form"));
  }

  disconnectedCallback() {
    this.box?.list.remove();
    this.box = undefined;
    if (this.onSwap) document.removeEventListener("htmx:after:swap", this.onSwap);
  }

  makeBox() {
    const list = make("ul", { class: "sug", role: "listbox", "aria-label": "商品", hidden: "" });
    addPopover(list, this);
    return new Combobox({
      list,
      url: (text) => this.withContext(this.dataset.suggest ?? "", { q: text }),
      pick: (option, input) => this.pick(answerOf(option), input),
    });
  }

  /**
   * An address with the partner and warehouse of the document, which decide price and stock.
   * @param {string} base
   * @param {Record<string, string>} extra
   */
  withContext(base, extra) {
    const url = new URL(base, location.href);
    for (const name of ["partner", "warehouse"]) {
      const value = field(this.form, `[name=${name}]`)?.value;
      if (value) url.searchParams.set(name, value);
    }
    for (const [name, value] of Object.entries(extra)) url.searchParams.set(name, value);
    return url.pathname + url.search;
  }

  // Rows

  /** @returns {HTMLElement[]} */
  get rows() {
    return all(this, "tbody tr");
  }

  /**
   * @param {Element} element
   * @returns {HTMLElement}
   */
  rowOf(element) {
    return /** @type {HTMLElement} */ (element.closest("tr"));
  }

  /** A new blank row at the end, from the server's template. */
  addRow() {
    const count = this.rows.length;
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-row]"));
    const html = template.innerHTML.replaceAll("__i__", String(count)).replaceAll("__n__", String(count + 1));
    const body = need(this, "tbody");
    body.insertAdjacentHTML("beforeend", html);
    return /** @type {HTMLElement} */ (body.lastElementChild);
  }

  /** @param {HTMLElement} row */
  after(row) {
    return /** @type {HTMLElement | null} */ (row.nextElementSibling) ?? this.addRow();
  }

  /**
   * The first blank row, from a row on if one is given.
   * @param {HTMLElement} [from]
   */
  freeRow(from) {
    const rows = this.rows;
    const start = from ? rows.indexOf(from) : 0;
    return rows.slice(start).find(isBlank) ?? this.addRow();
  }

  /** @param {HTMLElement} row */
  changed(row) {
    row.classList.remove("spare");
    this.total();
    this.edited();
  }

  /** Tells the draft keeper that something changed by script. */
  edited() {
    this.dispatchEvent(new Event("grid:edited", { bubbles: true }));
  }

  total() {
    const chosen = field(this.form, "[name=prices_include_tax]")?.value;
    preview(this.rows, this.form, chosen ? chosen === "1" : this.dataset.priceHasTax !== "false");
  }

  // Events

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof KeyboardEvent) this.pressed(event);
    else if (event instanceof ClipboardEvent) this.pasted(event);
    else if (event.type === "input") this.typed(event);
    else if (event.type === "change") this.committed(event);
    else if (event.type === "click") this.clicked(event);
    else if (event.type === "focusin") this.entered(event);
  }

  /** A number cell is taken over whole: typing replaces it. @param {Event} event */
  entered(event) {
    const target = origin(event);
    if (target instanceof HTMLInputElement && target.dataset.k && target.dataset.k !== "item") target.select();
    this.current = target.dataset.k ? this.rowOf(target) : this.current;
  }

  /** @param {Event} event */
  typed(event) {
    const target = origin(event);
    const key = target.dataset.k;
    if (key === "serials" || key === "quantity") countPieces(this.rowOf(target));
    if (!key || !(target instanceof HTMLInputElement)) return;
    target.removeAttribute("aria-invalid");
    if (key === "item") this.itemTyped(target, event);
    else this.total();
  }

  /**
   * Another text is another item: the chosen one is let go.
   * @param {HTMLInputElement} input
   * @param {Event} event
   */
  itemTyped(input, event) {
    put(this.rowOf(input), "id", "");
    if (!(event instanceof InputEvent && event.isComposing)) this.box?.typed(input);
  }

  /** @param {Event} event */
  committed(event) {
    const target = origin(event);
    const row = target.dataset.k ? this.rowOf(target) : null;
    if (!row) return;
    if (target.dataset.k === "uom") put(row, "price", uomPrice(row) || valueOf(row, "price"));
    else if (target instanceof HTMLInputElement && target.classList.contains("num")) target.value = halfWidth(target.value);
    this.total();
  }

  /** @param {Event} event */
  clicked(event) {
    const target = origin(event);
    if (target.closest(".x")) this.clearRow(this.rowOf(target));
    else if (target.closest("[data-peek]")) this.peek(this.rowOf(target), "stock");
    else if (target.closest("[data-paste]")) this.openPaste();
    else if (target.closest("[data-dismiss]")) need(this, ".unresolved").hidden = true;
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLInputElement} */ (origin(event));
    const key = target.dataset.k;
    if (!key || event.isComposing || holdsPieces(target)) return;
    if (key === "item" && this.box?.pressed(event)) return;
    if (event.ctrlKey || event.metaKey) this.command(event, target, key);
    else if (event.key === "Enter") this.enter(event, target, key);
    else if (event.key in ROW_KEYS && target.tagName === "INPUT") this.moveRow(event, target, key);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} target
   * @param {string} key
   */
  command(event, target, key) {
    const row = this.rowOf(target);
    const act = { d: () => this.copyDown(row), Delete: () => this.clearRow(row), b: () => this.bulk(key) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} target
   * @param {string} key
   */
  enter(event, target, key) {
    event.preventDefault();
    const row = this.rowOf(target);
    if (key === "item" && !event.shiftKey && !hasItem(row)) this.findItem(target);
    else this.step(target, event.shiftKey ? -1 : 1);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} target
   * @param {string} key
   */
  moveRow(event, target, key) {
    event.preventDefault();
    const row = this.rowOf(target);
    const next = event.key === "ArrowDown" ? this.after(row) : row.previousElementSibling;
    if (next) control(/** @type {HTMLElement} */ (next), key)?.focus();
  }

  /**
   * The next or previous cell of the path, over the row's end if need be.
   * @param {HTMLElement} from
   * @param {1 | -1} way
   */
  step(from, way) {
    const row = this.rowOf(from);
    const cells = path(row);
    const next = cells[cells.indexOf(/** @type {any} */ (from)) + way];
    if (next) return next.focus();
    const other = way > 0 ? this.after(row) : row.previousElementSibling;
    if (!other) return undefined;
    const others = path(/** @type {HTMLElement} */ (other));
    return others[way > 0 ? 0 : others.length - 1]?.focus();
  }

  /**
   * Keys of the whole form: F2 scan box, F4 stock, F8 prices.
   * @param {KeyboardEvent} event
   */
  formKey(event) {
    const { current } = this;
    if (event.key === "Enter" && !event.isComposing) return enterInHead(event, this.form, this);
    if (event.key === "F2") field(this, "[data-scan]")?.focus();
    else if (event.key === "F4" && current) this.peek(current, "stock");
    else if (event.key === "F8" && current) this.peek(current, "prices");
    else return undefined;
    event.preventDefault();
    return undefined;
  }

  /** @param {Event} event */
  formInput(event) {
    if (/^(bill_discount|rounding_off|prices_include_tax)$/.test(origin(event).getAttribute("name") ?? "")) this.total();
  }

  // Items

  /**
   * Enter on a text: one hit or an exact code is taken, more are offered.
   * @param {HTMLInputElement} input
   */
  async findItem(input) {
    if (!this.box) return;
    this.box.input = input;
    if (!(await this.box.ask(input.value))) return;
    const [first, second] = this.box.choices;
    if (first && input.value && (!second || first.hasAttribute("data-exact"))) this.box.take(first);
  }

  /**
   * @param {ItemAnswer} answer
   * @param {HTMLInputElement} input
   */
  pick(answer, input) {
    const row = this.rowOf(input);
    fill(row, answer);
    this.changed(row);
    control(row, "quantity")?.focus();
  }

  /**
   * What the server knows by these codes or barcodes, in their order; null for the unknown.
   * @param {string[]} codes
   * @returns {Promise<(ItemAnswer | null)[]>}
   */
  async resolve(codes) {
    try {
      const answer = await postJson(this.withContext(this.dataset.resolve ?? "", {}), { codes });
      return answer.items;
    } catch {
      toast("连不上服务器，编码没有查到，请再试一次。", "bad");
      return codes.map(() => null);
    }
  }

  /**
   * Lists what could not be entered, until the user has seen to it.
   * @param {string[]} texts
   */
  reportUnresolved(texts) {
    const panel = need(this, ".unresolved");
    panel.hidden = false;
    need(panel, "ul").append(...texts.map((text) => make("li", {}, make("code", {}, text), " 没有这个编码或条码")));
  }

  // Row commands

  /** @param {HTMLElement} row */
  clearRow(row) {
    clear(row);
    this.changed(row);
    control(row, "item")?.focus();
  }

  /** @param {HTMLElement} row */
  copyDown(row) {
    const target = isBlank(this.after(row)) ? this.after(row) : this.freeRow(row);
    // A copy is a new line: it does not settle the same source line twice.
    restore(target, { ...snapshot(row), source: "", line: "", serials: "", rejected_serials: "" });
    this.changed(target);
    control(target, "quantity")?.focus();
  }

  /** @param {string} key */
  async bulk(key) {
    const { openBulk } = await import("./grid/bulk.js");
    openBulk(this, key);
  }

  /**
   * @param {HTMLElement} row
   * @param {"stock" | "prices"} what
   */
  async peek(row, what) {
    const { peek } = await import("./grid/peek.js");
    await peek(this, row, what);
  }

  // Paste

  /** @param {ClipboardEvent} event */
  pasted(event) {
    const key = origin(event).dataset.k;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!key || holdsPieces(event.target) || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    this.pasteBlock(text, this.rowOf(origin(event)), key);
  }

  /**
   * @param {string} text
   * @param {HTMLElement} row
   * @param {string} key
   */
  async pasteBlock(text, row, key) {
    const { paste } = await import("./grid/paste.js");
    await paste(this, text, row, key);
    this.edited();
  }

  openPaste() {
    const dialog = /** @type {HTMLDialogElement} */ (need(this, "dialog[data-paste-dialog]"));
    const area = /** @type {HTMLTextAreaElement} */ (need(dialog, "textarea"));
    area.value = "";
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "set" && area.value.trim()) this.pasteBlock(area.value, this.freeRow(), "item");
    };
    dialog.showModal();
  }
}

customElements.define("line-grid", LineGrid);
