import { spellNumberForms } from "../text/number-forms.js";
import { normalizeUnicode } from "../text/unicode-normalization.js";
import { trimEndMatching } from "../text/linear-search.js";

/*
 * The figures of a text (numbers, parts of dates, versions, addresses) in one spelling, to compare a sentence with its
 * quotes.
 */

const UNITS = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]; // prettier-ignore
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const VALUES = new Map<string, number>([
  ...UNITS.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, index): [string, number] => [word, (index + 2) * 10]),
  ...ORDINALS.map((word, index): [string, number] => [word, index + 3]),
]);
/** Words that multiply the preceding number: "5 million" is "5,000,000" and not "5 billion". */
const SCALES = new Map([
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"'`)\]]+/giu;
const COMPOUND = new RegExp(`\\b(${TENS.join("|")})[- ](${UNITS.slice(1, 10).join("|")})\\b`, "g");
const WORD = new RegExp(`\\b(?:${[...VALUES.keys()].join("|")})\\b`, "g");
const SCALED = new RegExp(`(?<![\\w.,])(\\d[\\d.,]*)[ -](${[...SCALES.keys()].join("|")})s?\\b`, "g");
const SCALE = new RegExp(`\\b(${[...SCALES.keys()].join("|")})s?\\b`, "g");

/** All figures of a text. Number words count as numbers, "1,000" as "1000", "٣" as "3". */
export function findNumbers(text: string): Set<string> {
  return new Set(allFigures(text));
}

function allFigures(text: string): string[] {
  return [...findAddresses(text), ...findPlainNumbers(text)];
}

/** The sentence's figures that occur in none of the quotes, in normalized spelling. */
export function findMissingNumbers(sentence: string, quotes: string[]): string[] {
  const quotedCounts = tally(quotes.flatMap(allFigures));
  const shown = new Set([...quotedCounts.keys(), ...quotes.flatMap(dateAndTimeParts)]);
  // "One" is more often a pronoun than a number, and "the two packages" counts things mentioned before.
  const counted = sentence
    .replace(new RegExp(`\\bone\\b(?! (?:${[...SCALES.keys()].join("|")}))`, "gi"), "·")
    .replace(/\b(the|these|those|its|their)\s+two\b/gi, "$1");
  const used = tally(allFigures(counted));
  return [...used.keys()].filter((figure) => !shown.has(figure) || isOverused(figure));

  /** "4 April and five rounds" does not prove "5 April and five rounds": count how often a figure is used. */
  function isOverused(figure: string): boolean {
    const quotedCount = quotedCounts.get(figure) ?? 0;
    return quotedCount > 0 && (used.get(figure) ?? 0) > quotedCount;
  }
}

/** Counts each figure of a list, in the order of the list. */
function tally(figures: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const figure of figures) counts.set(figure, (counts.get(figure) ?? 0) + 1);
  return counts;
}

function findAddresses(text: string): string[] {
  return Array.from(text.matchAll(ADDRESS), ([address]) =>
    trimEndMatching(address.toLowerCase(), /[.,;:!?]/),
  );
}

function findPlainNumbers(text: string): string[] {
  let spelled = normalizeDigits(text)
    .toLowerCase()
    .replace(COMPOUND, (_, tens: string, unit: string) =>
      String((VALUES.get(tens) ?? 0) + (VALUES.get(unit) ?? 0)),
    )
    .replace(WORD, (word) => String(VALUES.get(word)));
  // Twice, for "5 hundred thousand".
  for (let times = 0; times < 2; times++) {
    spelled = spelled.replace(SCALED, (_, number: string, scale: string) =>
      String(
        Math.round(Number(normalizeSpelling(number).replace(/\.$/, "")) * (SCALES.get(scale) ?? 1) * 1e6) /
          1e6,
      ),
    );
  }
  return [
    ...Array.from(spelled.matchAll(/\d+(?:[.,:]\d+)*(?:\^-?\d+)?/g), ([number]) =>
      expandPower(number),
    ).flat(),
    ...Array.from(spelled.matchAll(SCALE), ([, scale = ""]) => scale),
  ];
}

/** "10^6" is one figure. With other bases, the superscript may be a note mark, so the base counts as well. */
function expandPower(number: string): string[] {
  const [base = "", exponent] = number.split("^");
  if (exponent === undefined) return [normalizeSpelling(number)];
  const power = `${normalizeSpelling(base)}^${exponent}`;
  return base === "2" || base === "10" ? [power] : [normalizeSpelling(base), power];
}

/** Parts of dates and times: a sentence may say "10" for "10:15", and "2026" for "22.11.2026". */
function dateAndTimeParts(text: string): string[] {
  const parts = Array.from(
    normalizeDigits(text).matchAll(/(?<!\d)\d+(?::\d+)+|\d{1,2}\.\d{1,2}\.\d{2,4}(?![.\d])/g),
    ([number]) => number.split(/[:.]/).map(normalizeSpelling),
  ).flat();
  // "2^32" may be written as "2 to the power of 32".
  const powers = Array.from(text.matchAll(/(?<!\d)(\d+)\^(\d+)/g), ([, base = "", exponent = ""]) => [
    normalizeSpelling(base),
    normalizeSpelling(exponent),
  ]);
  return [...parts, ...powers.flat()];
}

/** NFKC, with digits of all scripts as ASCII and without spaces between thousands. */
function normalizeDigits(given: string): string {
  const text = spellNumberForms(given).replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "");
  return normalizeUnicode(text, "NFKC")
    .replace(/\s+/g, " ")
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** In Unicode, decimal digits are runs of ten, starting with zero. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 0x80) return code - 0x30;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

function normalizeSpelling(number: string): string {
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number) ? number.replaceAll(",", "") : number;
  return plain.replace(/^0+(?=\d)/, "");
}
