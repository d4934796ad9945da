// After a refusal the first wrong field has the focus.

import { find } from "../lib/dom.js";

/** @param {ParentNode} root */
export function focusFirstError(root) {
  find(root, "[aria-invalid=true]:not([type=hidden])")?.focus();
}

export function listenToErrors() {
  document.addEventListener("htmx:after:swap", () => focusFirstError(document));
  focusFirstError(document);
}
