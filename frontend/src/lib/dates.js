// Dates as people type them. A date is the text "2026-11-24"; arithmetic is in whole UTC days.

/** @type {Record<string, number>} */
const WORDS = { 今天: 0, 今日: 0, 明天: 1, 后天: 2, 昨天: -1, 前天: -2, t: 0 };
const DAY = 86_400_000;

/**
 * The business date: what the server says, else Shanghai's date now.
 * @returns {string}
 */
export function today() {
  const said = document.documentElement.dataset.today;
  return said || new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
}

/**
 * Reads 今天, +7, 24, 1124, 11-24, 11月24日, 20261124, 2026/11/24; null when it is no date.
 * @param {string} text
 * @param {string} base the business date, for relative and short forms
 * @returns {string | null}
 */
export function readDate(text, base) {
  const plain = text.trim().toLowerCase();
  if (plain in WORDS) return addDays(base, WORDS[plain]);
  if (/^[+-]\d{1,4}$/.test(plain)) return addDays(base, Number(plain));
  const parts = plain.replace(/[日号]$/, "").split(/[-/.年月\s]+/);
  const numbers = parts.length === 1 ? splitDigits(parts[0]) : parts;
  if (!numbers || numbers.length > 3 || numbers.some((part) => !/^\d+$/.test(part))) return null;
  return inYear(numbers.map(Number), base);
}

/**
 * "24" → [24]; "1124" → [11, 24]; "261124" and "20261124" → [year, 11, 24].
 * @param {string} digits
 * @returns {string[] | null}
 */
function splitDigits(digits) {
  const { length } = digits;
  if (!/^\d+$/.test(digits) || length > 8 || length === 5 || length === 7) return null;
  if (length <= 2) return [digits];
  const monthDay = [digits.slice(-4, -2), digits.slice(-2)];
  return length <= 4 ? monthDay : [digits.slice(0, -4), ...monthDay];
}

/**
 * @param {number[]} numbers day; month, day; or year, month, day
 * @param {string} base
 */
function inYear(numbers, base) {
  const [baseYear, baseMonth] = base.split("-").map(Number);
  const day = numbers[numbers.length - 1];
  const month = numbers.length > 1 ? numbers[numbers.length - 2] : baseMonth;
  const year = numbers.length > 2 ? numbers[0] : baseYear;
  return iso(year < 100 ? 2000 + year : year, month, day);
}

/**
 * The date as text, or null when the calendar has no such day.
 * @param {number} year
 * @param {number} month 1 to 12
 * @param {number} day
 */
export function iso(year, month, day) {
  const at = new Date(Date.UTC(year, month - 1, day));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real ? at.toISOString().slice(0, 10) : null;
}

/**
 * @param {string} date
 * @param {number} days
 */
export function addDays(date, days) {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/**
 * The 42 days a month's page of a calendar shows, Monday first.
 * @param {string} date any day of the month
 */
export function monthPage(date) {
  const first = `${date.slice(0, 7)}-01`;
  const weekday = (new Date(first).getUTCDay() + 6) % 7;
  return Array.from({ length: 42 }, (_, index) => addDays(first, index - weekday));
}

/**
 * The same day some months away, or that month's last day.
 * @param {string} date
 * @param {number} months
 */
export function addMonths(date, months) {
  const [year, month, day] = date.split("-").map(Number);
  const at = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return at.toISOString().slice(0, 10);
}
