// <reason-box>: verbs that need a reason (作废, 红冲, 驳回) ask for it in a dialog before they are sent;
// one with data-impact first shows what it would change.

import { find, need, origin } from "./lib/dom.js";

class ReasonBox extends HTMLElement {
  /** @type {HTMLButtonElement | undefined} */
  button;
  /** @type {HTMLButtonElement | undefined} the one whose reason is given */
  allowed;

  connectedCallback() {
    if (this.form) return;
    this.form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.dialog = /** @type {HTMLDialogElement} */ (need(this, "dialog"));
    this.form.addEventListener("click", (event) => this.clicked(event), { capture: true });
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const button = /** @type {HTMLButtonElement | null} */ (origin(event).closest("button[data-reason]"));
    if (!button || button === this.allowed) return;
    event.preventDefault();
    event.stopPropagation();
    this.button = button;
    this.ask(button);
  }

  /** @param {HTMLButtonElement} button */
  ask(button) {
    const dialog = /** @type {HTMLDialogElement} */ (this.dialog);
    need(dialog, "[data-what]").textContent = button.dataset.label ?? button.textContent?.trim() ?? "";
    need(dialog, "[data-hint]").textContent = button.dataset.reason ?? "";
    dialog.returnValue = "";
    this.showImpact(button.dataset.impact ?? "");
    dialog.showModal();
    this.area.focus();
  }

  /**
   * What the verb would change, from the server, above the reason.
   * @param {string} url
   */
  async showImpact(url) {
    const place = need(this, "[data-impact-place]");
    place.replaceChildren();
    if (!url) return;
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    const html = await response.text();
    if (response.ok && this.button?.dataset.impact === url) place.innerHTML = html;
  }

  get area() {
    return /** @type {HTMLTextAreaElement} */ (need(this, "textarea"));
  }

  /** Ctrl+Enter in the reason confirms it. @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    find(this, ".pri")?.click();
  }

  closed() {
    if (this.dialog?.returnValue !== "ok" || !this.button || !this.form) return;
    const reason = this.area.value.trim();
    this.area.setAttribute("aria-invalid", String(!reason));
    if (!reason) {
      this.ask(this.button);
      return;
    }
    const hidden = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("reason"));
    hidden.value = reason;
    this.allowed = this.button;
    this.form.requestSubmit(this.button);
    this.allowed = undefined;
  }
}

customElements.define("reason-box", ReasonBox);
