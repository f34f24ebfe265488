import { countMembers } from "./enumerations.js";
import { detectLanguage } from "../text/language.js";
import { spellNumberForms } from "../text/number-forms.js";
import { normalizeUnicode } from "../text/unicode-normalization.js";
import { replaceRanges, trimEndMatching } from "../text/linear-search.js";
import { blankDates, findDates, isSameDate, type FoundDate } from "./dates.js";
import {
  SCALE_VALUES,
  writeCompoundNumbers,
  writeNumberWords,
  writeShareWords,
  writeSinglePeriods,
} from "./number-words.js";
import { isDerivedNumber, type DerivationSource, type DerivedNumber } from "./derived-numbers.js";
import {
  findLooseShares,
  findShares,
  findSharesApart,
  isPercentage,
  isRatio,
  isSameShare,
  type Share,
} from "./shares.js";
import { findUnit, joinUnitWords, type Unit } from "./units.js";

/*
 * The figures of a text (numbers with their units, dates, versions, addresses) in one spelling, to compare a sentence with
 * its quotes.
 */

/** A number with what belongs to it. */
interface Quantity {
  /** As written, with its unit. */
  text: string;
  /** The number in one spelling: "1000" for "1,000" and "1 thousand". "1.500" has two where the text is German. */
  readings: string[];
  unit: Unit | null;
  /** The unit after "per"; null if there is none. */
  per: Unit | null;
  /** What a word such as "million" multiplies it by; 1 without one. */
  scale: number;
  /** The range of what is written, without a symbol before it; −1 for what has no place. */
  start: number;
  end: number;
}

/** The figures of a text. */
interface Figures {
  quantities: Quantity[];
  dates: FoundDate[];
  shares: Share[];
  /** The text without dates, in which quantities have their places. */
  rest: string;
  /** The normalized text, for units that stand apart from their numbers, as in the head of a table. */
  plain: string;
}

const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"'`)\]]+/giu;
const SCALES = [...SCALE_VALUES.keys()].join("|");
const NUMBER = /(?<![\d.,]\/)(?<!\d)\d{1,3}\/\d{1,3}(?!\/|\.?\d)|\d+(?:[.,:]\d+)*(?:\^-?\d+)?/g;
const CURRENCY_BEFORE = /(?:US\$|A\$|C\$|[$€£¥₹₽]|(?<!\p{L})(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|CNY|INR)) ?$/u;
const SCALE_AFTER = new RegExp(`^[ -]?(?:(${SCALES})s?\\.?(?!\\p{L}))`, "iu");
const LETTER_AFTER = /^([kKMBTm]|bn|mn|tn)(?![\p{L}\p{N}/^])/u;
const LETTERS = new Map([["k", 1e3], ["K", 1e3], ["M", 1e6], ["m", 1e6], ["mn", 1e6], ["B", 1e9], ["bn", 1e9], ["T", 1e12], ["tn", 1e12]]); // prettier-ignore
const UNIT_AFTER = /^[ -]{0,2}(?:of )?(US\$|[AC]\$|[%$€£¥₹₽¢]|°[CF]|[\p{L}μ_]+(?:\^[23])?)/u;
const PER_AFTER =
  /^(?: ?\/ ?| per | pro | an? (?=(?:second|minute|hour|day|week|month|year)(?!\p{L})))([\p{L}]+)/u;
/** Number of characters around a number that are searched for its unit. */
const REACH = 40;

/** All figures of a text. Number words count as numbers, "1,000" as "1000", "٣" as "3". */
export function findNumbers(text: string): Set<string> {
  const { quantities, dates } = readFigures(text);
  const months = dates.flatMap(({ readings }) => readings.map(({ month }) => String(month)));
  const numbers = quantities.flatMap(({ readings }) => readings[0] ?? []);
  return new Set([...numbers, ...dates.flatMap(dateFigures), ...months]);
}

