// Theme, density and the folded menu: chosen here, applied before paint by theme.js.

import { all, find, origin } from "../lib/dom.js";

const root = document.documentElement;

/**
 * @param {string} name
 * @param {string} value
 */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage the choice lasts until the next page.
  }
}

function foldMenu() {
  root.dataset.menu = root.dataset.menu === "narrow" ? "" : "narrow";
  keep("menu", root.dataset.menu);
}

/** Which groups of the menu are open, for the server: the next page comes with them open. */
function keepGroups() {
  const open = all(document, ".side details[open]").map((group) => group.dataset.group);
  document.cookie = `hc_menu=${open.join(".")}; path=/; max-age=31536000; samesite=lax`;
}

function toggleDrawer() {
  if (root.dataset.drawer) delete root.dataset.drawer;
  else root.dataset.drawer = "open";
}

/** @param {string} theme light, dark or system */
function chooseTheme(theme) {
  keep("theme", theme);
  root.dataset.themeWanted = theme;
  document.dispatchEvent(new Event("theme:changed"));
  markChosen();
}

/** @param {string} density compact, roomy or "" */
function chooseDensity(density) {
  root.dataset.density = density;
  keep("density", density);
  markChosen();
}

function markChosen() {
  for (const button of all(document, "[data-theme-is]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeIs === root.dataset.themeWanted));
  }
  for (const button of all(document, "[data-density-is]")) {
    button.setAttribute("aria-pressed", String(button.dataset.densityIs === (root.dataset.density ?? "")));
  }
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = origin(event);
  if (target.closest("[data-fold]")) return foldMenu();
  if (target.closest(".side summary")) setTimeout(keepGroups); // after the click has opened it
  if (target.closest("[data-drawer-toggle]")) return toggleDrawer();
  if (!target.closest(".side")) delete root.dataset.drawer;
  if (target.closest("[data-theme-toggle]")) return chooseTheme(root.dataset.theme === "dark" ? "light" : "dark");
  const theme = /** @type {HTMLElement | null} */ (target.closest("[data-theme-is]"));
  if (theme) return chooseTheme(theme.dataset.themeIs ?? "system");
  const density = /** @type {HTMLElement | null} */ (target.closest("[data-density-is]"));
  if (density) chooseDensity(density.dataset.densityIs ?? "");
  return undefined;
}

export function listenToLooks() {
  document.addEventListener("click", clicked);
  markChosen();
  find(document, ".side [aria-current]")?.scrollIntoView({ block: "nearest" });
}
