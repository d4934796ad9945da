// 大写金额, the preview of hengcang/kernel/amount_words.py: same sentences, own code.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿", "亿亿"];

/**
 * An amount in capitals, e.g. 壹拾元整, 壹佰元零伍分.
 * @param {bigint} cents
 */
export function capitals(cents) {
  const size = cents < 0n ? -cents : cents;
  const whole = wholeWords(size / 100n);
  const sign = cents < 0n ? "负" : "";
  const jiao = Number((size / 10n) % 10n);
  const fen = Number(size % 10n);
  if (!jiao && !fen) return `${sign}${whole || "零"}元整`;
  const yuan = whole ? `${whole}元` : "";
  const gap = whole ? "零" : "";
  return `${sign}${yuan}${jiao ? `${DIGITS[jiao]}角` : gap}${fen ? `${DIGITS[fen]}分` : "整"}`;
}

/** @param {bigint} number */
function wholeWords(number) {
  let text = "";
  let gap = false;
  for (const [index, group] of groupsOf(number)) {
    if (group) {
      if (text && (gap || group < 1000)) text += DIGITS[0];
      text += groupWords(group) + GROUPS[index];
    }
    gap = !group;
  }
  return text;
}

/**
 * Four digits at a time, highest first, with the index of the group.
 * @param {bigint} number
 * @returns {[number, number][]}
 */
function groupsOf(number) {
  /** @type {[number, number][]} */
  const groups = [];
  for (let rest = number; rest; rest /= 10_000n) groups.unshift([groups.length, Number(rest % 10_000n)]);
  return groups;
}

/** @param {number} group 1 to 9999 */
function groupWords(group) {
  let text = "";
  let gap = false;
  for (const place of [3, 2, 1, 0]) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit) text += (gap ? DIGITS[0] : "") + DIGITS[digit] + PLACES[place];
    gap = Boolean(text) && !digit;
  }
  return text;
}