/** The sentence's figures that occur in none of the quotes: alone in normalized spelling, with a unit as written. */
export function findMissingNumbers(sentence: string, quotes: string[]): string[] {
  // "One" is more often a pronoun than a number, and "the two packages" counts things mentioned before.
  const counted = writeSinglePeriods(writeShareWords(writeCompoundNumbers(sentence)))
    .replace(ONE, "·")
    .replace(/\b(the|these|those|its|their)\s+two\b(?!\s+(?:hundred|thousand|million|billion|dozen))/gi, "$1")
    .replace(/\b(die|den|der|diese[rn]?|beiden)\s+zwei(?!\p{L})/giu, "$1");
  const shown = quotes.map((quote) => {
    const figures = readFigures(quote);
    return {
      ...figures,
      quantities: [...figures.quantities, ...findRangeStarts(figures)],
      shares: [...figures.shares, ...findLooseShares(quote), ...findSharesApart(figures.rest)],
    };
  });
  const quoted = indexQuantities(shown, quotes);
  // "84 000" is one number where the quotes have it.
  const used = readFigures(
    counted.replace(SPACED, (whole) =>
      quoted.has(whole.replaceAll(" ", "")) ? whole.replaceAll(" ", "") : whole,
    ),
  );
  const counts = tally(used.quantities);
  const sources = shown.map(toSource);
  const members = new Set([sentence, ...quotes].flatMap((text) => [...countMembers(text)].map(String)));
  const missing: string[] = [];
  const starts = new Map(findRangeStarts(used).map((each) => [each.start, each]));
  for (const quantity of used.quantities) {
    if (isShareShown(quantity, used.shares, shown) || isBetweenYears(quantity, shown)) continue;
    const [reading = ""] = quantity.readings;
    const problem = [quantity, starts.get(quantity.start) ?? quantity].some(
      (each) => quoted.find(each) === null,
    )
      ? null
      : quoted.find(quantity);
    if (problem !== null && isRestShown(quantity, used.shares, sentence, shown)) continue;
    const isDerived =
      problem !== null && hasPlace(quantity) && isDerivedNumber(toDerived(quantity, used.rest), sources);
    if (isDerived || (problem === "absent" && quantity.unit === null && members.has(reading))) continue;
    if (problem === "other unit") missing.push(quantity.text);
    else if (problem === "absent") missing.push(reading);
    // "4 April and five rounds" does not prove "5 April and five rounds": count how often a figure is used.
    else if (quoted.count(reading) > 0 && (counts.get(reading) ?? 0) > quoted.count(reading))
      missing.push(reading);
  }
  for (const date of used.dates)
    if (!isDateShown(date, shown, quoted)) missing.push(...missingParts(date, quoted));
  return [...new Set(missing)];
}

// Not in an address or an identifier.
const ONE = new RegExp(`(?<![^\\s([{"'“‘])one\\b(?![./-]\\w|\\s+(?:${SCALES}))`, "gi");

/** A number with plain spaces between its thousands. */
const SPACED = /(?<![\d.,:/^-] ?)\d{1,3}(?: \d{3}){1,4}(?! ?\d|[.,:/^-] ?\d)/g;
/** "A week", in quotes: whatever stands before it. */
const ONE_PERIOD =
  /(?<!\p{L})(?:an?|one|per|each|every|the|this|eine?[nmrs]?|pro|jede[nrsm]?|diese[nrsm]?|(?:first|last|next|past|erste|letzte|nächste)[nrsm]?) (?:(?:whole|full|single|ganze)[nrsm]? )?(\p{L}{3,12})(?!\p{L})/giu;
const YEARS = 12;

/** "Ten years later" is said of 1609 and 1619. */
function isBetweenYears({ readings, unit }: Quantity, shown: Figures[]): boolean {
  if (unit?.family !== "months" || unit.factor < YEARS) return false;
  const years = shown.flatMap(({ plain }) =>
    (plain.match(/(?<![\d.,])(?:1\d|20)\d\d(?![\d]|[.,]\d)/g) ?? []).map(Number),
  );
  return readings.some((reading) => {
    const count = (Number(reading) * unit.factor) / YEARS;
    return years.some((year) => years.includes(year + count));
  });
}

/** Characters, shares and years of a quote that are looked at for what a number is computed from. */
const MOST_TEXT = 20_000;
const MOST_FIGURES = 100;

