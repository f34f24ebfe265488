/*
 * Numbers that a sentence computes from those of its quotes: a difference, a factor, a change in percent, a part of a whole,
 * a century, a rounded figure. Each counts only beside words that say what is computed, because enough numbers make any
 * other one.
 */

import { trimEndMatching } from "../text/linear-search.js";
import { findUnit } from "./units.js";

/** A number of a sentence that its quotes do not have. */
export interface DerivedNumber {
  /** In the base of the family of its unit. */
  values: number[];
  /** Of its unit; empty if it has none. */
  family: string;
  /** What one is in the base of its family. */
  step: number;
  written: string;
  before: string;
  after: string;
}

/** What a number may be computed from. */
export interface DerivationSource {
  text: string;
  values: { value: number; family: string }[];
  shares: number[];
  years: number[];
}

/** Values of a quote that are combined at most. */
const MOST_VALUES = 30;

/** Whether a number follows from one quote and the words beside it. */
export function isDerivedNumber(own: DerivedNumber, sources: DerivationSource[]): boolean {
  return sources.some(
    (source) =>
      isRounded(own, source) ||
      isFactor(own, source) ||
      isChange(own, source) ||
      isDifference(own, source) ||
      isPart(own, source) ||
      isPeriod(own, source) ||
      isYear(own, source) ||
      isFrequency(own, source),
  );
}

/** The values of a source by family, and pairs of them, the larger one first. */
function valuesIn({ values }: DerivationSource, family: string): number[] {
  const found = values.flatMap((each) => (each.family === family ? [each.value] : []));
  return [...new Set(found)].slice(0, MOST_VALUES);
}

function pairsIn(source: DerivationSource, family: string): [number, number][] {
  const values = valuesIn(source, family);
  return values.flatMap((one) =>
    values.flatMap((other): [number, number][] => (other > 0 && one > other ? [[one, other]] : [])),
  );
}

function isNear(one: number, other: number, share: number): boolean {
  return Math.abs(one - other) <= share * Math.abs(other);
}

const OVER =
  /(?<!\p{L})(?:over|more than|above|exceed(?:s|ed|ing)?|at least|mehr als|über|gut|mindestens) (?:an? |the )?\$?€?$/iu;
const UNDER =
  /(?<!\p{L})(?:under|less than|fewer than|below|nearly|almost|just short of|weniger als|unter|fast|nahezu|knapp|beinahe) (?:an? |the )?\$?€?$/iu;
const ABOUT =
  /(?<!\p{L})(?:about|around|roughly|approximately|approx\.|some|circa|ca\.|etwa|rund|ungefähr) (?:an? |the )?\$?€?$/iu;
/** How far a round figure may be from what it stands for. */
const ROUNDING = 0.1;
const ABOUT_ROUNDING = 0.05;

/** "Over 1,000" for 1,018. */
function isRounded(
  { values, family, step, before, written }: DerivedNumber,
  source: DerivationSource,
): boolean {
  const digits = trimEndMatching(written.replace(/[.,]/g, ""), /0/).replace(/^0+/, "");
  if (digits.length > 2) return false;
  const shown = valuesIn(source, family);
  return values.some((value) =>
    shown.some((other) => {
      // "More than a week" for nine days.
      const isWithinOne = family !== "" && Math.abs(other - value) < step;
      if (OVER.test(before)) return other > value && (isWithinOne || other <= value * (1 + ROUNDING));
      if (UNDER.test(before)) return other < value && (isWithinOne || other >= value * (1 - ROUNDING));
      return ABOUT.test(before) && isNear(other, value, ABOUT_ROUNDING);
    }),
  );
}

const TIMES = /^ ?(?:×|x(?!\p{L})|times|-?fold|mal|fach|as (?:many|much|long|large|high|often)(?!\p{L}))/u;
const TIMES_BEFORE = /(?<!\p{L})(?:factor of|faktor) $/iu;
/** Factors are rounded to a tenth or so. */
const FACTOR_ROUNDING = 0.04;

