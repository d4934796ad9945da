// <date-box>: a text field that reads 1124, 11-24, 今天, +7, with a calendar on the button or ↓.

import { addDays, addMonths, monthPage, readDate, today } from "./lib/dates.js";
import { addPopover, field, make, need, placeUnder } from "./lib/dom.js";

const WEEKDAYS = ["一", "二", "三", "四", "五", "六", "日"];
/** @type {Record<string, number>} */
const DAY_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
/** @type {Record<string, number>} */
const MONTH_STEPS = { PageUp: -1, PageDown: 1 };

class DateBox extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = /** @type {HTMLInputElement} */ (field(this, "input"));
    this.input.addEventListener("change", () => this.normalise());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    need(this, "button").addEventListener("click", () => this.toggle());
  }

  disconnectedCallback() {
    this.close();
  }

  /** What was typed becomes 2026-11-24; what cannot be read stays for the server to explain. */
  normalise() {
    const input = this.input;
    if (!input || !input.value.trim()) return;
    const date = readDate(input.value, today());
    if (date) input.value = date;
    input.setAttribute("aria-invalid", String(!date));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") this.normalise();
    if (event.key !== "ArrowDown" || !this.input) return;
    event.preventDefault();
    this.open();
  }

  toggle() {
    if (this.calendar) this.close();
    else this.open();
  }

  open() {
    if (!this.input || this.calendar) return;
    this.day = readDate(this.input.value, today()) ?? today();
    this.calendar = make("div", { class: "calendar", role: "dialog", "aria-label": "选择日期" });
    this.calendar.addEventListener("keydown", (event) => this.moved(event));
    this.calendar.addEventListener("click", (event) => this.clicked(event));
    addPopover(this.calendar, this);
    this.draw();
    placeUnder(this.calendar, this.input);
    this.away = (/** @type {Event} */ event) => this.leave(event);
    document.addEventListener("pointerdown", this.away);
  }

  /** @param {Event} event */
  leave(event) {
    const target = /** @type {Node} */ (event.target);
    if (!this.calendar?.contains(target) && !this.contains(target)) this.close();
  }

  close() {
    if (!this.calendar) return;
    this.calendar.remove();
    this.calendar = undefined;
    if (this.away) document.removeEventListener("pointerdown", this.away);
  }

  draw() {
    if (!this.calendar || !this.day) return;
    const [year, month] = this.day.split("-").map(Number);
    const header = make(
      "header",
      {},
      make("button", { type: "button", class: "btn ghost", "data-months": "-1", "aria-label": "上个月" }, "‹"),
      make("b", { "aria-live": "polite" }, `${year} 年 ${month} 月`),
      make("button", { type: "button", class: "btn ghost", "data-months": "1", "aria-label": "下个月" }, "›"),
    );
    const head = make("tr", {}, ...WEEKDAYS.map((name) => make("th", { scope: "col" }, name)));
    const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...this.weeks(this.day)));
    this.calendar.replaceChildren(header, table);
    need(this.calendar, "[aria-selected=true]").focus();
  }

  /** @param {string} chosen */
  weeks(chosen) {
    const days = monthPage(chosen);
    return [0, 1, 2, 3, 4, 5].map((week) =>
      make("tr", {}, ...days.slice(week * 7, week * 7 + 7).map((day) => this.cell(day, chosen))),
    );
  }

  /**
   * @param {string} day
   * @param {string} chosen
   */
  cell(day, chosen) {
    const selected = day === chosen;
    const button = make("button", {
      type: "button",
      "data-day": day,
      "aria-label": `${Number(day.slice(8))} 日，${day}`,
      "aria-selected": String(selected),
      role: "gridcell",
      tabindex: selected ? "0" : "-1",
      class: day.slice(0, 7) === chosen.slice(0, 7) ? "" : "other",
    }, String(Number(day.slice(8))));
    if (day === today()) button.setAttribute("aria-current", "date");
    return make("td", { role: "presentation" }, button);
  }

  /** @param {KeyboardEvent} event */
  moved(event) {
    if (!this.day) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      this.input?.focus();
    } else if (event.key in DAY_STEPS) this.show(event, addDays(this.day, DAY_STEPS[event.key]));
    else if (event.key in MONTH_STEPS) this.show(event, addMonths(this.day, MONTH_STEPS[event.key]));
  }

  /**
   * @param {Event} event
   * @param {string} day
   */
  show(event, day) {
    event.preventDefault();
    this.day = day;
    this.draw();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button || !this.day) return;
    if (button.dataset.months) this.show(event, addMonths(this.day, Number(button.dataset.months)));
    else if (button.dataset.day) this.choose(button.dataset.day);
  }

  /** @param {string} day */
  choose(day) {
    this.close();
    if (!this.input) return;
    this.input.value = day;
    this.input.focus();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("date-box", DateBox);