/** What a quantity may be computed from. */
function toSource({ quantities, shares, plain, dates }: Figures): DerivationSource {
  return {
    text: plain.slice(0, MOST_TEXT),
    values: quantities.flatMap((each) =>
      !hasPlace(each)
        ? []
        : baseValues(each).flatMap((value) => [
            { value, family: each.unit?.family ?? "" },
            ...(each.unit === null ? [] : centsOf(each.unit)).map(([family, factor]) => ({
              value: value * factor,
              family,
            })),
          ]),
    ),
    shares: shares.slice(0, MOST_FIGURES).map(({ value }) => value),
    years: [...dates.flatMap(dateFigures), ...quantities.flatMap(({ readings }) => readings)]
      .filter((figure) => /^(?:1\d|20)\d\d$/.test(figure))
      .slice(0, MOST_FIGURES)
      .map(Number),
  };
}

/** Characters before and after a number that tell what is computed. */
const CUE_REACH = 40;

function toDerived(quantity: Quantity, rest: string): DerivedNumber {
  return {
    values: baseValues(quantity),
    family: quantity.unit?.family ?? "",
    step: quantity.unit?.factor ?? 1,
    written: quantity.readings[0] ?? "",
    before: rest.slice(Math.max(0, quantity.start - CUE_REACH), quantity.start),
    after: rest.slice(quantity.end, quantity.end + CUE_REACH),
  };
}

interface QuotedQuantities {
  /** Null if the quotes have the quantity. */
  find: (quantity: Quantity) => "absent" | "other unit" | null;
  /** How often the quotes have a number. */
  count: (reading: string) => number;
  has: (reading: string) => boolean;
}

function indexQuantities(shown: Figures[], quotes: string[]): QuotedQuantities {
  const byReading = new Map<string, Quantity[]>();
  const byFamily = new Map<string, { value: number; per: Unit | null }[]>();
  const all = shown.flatMap(({ quantities }) => quantities);
  // A figure that stands there a thousand times is compared once.
  const distinct = new Map(all.map((quantity) => [quantityKey(quantity), quantity]));
  for (const quantity of distinct.values()) {
    for (const reading of quantity.readings) push(byReading, reading, quantity);
    const { unit, per } = quantity;
    if (unit === null) continue;
    for (const value of baseValues(quantity)) push(byFamily, unit.family, { value, per });
    for (const value of baseValues(quantity))
      for (const [family, factor] of centsOf(unit)) push(byFamily, family, { value: value * factor, per });
    for (const value of binaryValues(quantity)) push(byFamily, binaryFamily(unit), { value, per });
  }
  for (const [, word = ""] of quotes.flatMap((quote) => [...quote.matchAll(ONE_PERIOD)])) {
    const unit = findUnit(word);
    if (unit !== null && /^(?:time|months)$/.test(unit.family))
      push(byFamily, unit.family, { value: unit.factor, per: null });
  }
  const parts = new Set([
    ...shown.flatMap(({ plain }) => [...partsOfPairs(plain), ...pairsOfParts(plain)]),
    ...(quotes.some((quote) => DOUBLING.test(quote)) ? ["2"] : []),
    ...quotes.flatMap(partsOfPowers),
    ...shown.flatMap(({ plain }) => (plain.match(SPACED) ?? []).map((whole) => whole.replaceAll(" ", ""))),
    ...shown.flatMap(({ dates }) => dates.flatMap(dateFigures)),
  ]);
  const counts = tally([...all]);
  for (const figure of shown.flatMap(({ dates }) => dates.flatMap(dateFigures)))
    counts.set(figure, (counts.get(figure) ?? 0) + 1);
  let loose: Set<string> | null = null;
  const isUnitNamed = (unit: Unit): boolean => {
    loose ??= new Set(shown.flatMap(({ plain }) => [...unitsIn(plain), ...unitsOfAges(plain)]));
    return loose.has(unitKey(unit));
  };
  return { find, count: (reading) => counts.get(reading) ?? 0, has };

  function has(reading: string): boolean {
    return byReading.has(reading) || parts.has(reading);
  }

  /** "60 days" and "two months". */
  function isAsManyDays(quantity: Quantity): boolean {
    const { unit } = quantity;
    const isInMonths = unit?.family === "months" && unit.factor === 1;
    if (!isInMonths && unit?.family !== "time") return false;
    const others = byFamily.get(isInMonths ? "time" : "months") ?? [];
    return baseValues(quantity).some((own) =>
      others.some(({ value }) => (isInMonths ? isInDays(own, value) : isInDays(value, own))),
    );
  }

  function find(quantity: Quantity): "absent" | "other unit" | null {
    const { unit, readings } = quantity;
    const equal = readings.flatMap((reading) => byReading.get(reading) ?? []);
    if (unit === null) {
      const [fraction = ""] = readings;
      const isShown = equal.length > 0 || readings.some((reading) => parts.has(reading));
      return isShown || (fraction.includes("/") && fraction.split("/").every(has)) ? null : "absent";
    }
    const values = baseValues(quantity);
    const isIn = (family: string, own: number[]): boolean =>
      (byFamily.get(family) ?? []).some(
        ({ value, per }) => own.some((each) => isClose(each, value)) && isSamePer(quantity.per, per),
      );
    const converted =
      isIn(unit.family, values) || isIn(binaryFamily(unit), binaryValues(quantity)) || isAsManyDays(quantity);
    const isSame = (other: Quantity): boolean =>
      other.unit !== null && unitKey(other.unit) === unitKey(unit) && isSamePer(quantity.per, other.per);
    if (converted || equal.some(isSame)) return null;
    if (equal.some((each) => each.unit === null) || readings.some((reading) => parts.has(reading)))
      return isUnitNamed(unit) ? null : "other unit";
    return equal.length > 0 || quantity.scale !== 1 ? "other unit" : "absent";
  }
}

