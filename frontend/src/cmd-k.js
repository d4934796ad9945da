// <cmd-k>: one box to go anywhere. Ctrl+K; documents, items and partners from the server,
// functions and the last ten pages from here.

import { Combobox } from "./lib/combobox.js";
import { field, find, make, need } from "./lib/dom.js";

const VISITS = 10;
const PAGES = "visited";

/** @typedef {{url: string, title: string}} Visit */

class CommandBox extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.dialog = /** @type {HTMLDialogElement} */ (need(this, "dialog"));
    this.input = /** @type {HTMLInputElement} */ (field(this, "input"));
    this.box = new Combobox({
      list: need(this, "ul"),
      url: (text) => `${this.dataset.url}?q=${encodeURIComponent(text)}`,
      pick: (option) => this.go(option),
      anchored: false,
    });
    this.box.input = this.input;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.box?.pressed(event));
    document.addEventListener("keydown", (event) => this.called(event));
    document.addEventListener("click", (event) => this.clicked(event));
    this.remember();
  }

  /** @param {KeyboardEvent} event */
  called(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    this.show();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("[data-palette]")) this.show();
    else if (target === this.dialog) this.dialog.close();
  }

  show() {
    if (!this.dialog || !this.input || this.dialog.open) return;
    this.input.value = "";
    this.dialog.showModal();
    this.showOwn("");
  }

  typed() {
    const text = this.input?.value.trim() ?? "";
    this.showOwn(text);
    if (text && this.input) this.askServer(text);
  }

  /** @param {string} text */
  async askServer(text) {
    const own = this.ownOptions(text);
    const fresh = await this.box?.ask(text);
    if (!fresh || !this.box) return;
    find(this.box.list, "li.none")?.toggleAttribute("hidden", own.length > 0);
    this.box.list.append(...own);
    this.box.mark(0);
  }

  /**
   * What needs no server: visits when nothing is typed yet, and the functions that match.
   * @param {string} text
   */
  showOwn(text) {
    if (!this.box) return;
    const visits = text ? [] : this.visits().map((visit) => this.option(visit.title, visit.url, "最近"));
    const heading = visits.length ? [make("li", { class: "group", role: "presentation" }, "最近打开")] : [];
    this.box.list.replaceChildren(...heading, ...visits, ...this.ownOptions(text));
    this.box.open();
  }

  /**
   * Functions whose name or 拼音 initials contain the text, under their heading.
   * @param {string} text
   */
  ownOptions(text) {
    const wanted = text.toLowerCase();
    const hits = this.functions().filter(
      (entry) => entry.title.includes(text) || entry.hint.includes(wanted),
    );
    if (!hits.length) return [];
    const options = hits.slice(0, 12).map((entry) => this.option(entry.title, entry.url, "功能"));
    return [make("li", { class: "group", role: "presentation" }, "功能"), ...options];
  }

  /** Quick actions the server lists in a template, then every entry of the menu. */
  functions() {
    const template = /** @type {HTMLTemplateElement | null} */ (find(this, "template"));
    const own = [...(template?.content.querySelectorAll("a") ?? [])];
    const menu = [...document.querySelectorAll("#side a[href]")];
    return [...own, ...menu].map((link) => ({
      title: (link.querySelector("span") ?? link).textContent?.trim() ?? "",
      url: link.getAttribute("href") ?? "",
      hint: link.getAttribute("data-hint") ?? "",
    }));
  }

  /**
   * @param {string} title
   * @param {string} url
   * @param {string} kind
   */
  option(title, url, kind) {
    return make("li", { role: "option", "data-url": url }, title, make("small", {}, kind));
  }

  /** @param {HTMLElement} option */
  go(option) {
    this.dialog?.close();
    if (option.dataset.url) location.assign(option.dataset.url);
  }

  /** @returns {Visit[]} */
  visits() {
    try {
      return JSON.parse(localStorage.getItem(this.visitsKey) ?? "[]");
    } catch {
      return [];
    }
  }

  get visitsKey() {
    return `${PAGES}:${this.dataset.book ?? ""}`;
  }

  /** Puts this page on top of the visits. */
  remember() {
    const title = document.title.split(" · ")[0];
    const url = location.pathname + location.search;
    const others = this.visits().filter((visit) => visit.url !== url);
    try {
      localStorage.setItem(this.visitsKey, JSON.stringify([{ url, title }, ...others].slice(0, VISITS)));
    } catch {
      // Without storage there are no visits to show.
    }
  }
}

customElements.define("cmd-k", CommandBox);
