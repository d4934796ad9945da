// The preview of a document's totals, in whole cents. The server counts again and its word stands:
// each line is rounded to the cent HALF_UP, then lines are added.

import { capitals } from "../lib/capitals.js";
import { halfUp, money, plus, read, shown, times, toCents } from "../lib/decimal.js";
import { field, find } from "../lib/dom.js";
import { comesBack, hasItem, show, valueOf } from "./rows.js";

/** @typedef {import("../lib/decimal.js").Exact} Exact */

/** @type {Exact} */
const NOTHING = { units: 0n, places: 0 };
/** @type {Exact} */
const WHOLE = { units: 100n, places: 0 };

/**
 * Gross amount of a line in cents; null while a number cannot be read.
 * @param {{quantity: string, price: string, discount: string, taxRate: string, priceHasTax: boolean}} line
 * @returns {bigint | null}
 */
export function lineCents({ quantity, price, discount, taxRate, priceHasTax }) {
  const factors = [read(quantity), read(price), read(discount || "100")];
  if (factors.some((factor) => factor === null)) return null;
  const [count, each, percent] = /** @type {Exact[]} */ (factors);
  const base = times(times(count, each), hundredth(percent));
  if (priceHasTax) return toCents(base);
  return toCents(times(base, hundredth(plus(WHOLE, read(taxRate) ?? NOTHING))));
}

/**
 * @param {Exact} percent
 * @returns {Exact}
 */
function hundredth(percent) {
  return { units: percent.units, places: percent.places + 2 };
}

/**
 * Tax contained in a gross amount, cents.
 * @param {bigint} gross cents
 * @param {string} taxRate percent
 */
export function taxCents(gross, taxRate) {
  const rate = read(taxRate) ?? NOTHING;
  if (rate.units <= 0n) return 0n;
  return halfUp(gross * rate.units, 100n * 10n ** BigInt(rate.places) + rate.units);
}

/**
 * @param {HTMLElement} row
 * @param {boolean} priceHasTax
 */
function amountOf(row, priceHasTax) {
  const cents = lineCents({
    quantity: valueOf(row, "quantity"),
    price: valueOf(row, "price"),
    discount: valueOf(row, "discount"),
    taxRate: valueOf(row, "tax_rate"),
    priceHasTax,
  });
  return cents !== null && comesBack(row) ? -cents : cents;
}

/**
 * Cents that are taken off the whole document: typed, and carried from its sources.
 * @param {HTMLElement} form
 */
function takenOff(form) {
  const carried = find(form, "[data-carried]")?.dataset.carried?.replaceAll(",", "") ?? "0";
  const typed = ["bill_discount", "rounding_off"].map((name) => field(form, `[name=${name}]`)?.value || "0");
  return [carried, ...typed].reduce((sum, text) => sum + toCents(read(text) ?? NOTHING), 0n);
}

/**
 * An amount over the lines by their weights: cut to the cent, the cents that are left to the largest
 * remainders, the earlier line first.
 * @param {bigint} off cents
 * @param {bigint[]} weights cents
 * @returns {bigint[]}
 */
export function sharesOf(off, weights) {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (off <= 0n || off > whole) return weights.map(() => 0n);
  const shares = weights.map((weight) => (off * weight) / whole);
  const order = weights.map((weight, n) => ({ n, rest: (off * weight) % whole }));
  order.sort((a, b) => (a.rest === b.rest ? a.n - b.n : a.rest < b.rest ? 1 : -1));
  const missing = Number(off - shares.reduce((sum, share) => sum + share, 0n));
  for (const { n } of order.slice(0, missing)) shares[n] += 1n;
  return shares;
}

/**
 * Shows the amount of each line and the totals under the grid.
 * @param {HTMLElement[]} rows
 * @param {HTMLElement} form
 * @param {boolean} priceHasTax
 */
export function preview(rows, form, priceHasTax) {
  const lines = rows.filter(hasItem);
  let [amount, back, quantity] = [0n, 0n, NOTHING];
  /** @type {{cents: bigint, rate: string}[]} */
  const counted = [];
  for (const row of lines) {
    const cents = amountOf(row, priceHasTax);
    show(row, "amount", cents === null ? "" : money(cents));
    quantity = plus(quantity, read(valueOf(row, "quantity")) ?? NOTHING);
    amount += cents ?? 0n;
    if (comesBack(row)) back -= cents ?? 0n;
    counted.push({ cents: cents ?? 0n, rate: valueOf(row, "tax_rate") });
  }
  const off = takenOff(form);
  const due = amount - off;
  const shares = sharesOf(off, counted.map(({ cents }) => cents));
  const tax = counted.reduce((sum, { cents, rate }, n) => sum + taxCents(cents - shares[n], rate), 0n);
  showTotals(form, { rows: String(lines.length), quantity: shown(quantity), amount: money(amount), tax: money(tax),
    net: money(amount - tax), due: money(due), words: capitals(due), out: money(amount + back), back: money(back) });
}

/**
 * @param {HTMLElement} form
 * @param {Record<string, string>} totals
 */
function showTotals(form, totals) {
  for (const [name, text] of Object.entries(totals)) {
    const target = find(form, `[data-t="${name}"]`);
    if (target) target.textContent = text;
  }
}