/** Whether a quantity is part of a share that the quotes have in other words. */
function isShareShown({ start, end }: Quantity, used: Share[], shown: Figures[]): boolean {
  return used.some(
    (share) =>
      share.start <= start &&
      end <= share.end &&
      shown.some(
        ({ shares, quantities, plain }) =>
          shares.some((other) => isSameShare(share, other)) ||
          (DOUBLE.test(plain) && shares.some((other) => isHalfOf(share, other))) ||
          isRatio(share, valuesOfUnit(quantities)) ||
          isPercentage(share, countsOf(quantities)),
      ),
  );
}

const DENIED =
  /(?<!\p{L})(?:not|no|none|never|without|unprotected|lost|rejected|refused|declined|failed|turned down|nicht|kein\p{L}{0,2}|nie|ohne|abgelehnt\p{L}{0,2})(?!\p{L})/giu;

/** "Is not lost" denies twice. */
function isDenied(text: string): boolean {
  return [...text.matchAll(DENIED)].length % 2 === 1;
}

/** "6 of 100 were not" for "94 of 100 were". */
function isRestShown({ start, end }: Quantity, used: Share[], sentence: string, shown: Figures[]): boolean {
  const share = used.find((each) => each.start <= start && end <= each.end);
  return (
    share !== undefined &&
    shown.some(
      ({ shares, plain }) =>
        isDenied(sentence) !== isDenied(plain) &&
        shares.some((other) => Math.abs(share.value + other.value - 1) < 0.0005),
    )
  );
}

/** What is twice as much as something else that a sentence may tell of. */
const DOUBLE = /(?<!\p{L})(?:twice|double|doppelt)(?!\p{L})|(?<!\d)2 (?:times|×|as|so|the) /iu;

function isHalfOf(one: Share, other: Share): boolean {
  return Math.abs(2 * one.value - other.value) < 0.0005;
}

/** The values of the quantities in the unit of the first that has one. */
function valuesOfUnit(quantities: Quantity[]): number[] {
  const family = quantities.find(({ unit }) => unit !== null && unit.family !== "percent")?.unit?.family;
  return quantities.flatMap((each) =>
    family !== undefined && each.unit?.family === family ? baseValues(each) : [],
  );
}

const DAY = 86_400;
/** Months that are as often told in days. */
const MOST_MONTHS = 6;

function isInDays(months: number, seconds: number): boolean {
  return Number.isInteger(months) && months <= MOST_MONTHS && seconds === months * 30 * DAY;
}

/** Numbers that count something, and are no years. */
function countsOf(quantities: Quantity[]): number[] {
  return quantities.flatMap((each) =>
    each.unit === null && hasPlace(each) && !/^(?:1\d|20)\d\d$/.test(each.readings[0] ?? "")
      ? baseValues(each)
      : [],
  );
}

function isSamePer(one: Unit | null, other: Unit | null): boolean {
  return one === null || other === null || unitKey(one) === unitKey(other);
}

function baseValues({ readings, unit }: Quantity): number[] {
  return readings
    .map((reading) => Number(reading) * (unit?.factor ?? 1))
    .filter((value) => !Number.isNaN(value));
}

