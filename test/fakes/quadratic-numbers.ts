/*
 * As `src/core/evidence/numbers.ts` was before it took linear time: what it finds must stay the same.
 *
 * The figures of a text: numbers, dates' parts, versions and addresses, in one spelling, so that a
 * sentence can be held against its quotes.
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
/** Words that multiply what stands before them: "5 million" is "5,000,000" and not "5 billion". */
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

/** Every figure of a text. Number words count as their numbers, "1,000" as "1000", "٣" as "3". */
function figures(text: string): Set<string> {
  return new Set(allOf(text));
}

function allOf(text: string): string[] {
  return [...addressesOf(text), ...numbersOf(text)];
}

/** The sentence's figures that stand in none of the quotes, in that one spelling. */
export function missingFiguresBefore(sentence: string, quotes: string[]): string[] {
  const shown = new Set(quotes.flatMap((quote) => [...figures(quote), ...partsOf(quote)]));
  // "One" is a pronoun more often than a number; "the two packages" counts what is at hand.
  const counted = sentence
    .replace(new RegExp(`\\bone\\b(?! (?:${[...SCALES.keys()].join("|")}))`, "gi"), "·")
    .replace(/\b(the|these|those|its|their)\s+two\b/gi, "$1");
  return [...figures(counted)].filter((figure) => !shown.has(figure) || isOverused(figure));

  /** "4 April and five rounds" does not show "5 April and five rounds": a figure is used as often as it stands. */
  function isOverused(figure: string): boolean {
    const count = (text: string): number => allOf(text).filter((each) => each === figure).length;
    const there = quotes.reduce((sum, quote) => sum + count(quote), 0);
    return there > 0 && count(counted) > there;
  }
}

function addressesOf(text: string): string[] {
  return Array.from(text.matchAll(ADDRESS), ([address]) => address.toLowerCase().replace(/[.,;:!?]+$/, ""));
}

function numbersOf(text: string): string[] {
  let spelled = digits(text)
    .toLowerCase()
    .replace(COMPOUND, (_, tens: string, unit: string) =>
      String((VALUES.get(tens) ?? 0) + (VALUES.get(unit) ?? 0)),
    )
    .replace(WORD, (word) => String(VALUES.get(word)));
  // Twice, for "5 hundred thousand".
  for (let times = 0; times < 2; times++) {
    spelled = spelled.replace(SCALED, (_, number: string, scale: string) =>
      String(Math.round(Number(spell(number).replace(/\.$/, "")) * (SCALES.get(scale) ?? 1) * 1e6) / 1e6),
    );
  }
  return [
    ...Array.from(spelled.matchAll(/\d+(?:[.,:]\d+)*/g), ([number]) => spell(number)),
    ...Array.from(spelled.matchAll(SCALE), ([, scale = ""]) => scale),
  ];
}

/** The day's and the hour's parts: a sentence may say "10" of "10:15", and "2026" of "22.11.2026". */
function partsOf(text: string): string[] {
  return Array.from(digits(text).matchAll(/\d+(?::\d+)+|\d{1,2}\.\d{1,2}\.\d{2,4}(?![.\d])/g), ([number]) =>
    number.split(/[:.]/).map(spell),
  ).flat();
}

/** NFKC, all scripts' digits as ours, blanks between thousands gone. */
function digits(text: string): string {
  return text
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "")
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Decimal digits stand in runs of ten, from zero on. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 0x80) return code - 0x30;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

function spell(number: string): string {
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number) ? number.replaceAll(",", "") : number;
  return plain.replace(/^0+(?=\d)/, "");
}
