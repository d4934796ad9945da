// <list-tools>: keys J K X Enter on rows, selection with its bar, and the choice of columns.

import { all, field, find, isTyping, need, origin } from "./lib/dom.js";

const sheet = new CSSStyleSheet();

class ListTools extends HTMLElement {
  connectedCallback() {
    if (this.at !== undefined) return;
    this.at = -1;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((each) => each !== sheet), sheet];
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.pressed(event);
    this.onSwap = () => this.refreshed();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:swap", this.onSwap);
    document.addEventListener("change", this);
    this.showColumns();
    this.count();
  }

  disconnectedCallback() {
    if (this.onKey) document.removeEventListener("keydown", this.onKey);
    if (this.onSwap) document.removeEventListener("htmx:after:swap", this.onSwap);
    document.removeEventListener("change", this);
    this.at = undefined;
  }

  /** @returns {HTMLElement[]} */
  get rows() {
    return all(this, "tbody tr[data-row]");
  }

  // Moving

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || find(document, "dialog[open]")) return;
    if (event.key === "Enter" && origin(event).closest("a, button, summary")) return;
    const act = {
      j: () => this.move(1),
      k: () => this.move(-1),
      x: () => this.toggle(),
      Enter: () => this.openRow(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {number} step */
  move(step) {
    const rows = this.rows;
    if (!rows.length) return;
    this.at = Math.max(0, Math.min(rows.length - 1, (this.at ?? -1) + step));
    rows.forEach((row, index) => row.classList.toggle("at", index === this.at));
    const row = rows[this.at];
    row.scrollIntoView({ block: "nearest" });
    // The row's link takes the focus, so that screen readers hear where we are.
    find(row, "a.no")?.focus({ preventScroll: true });
  }

  toggle() {
    const box = this.rows[this.at ?? -1] && field(this.rows[this.at ?? -1], "input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    this.count();
  }

  openRow() {
    find(this.rows[this.at ?? -1] ?? this, "tr.at a.no, :scope a.no")?.click();
  }

  refreshed() {
    this.at = -1;
    this.count();
  }

  // Selecting

  /** @param {Event} event */
  handleEvent(event) {
    const target = origin(event);
    if (!(target instanceof HTMLInputElement)) return;
    if (target.dataset.col) this.chooseColumn(target.dataset.col, target.checked);
    if (target.matches("[data-all]")) this.selectAll(target.checked);
    if (this.contains(target)) this.count();
  }

  /** @param {boolean} wanted */
  selectAll(wanted) {
    for (const box of /** @type {HTMLInputElement[]} */ (all(this, "tbody input[name=id]"))) box.checked = wanted;
  }

  count() {
    const bar = find(document, ".bulk");
    if (!bar) return;
    const count = all(this, "tbody input[name=id]:checked").length;
    bar.hidden = count === 0;
    need(bar, "b").textContent = String(count);
  }

  // Columns

  get columnsKey() {
    return `columns:${this.dataset.list ?? ""}`;
  }

  /**
   * What this browser chose, over what the server proposes.
   * @returns {Record<string, boolean>}
   */
  get chosen() {
    try {
      return JSON.parse(localStorage.getItem(this.columnsKey) ?? "{}");
    } catch {
      return {};
    }
  }

  /**
   * @param {string} column
   * @param {boolean} wanted
   */
  chooseColumn(column, wanted) {
    localStorage.setItem(this.columnsKey, JSON.stringify({ ...this.chosen, [column]: wanted }));
    this.showColumns();
  }

  /** Hides columns by a rule, so that rows that arrive later obey too. */
  showColumns() {
    const chosen = this.chosen;
    const rules = [];
    for (const box of /** @type {HTMLInputElement[]} */ (all(document, "[data-col]"))) {
      const column = box.dataset.col ?? "";
      box.checked = chosen[column] ?? box.defaultChecked;
      if (!box.checked) rules.push(`.list .c-${CSS.escape(column)}{display:none!important}`);
    }
    sheet.replaceSync(rules.join(""));
  }
}

customElements.define("list-tools", ListTools);