/** The base values where "kilo" is 1,024: 2 GB is 2,048 MB as well as 2,000 MB, and neither is 2 GiB. */
function binaryValues(quantity: Quantity): number[] {
  const binary = quantity.unit?.binary;
  return binary === undefined ? [] : quantity.readings.map((reading) => Number(reading) * binary);
}

function binaryFamily({ family }: Unit): string {
  return `binary ${family}`;
}

function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}

/** Currencies of a hundred cents. A text that speaks of cents seldom names another one. */
const CENTED = ["dollar", "euro"];

/** The other families of a unit of money, with their factors: 3 cents are $0.03. */
function centsOf({ family }: Unit): [string, number][] {
  if (family === "cent") return CENTED.map((each) => [each, 0.01]);
  return CENTED.includes(family) ? [["cent", 100]] : [];
}

function unitKey({ family, factor }: Unit): string {
  return `${family} ${factor}`;
}

function quantityKey({ readings, unit, per }: Quantity): string {
  return JSON.stringify([readings, unit === null ? null : unitKey(unit), per === null ? null : unitKey(per)]);
}

/** All words of a text that are units. */
function unitsIn(plain: string): string[] {
  return Array.from(plain.matchAll(/US\$|[%$€£¥₹₽¢]|°[CF]|[\p{L}μ_]+(?:\^[23])?/gu), ([word]) => {
    const unit = findUnit(word);
    return unit === null ? [] : [unitKey(unit)];
  }).flat();
}

const AGES =
  /(?<!\p{L})(?:aged?|ages|older|younger|alter|alters|ältere?|jüngere?)(?!\p{L})|(?<!\p{L})(?:children|kids|boys|girls|men|women|adults|people|patients|those|visitors|kinder|männer|frauen|personen|besucher|patienten) (?:under|over|above|below|unter|über|ab) \d/iu;

/** Ages are years: "under the age of 16", "children under 16". */
function unitsOfAges(plain: string): string[] {
  const year = findUnit("year");
  return year !== null && AGES.test(plain) ? [unitKey(year)] : [];
}

/** A date is shown whole, or by its parts where the quotes have no whole date. */
function isDateShown(date: FoundDate, shown: Figures[], quoted: QuotedQuantities): boolean {
  const dates = shown.flatMap((each) => each.dates);
  if (dates.some((other) => isSameDate(date, other))) return true;
  // "17 October of that year", where the year stands elsewhere.
  const isOfYear = ({ year, month, day }: FoundDate["readings"][number]): boolean =>
    year !== undefined &&
    quoted.has(String(year)) &&
    dates.some(({ readings }) =>
      readings.some((each) => each.year === undefined && each.month === month && each.day === day),
    );
  if (date.readings.some(isOfYear)) return true;
  return dates.length === 0 && date.readings.some(({ year, day }) => [year, day].every((part) => part === undefined || quoted.has(String(part)))); // prettier-ignore
}

/** The parts of a date that its quotes lack; the whole date where they have each of them. */
function missingParts(date: FoundDate, quoted: QuotedQuantities): string[] {
  const lacking = dateFigures(date).filter((figure) => !quoted.has(figure));
  return lacking.length > 0 ? lacking : [date.text];
}

