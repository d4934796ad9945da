// node --test: the preview arithmetic, the capitals and the reading of dates.

import assert from "node:assert/strict";
import { test } from "node:test";
import { capitals } from "../src/lib/capitals.js";
import { addMonths, monthPage, readDate } from "../src/lib/dates.js";
import { halfUp, halfWidth, money, plus, read, shown, toCents } from "../src/lib/decimal.js";
import { block } from "../src/grid/paste.js";
import { lineCents, sharesOf, taxCents } from "../src/grid/totals.js";

const line = (quantity, price, discount = "100") =>
  lineCents({ quantity, price, discount, taxRate: "13", priceHasTax: true });

test("a line is rounded half up to the cent, without floats", () => {
  assert.equal(line("3", "0.335"), 101n);
  assert.equal(line("1", "1.005"), 101n);
  assert.equal(line("13", "210.35", "90"), 246110n);
  assert.equal(line("0.333333", "3"), 100n);
  assert.equal(line("999999999999", "9999.9999"), 999999989999000000n);
  assert.equal(lineCents({ quantity: "1", price: "100", discount: "", taxRate: "13", priceHasTax: false }), 11300n);
});

test("what is not a number has no amount", () => {
  for (const text of ["", "abc", "1e5", "NaN", "-", ".", "1.2.3"]) assert.equal(line(text, "1"), null, text);
});

test("tax is taken out of the gross amount", () => {
  assert.equal(taxCents(11300n, "13"), 1300n);
  assert.equal(taxCents(10000n, "0"), 0n);
  assert.equal(taxCents(1n, "13"), 0n);
  assert.equal(taxCents(10000n, "x"), 0n);
});

test("a discount on the whole is shared to the cent, the earlier line first", () => {
  assert.deepEqual(sharesOf(100n, [100n, 100n, 100n]), [34n, 33n, 33n]);
  assert.deepEqual(sharesOf(708n, [1001n, 3000n, 7n]), [177n, 530n, 1n]);
  assert.deepEqual(sharesOf(5n, [0n, 10n]), [0n, 5n]);
  assert.deepEqual(sharesOf(11n, [0n, 10n]), [0n, 0n]);
  assert.deepEqual(sharesOf(0n, [3n]), [0n]);
});

test("rounding is away from zero on both sides", () => {
  assert.equal(halfUp(5n, 10n), 1n);
  assert.equal(halfUp(-5n, 10n), -1n);
  assert.equal(halfUp(-4n, 10n), 0n);
});

test("numbers are shown as people write them", () => {
  assert.equal(money(1234567n), "12,345.67");
  assert.equal(money(-5n), "-0.05");
  assert.equal(shown(read("12.500")), "12.5");
  assert.equal(shown(plus(read("0.1"), read("0.2"))), "0.3");
  assert.equal(toCents(read("12")), 1200n);
  assert.equal(halfWidth("１２．５"), "12.5");
});

test("capitals follow the rules for bills", () => {
  const known = {
    0: "零元整", 5: "伍分", 10: "壹角整", 100: "壹元整", 1000: "壹拾元整", 10005: "壹佰元零伍分",
    14267957: "壹拾肆万贰仟陆佰柒拾玖元伍角柒分", 1000000: "壹万元整", 10000100: "壹拾万零壹元整",
    100000000000: "壹拾亿元整", 10000100001: "壹亿零壹仟元零壹分", 101010: "壹仟零壹拾元壹角整",
  };
  for (const [cents, words] of Object.entries(known)) assert.equal(capitals(BigInt(cents)), words, cents);
  assert.equal(capitals(-30n), "负叁角整");
});

test("dates are read the way people type them", () => {
  const base = "2026-11-24";
  const known = {
    今天: base, 明天: "2026-11-25", 昨天: "2026-11-23", "+7": "2026-12-01", "-24": "2026-10-31", 1124: base,
    "11-24": base, "11/2": "2026-11-02", "11月24日": base, 5: "2026-11-05", 20260228: "2026-02-28",
    260228: "2026-02-28", "2026-2-8": "2026-02-08", "2026/11/24": base, "2026年1月2日": "2026-01-02", 228: "2026-02-28",
  };
  for (const [text, date] of Object.entries(known)) assert.equal(readDate(text, base), date, text);
  for (const text of ["", "2026-02-30", "1340", "abc", "11-", "1-2-3-4", "99999"]) assert.equal(readDate(text, base), null, text);
});

test("a calendar page starts on Monday and months keep their length", () => {
  assert.equal(monthPage("2026-11-24")[0], "2026-10-26");
  assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
  assert.equal(addMonths("2026-12-15", 1), "2027-01-15");
});

test("a pasted block loses its heading and empty rows, nothing else", () => {
  assert.deepEqual(block("编码\t数量\r\nA1\t2\r\n\r\nB2\t\t3\n"), [["A1", "2"], ["B2", "", "3"]]);
  assert.deepEqual(block("A1"), [["A1"]]);
});