/** "Five times as many" for 2.5 million and 500,000. */
function isFactor({ values, family, before, after }: DerivedNumber, source: DerivationSource): boolean {
  if (family !== "" || !(TIMES.test(after) || TIMES_BEFORE.test(before))) return false;
  const families = new Set(source.values.map((each) => each.family));
  return [...families].some((each) =>
    pairsIn(source, each).some(([large, small]) =>
      values.some((value) => isNear(large / small, value, FACTOR_ROUNDING)),
    ),
  );
}

const CHANGED =
  /(?<!\p{L})(?:by|up|down|rose|fell|rise|fall|increased?|decreased?|grew|growth|dropped|drop|cut|reduced|reduction|um|plus|minus|stiegen?|sanken?|sank)(?!\p{L})[^.;]{0,20}$/iu;
const COMPARED =
  /^ ?(?:of )?(?:less|lower|fewer|more|higher|longer|shorter|later|earlier|older|younger|faster|slower|cheaper|smaller|larger|bigger|lighter|heavier|better|worse|increase|decrease|rise|drop|reduction|weniger|mehr|höher|niedriger|länger|kürzer|später|früher|älter|jünger|schneller|langsamer|billiger|teurer|kleiner|größer)(?!\p{L})/iu;
const COMPARED_LATER =
  /^ \p{L}{2,20} (?:less|lower|fewer|more|higher|longer|shorter|later|earlier|older|younger|faster|slower|cheaper|smaller|larger|weniger|mehr|länger|kürzer|höher|niedriger)(?!\p{L})/iu;

function hasChangeWord({ before, after }: DerivedNumber): boolean {
  return CHANGED.test(before) || COMPARED.test(after) || COMPARED_LATER.test(after);
}

/** "Rose by 400 %" for 500,000 and 2.5 million, and "39 % less" for "61 % of". */
function isChange(own: DerivedNumber, source: DerivationSource): boolean {
  if (own.family !== "percent" || !hasChangeWord(own)) return false;
  const families = new Set(source.values.map((each) => each.family));
  const changes = [...families].flatMap((family) =>
    pairsIn(source, family).flatMap(([large, small]) => [large / small - 1, 1 - small / large]),
  );
  const left = valuesIn(source, "percent").map((percent) => 1 - percent / 100);
  return own.values.some((value) =>
    [...changes, ...left].some((change) => Math.abs(100 * change - value) <= 0.5),
  );
}

const GAP = /(?<!\p{L})(?:difference|lead|margin|gap|advantage|vorsprung|abstand|differenz)(?!\p{L})/iu;
const LEFT =
  /(?<!\p{L})(?:remain\p{L}{0,3}|left|other|others|rest|übrig\p{L}{0,2}|bleiben|verbleib\p{L}{0,5})(?!\p{L})/iu;

/** What is more or less than something else that the quote does not name. */
const COMPARED_SOURCE =
  /(?<!\p{L})(?:more|less|fewer|higher|lower|longer|shorter|older|younger|mehr|weniger|höher|niedriger|länger|kürzer|älter|jünger) (?:than|als)(?!\p{L})/iu;

const ALL_BUT = /(?<!\p{L})(?:all (?:but|except)|bis auf|alle außer)(?!\p{L})/iu;

/** "18 laps shorter" for 70 and 52, "2,560 remain" for 3,200 and 640, and "0.90" for "1.20, 0.30 more than before". */
function isDifference(own: DerivedNumber, source: DerivationSource): boolean {
  const isGap =
    hasChangeWord(own) || [own.before, own.after].some((text) => GAP.test(text) || LEFT.test(text));
  const isLevel = COMPARED_SOURCE.test(source.text) || ALL_BUT.test(source.text);
  // Percentages differ by percentage points.
  if ((!isGap && !isLevel) || own.family === "percent") return false;
  const family = own.family === "percentage points" ? "percent" : own.family;
  return own.values.some((value) =>
    pairsIn(source, family).some(
      ([large, small]) =>
        isNear(large - small, value, 1e-6) || (isLevel && isNear(large + small, value, 1e-6)),
    ),
  );
}