/** Day and year of a date as figures. */
function dateFigures({ readings }: FoundDate): string[] {
  const numbers = readings.flatMap(({ year, day }) => [year, day]);
  return [...new Set(numbers.flatMap((number) => (number === undefined ? [] : [String(number)])))];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** Counts each figure of a list, in the order of the list. */
function tally(quantities: Quantity[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { readings } of quantities) {
    for (const reading of readings) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  }
  return counts;
}

function findAddresses(text: string): Quantity[] {
  return Array.from(text.matchAll(ADDRESS), ([address]) =>
    wordQuantity(trimEndMatching(address.toLowerCase(), /[.,;:!?]/)),
  );
}

/** An address, or a word such as "millions": it has no place in the text without dates, and no sum makes it. */
function wordQuantity(word: string): Quantity {
  return { text: word, readings: [word], unit: null, per: null, scale: 1, start: -1, end: -1 };
}

function hasPlace({ start }: Quantity): boolean {
  return start >= 0;
}

function readFigures(text: string): Figures {
  const plain = joinUnitWords(writeNumberWords(normalizeDigits(text)));
  const dates = findDates(plain);
  const rest = blankDates(plain, dates);
  const isGerman = detectLanguage(text.match(/\p{L}+/gu) ?? []) === "german";
  const quantities = Array.from(rest.matchAll(NUMBER), (match) =>
    isExponentOfUnit(rest, match.index) ? [] : readQuantity(rest, match, isGerman),
  ).flat();
  const bare = Array.from(withoutNumbers(rest, quantities).matchAll(BARE_SCALE), ([, scale = ""]) =>
    wordQuantity(scale.toLowerCase().replace(/en$/, "")),
  );
  const all = [...findAddresses(text), ...quantities, ...bare];
  return { quantities: all, dates, shares: findShares(rest), rest, plain };
}

/** What stands between the ends of a range. */
const RANGE = /^ ?(?:to|and|or|auf|bis|und|oder|-|–|\/) ?$/;

/** The first numbers of ranges with the unit and the scale of the second ones: 2 million of "2 to 3 million". */
function findRangeStarts({ quantities, rest }: Figures): Quantity[] {
  return quantities.flatMap((first, index) => {
    const second = quantities[index + 1];
    if (second === undefined || first.unit !== null || first.scale !== 1) return [];
    if (!hasPlace(first) || !RANGE.test(rest.slice(first.end, second.start))) return [];
    if (second.unit === null && second.scale === 1) return [];
    const readings = first.readings.map((each) => scaled(each, second.scale));
    return [{ ...first, readings, unit: second.unit, per: second.per, scale: second.scale }];
  });
}

/** The 2 of "km^2". */
function isExponentOfUnit(text: string, at: number): boolean {
  return text.charAt(at - 1) === "^" && /\b(?:mm|cm|m|km)\^$/.test(text.slice(Math.max(0, at - 5), at));
}

/** The text with a digit in the place of each number and its unit. */
function withoutNumbers(text: string, quantities: Quantity[]): string {
  // A power has two readings at one place.
  const ranges = quantities.filter(({ start }, index) => start !== quantities[index - 1]?.start);
  return replaceRanges(text, ranges, () => "0");
}

/** A scale without a number: "hundreds of rows". */
const BARE_SCALE = /(?<!\p{L})(dozen|hundred|thousand|million(?:en)?|billion(?:en)?|trillion)s?(?!\p{L})/giu;

function readQuantity(text: string, match: RegExpExecArray, isGerman: boolean): Quantity[] {
  const [written] = match;
  const end = match.index + written.length;
  const before = text.slice(Math.max(0, match.index - 4), match.index);
  const symbol = CURRENCY_BEFORE.exec(before)?.[0] ?? "";
  let after = text.slice(end, end + REACH);
  let length = 0;
  const skip = (found: string): void => {
    length += found.length;
    after = after.slice(found.length);
  };
  let scale = 1;
  // Twice, for "5 hundred thousand".
  for (let times = 0; times < 2; times++) {
    const found = SCALE_AFTER.exec(after);
    if (found === null) break;
    scale *= SCALE_VALUES.get((found[1] ?? "").toLowerCase()) ?? 1;
    skip(found[0]);
  }
  const letter = scale === 1 ? LETTER_AFTER.exec(after) : null;
  // "5 m" and "5m" are metres, and "$5m" are millions.
  if (letter !== null && (letter[1] !== "m" || symbol !== "") && !(letter[1] === "B" && symbol === "")) {
    scale = LETTERS.get(letter[1] ?? "") ?? 1;
    skip(letter[0]);
  }
  let unit = symbol === "" ? null : findUnit(symbol.trim());
  let per: Unit | null = null;
  const found = unit === null ? UNIT_AFTER.exec(after) : null;
  if (found !== null) unit = isUnitHere(found, text, end + length) ? findUnit(found[1] ?? "") : null;
  if (found !== null && unit !== null) skip(found[0]);
  if (unit !== null) {
    const perFound = PER_AFTER.exec(after);
    per = perFound === null ? null : findUnit(perFound[1] ?? "");
    if (perFound !== null && per !== null) skip(perFound[0]);
  }
  if (unit?.family === "bits/s") {
    unit = { family: "bits", factor: unit.factor };
    per = { family: "time", factor: 1 };
  }
  const whole = `${symbol}${text.slice(match.index, end + length)}`
    .trim()
    .replace(/\.$/, "")
    .replaceAll("_", " ");
  return expandPower(written, isGerman).map((readings) => ({
    text: whole,
    readings: scale === 1 ? readings : [...new Set(readings.map((each) => scaled(each, scale)))],
    unit,
    per,
    scale,
    start: match.index,
    end: end + length,
  }));
}

/** "In 1998 m" is none: a letter counts as a unit only if it ends there. */
function isUnitHere([whole, name = ""]: RegExpExecArray, text: string, at: number): boolean {
  if (/^[^\p{L}]/u.test(name)) return true;
  // "The 1990s", "the 90s" and "under-12s" are no seconds.
  if (whole === "s" && /(?:\d{4}|-\d+|\b(?:the|mid|early|late) \d+)$/i.test(text.slice(Math.max(0, at - 12), at))) return false; // prettier-ignore
  const next = text.charAt(at + whole.length);
  // "60 days' notice".
  if (name.endsWith("s") && /^['’](?!\p{L})/u.test(text.slice(at + whole.length, at + whole.length + 2)))
    return true;
  return !/[\p{L}\p{N}'’_]/u.test(next);
}

function scaled(reading: string, scale: number): string {
  return String(Math.round(Number(reading.replace(/\.$/, "")) * scale * 1e6) / 1e6);
}

/** "10^6" is one figure. With other bases, the superscript may be a note mark, so the base counts as well. */
function expandPower(number: string, isGerman: boolean): string[][] {
  const [base = "", exponent] = number.split("^");
  const readings = spellings(base, isGerman);
  if (exponent === undefined) return [readings];
  const powers = readings.map((reading) => `${reading}^${exponent}`);
  return base === "2" || base === "10" ? [powers] : [readings, powers];
}

/** "1,000" is 1000 in English, "1.000" in German, where "4,5" is 4.5. */
function spellings(number: string, isGerman: boolean): string[] {
  const plain = withoutZeros(number);
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number)) {
    const whole = plain.replaceAll(",", "");
    return isGerman ? [plain.replace(",", "."), whole] : [whole];
  }
  if (/^\d{1,3}(?:\.\d{3})*,\d{1,2}$|^\d+,\d+$/.test(number))
    return [plain.replaceAll(".", "").replace(",", ".")];
  const isGrouped = /^\d{1,3}(?:\.\d{3}){2,}$/.test(number);
  if (isGrouped || (isGerman && /^\d{1,3}\.\d{3}$/.test(number))) return [plain.replaceAll(".", ""), plain];
  return [plain];
}

/** A sentence may say "10" for "10:15", and "2 of 3" for "2/3". */
function partsOfPairs(plain: string): string[] {
  const pairs = plain.matchAll(/(?<!\d)\d+(?::\d+)+|(?<!\d)\d{1,3}\/\d{1,3}(?![\d/])/g);
  return Array.from(pairs, ([pair]) => pair.split(/[:/]/).map(withoutZeros)).flat();
}

/** "5:2" for "5 votes to 2". */
function pairsOfParts(plain: string): string[] {
  const pairs = plain.matchAll(/(?<![\d.,:])(\d{1,3})(?: \p{L}{1,12})? ?(?:to|zu|against|gegen|[-–]) ?(\d{1,3})(?![\d%]|[.,:]\d)/gu); // prettier-ignore
  return Array.from(pairs, ([, one = "", other = ""]) => `${withoutZeros(one)}:${withoutZeros(other)}`);
}

/** "Twice as high" is said of what doubled. */
const DOUBLING = /(?<!\p{L})(?:doubl(?:e[ds]?|ing)|twofold|(?:ver)?doppel\p{L}{1,4})(?!\p{L})/iu;

/** A sentence may say "2 to the power of 32" for "2^32". A superscript is no such power: it may be a note's mark. */
function partsOfPowers(quote: string): string[] {
  const powers = quote.matchAll(/(?<!\d)(\d+)\^(\d+)/g);
  return Array.from(powers, ([, base = "", exponent = ""]) => [base, exponent].map(withoutZeros)).flat();
}

function withoutZeros(number: string): string {
  return number.replace(/^0+(?=\d)/, "");
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
