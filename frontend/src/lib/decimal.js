// Exact decimal arithmetic on strings and BigInt. No float ever touches a quantity or an amount.

/** @typedef {{units: bigint, places: number}} Exact  value = units / 10^places */

const PLAIN = /^-?\d+(\.\d*)?$|^-?\.\d+$/;

/**
 * What people type with a Chinese input method on: full-width digits and signs become plain ones.
 * @param {string} text
 */
export function halfWidth(text) {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".")
    .replace(/[－−]/g, "-")
    .replace(/[，,\s]/g, "");
}

/**
 * The exact value of a plain decimal, or null when the text is not one.
 * @param {string} text
 * @returns {Exact | null}
 */
export function read(text) {
  const plain = halfWidth(text);
  if (!PLAIN.test(plain)) return null;
  const [whole, decimals = ""] = plain.split(".");
  return { units: BigInt(`${whole}${decimals}`.replace(/^-?$/, "0")), places: decimals.length };
}

/**
 * @param {Exact} a
 * @param {Exact} b
 * @returns {Exact}
 */
export function times(a, b) {
  return { units: a.units * b.units, places: a.places + b.places };
}

/**
 * @param {Exact} a
 * @param {Exact} b
 * @returns {Exact}
 */
export function plus(a, b) {
  const places = Math.max(a.places, b.places);
  return { units: lifted(a, places) + lifted(b, places), places };
}

/**
 * Units of the value at a finer scale.
 * @param {Exact} value
 * @param {number} places at least value.places
 */
function lifted(value, places) {
  return value.units * 10n ** BigInt(places - value.places);
}

/**
 * Whole cents, HALF_UP (away from zero at the half), as the server rounds.
 * @param {Exact} value
 * @returns {bigint}
 */
export function toCents(value) {
  if (value.places <= 2) return lifted(value, 2);
  return halfUp(value.units, 10n ** BigInt(value.places - 2));
}

/**
 * numerator / denominator, rounded HALF_UP.
 * @param {bigint} numerator
 * @param {bigint} denominator above zero
 */
export function halfUp(numerator, denominator) {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  const rounded = (size * 2n + denominator) / (denominator * 2n);
  return negative ? -rounded : rounded;
}

/**
 * 12345 cents → "123.45"; with groups "12,345.00".
 * @param {bigint} cents
 */
export function money(cents) {
  const size = cents < 0n ? -cents : cents;
  const whole = (size / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cents < 0n ? "-" : ""}${whole}.${(size % 100n).toString().padStart(2, "0")}`;
}

/**
 * As people write it: no trailing zeros.
 * @param {Exact} value
 */
export function shown(value) {
  const negative = value.units < 0n;
  const digits = (negative ? -value.units : value.units).toString().padStart(value.places + 1, "0");
  const cut = digits.length - value.places;
  const decimals = digits.slice(cut).replace(/0+$/, "");
  return `${negative ? "-" : ""}${digits.slice(0, cut)}${decimals ? `.${decimals}` : ""}`;
}
