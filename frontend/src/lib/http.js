// Requests that are not htmx's, with the same CSRF header.

/** @returns {string} */
export function csrfToken() {
  return document.querySelector("meta[name=csrf]")?.getAttribute("content") ?? "";
}

/**
 * Posts JSON and reads JSON.
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function postJson(url, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}