const TWICE = /(?<!\p{L})(?:twice|double|doppelt|zweimal)(?!\p{L})|(?<!\d)2 (?:×|times|as |so )/iu;
const HALF = /(?<!\p{L})(?:half|halv\p{L}{1,3}|halb\p{L}{0,8}|hälfte)(?!\p{L})|(?<![\d/])1\/2(?!\d)/iu;

const MULTIPLE = /(?<![\d.,])(\d{1,2}) × (?:as|so|more|higher|larger|mehr|höher|größer)(?!\p{L})/giu;

/** "900" for a quarter of 3,600, and "nine months" for "18 months, twice as long". */
function isPart({ values, family }: DerivedNumber, source: DerivationSource): boolean {
  const shares = [
    ...source.shares,
    ...(TWICE.test(source.text) ? [2, 0.5] : []),
    ...(HALF.test(source.text) ? [2, 0.5] : []),
    ...Array.from(source.text.matchAll(MULTIPLE), ([, times]) => [Number(times), 1 / Number(times)]).flat(),
  ];
  const wholes = valuesIn(source, family);
  return (
    family !== "percent" &&
    values.some((value) =>
      shares.some((share) => wholes.some((whole) => whole > 2 && isNear(share * whole, value, 1e-6))),
    )
  );
}

const CENTURY = /^(?:st|nd|rd|th|\.)?[ -](?:century|centuries|jahrhundert|jh)/iu;
const CENTURY_MONTHS = 1200;
const DECADE = /^['’]?(?:s|er)(?!\p{L})/u;

/** "The 19th century" or "the 1880s" for 1887, and "the 700s" for the 8th century. */
function isPeriod({ values, after, written }: DerivedNumber, source: DerivationSource): boolean {
  const { years } = source;
  if (CENTURY.test(after)) return years.some((year) => values.includes(Math.ceil(year / 100)));
  const isCentury = values.some((value) => value % 100 === 0 && valuesIn(source, "months").includes((value / 100 + 1) * CENTURY_MONTHS)); // prettier-ignore
  if (DECADE.test(after) && isCentury) return true;
  return DECADE.test(after) && years.some((year) => String(Math.floor(year / 10) * 10) === written);
}

const OFTEN =
  /^ ?(?:×|x(?!\p{L})|times|mal)? ?(?:an?|per|each|every|pro|jede[nrsm]?|am|im|in der) (\p{L}{3,12})(?!\p{L})/iu;
const EVERY = /(?<!\p{L})(?:every|each|alle) \d/iu;

/** "Twice an hour" for "every 30 minutes". */
function isFrequency({ values, after, family }: DerivedNumber, source: DerivationSource): boolean {
  const unit = findUnit(OFTEN.exec(after)?.[1] ?? "");
  if (unit === null || family !== "" || !EVERY.test(source.text)) return false;
  const periods = valuesIn(source, unit.family);
  return values.some((value) => periods.some((period) => isNear(period * value, unit.factor, 1e-6)));
}

const NEXT_YEAR =
  /(?<!\p{L})(?:(?:following|next|previous|same) (?:year|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)|year (?:later|earlier|before)|folgejahr|vorjahr|folgenden jahr|jahr (?:später|zuvor|darauf))(?!\p{L})/iu;

const BEFORE = /(?<!\p{L})(?:before|vor) $/iu;
const END_OF = /(?<!\p{L})(?:end of|late|december|ende) (?:of )?\d{4}(?!\d)/iu;

/** "1954" for "in 1953, and the following January", and "from 1999" for "nine years until 2008". */
function isYear({ written, values, before, after }: DerivedNumber, source: DerivationSource): boolean {
  if (/^\d{4}$/.test(written)) {
    const spans = valuesIn(source, "months").flatMap((months) => (months % 12 === 0 ? [months / 12] : []));
    // "Before 2026" is said of the end of 2025.
    if (NEXT_YEAR.test(source.text) || (BEFORE.test(before) && END_OF.test(source.text))) spans.push(1);
    const year = Number(written);
    return source.years.some((each) => spans.some((span) => Math.abs(each - year) === span));
  }
  return (
    /^-years?-old/.test(after) &&
    values.some((value) => source.years.some((one) => source.years.includes(one + value)))
  );
}
