// Typed access to the document, so that the islands read like sentences.

/**
 * The element, which must be there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function need(root, selector) {
  const element = root.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`missing ${selector}`);
  return element;
}

/**
 * The element if it is there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function find(root, selector) {
  return /** @type {HTMLElement | null} */ (root.querySelector(selector));
}

/**
 * An input if it is there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLInputElement | null}
 */
export function field(root, selector) {
  return /** @type {HTMLInputElement | null} */ (root.querySelector(selector));
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function all(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
}

/**
 * A new element with attributes and text. Text, never markup: nothing a user typed becomes HTML.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * The element an event came from.
 * @param {Event} event
 * @returns {HTMLElement}
 */
export function origin(event) {
  return /** @type {HTMLElement} */ (event.target);
}

/**
 * Whether a key press belongs to a text the user is writing.
 * @param {KeyboardEvent} event
 */
export function isTyping(event) {
  if (event.isComposing) return true;
  const target = origin(event);
  return target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

/**
 * Adds a popover to the page: outside any form, where a morph cannot tear it, inside an open modal
 * dialog if its field is there.
 * @param {HTMLElement} popover
 * @param {HTMLElement} owner
 */
export function addPopover(popover, owner) {
  const home = owner.closest("dialog") ?? document.querySelector("main") ?? document.body;
  home.append(popover);
}

/**
 * Puts a popover (position: fixed) under its field, or above when there is no room below.
 * @param {HTMLElement} popover
 * @param {HTMLElement} anchor
 */
export function placeUnder(popover, anchor) {
  const box = anchor.getBoundingClientRect();
  const fitsBelow = box.bottom + popover.offsetHeight + 8 <= innerHeight;
  const top = fitsBelow ? box.bottom + 2 : Math.max(8, box.top - popover.offsetHeight - 2);
  const left = Math.max(8, Math.min(box.left, innerWidth - popover.offsetWidth - 8));
  popover.style.top = `${top}px`;
  popover.style.left = `${left}px`;
}
