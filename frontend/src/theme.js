// Classic script in <head>, before the first paint: theme, density and folded menu without a flash.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function stored(/** @type {string} */ name) {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return ""; // storage may be switched off; the page works without it
    }
  }

  function apply() {
    const wanted = stored("theme") || root.dataset.themeWanted || "system";
    root.dataset.themeWanted = wanted;
    root.dataset.theme = wanted === "system" ? (dark.matches ? "dark" : "light") : wanted;
  }

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("theme:changed", apply);
  root.dataset.menu = stored("menu");
  root.dataset.density = stored("density");
})();
