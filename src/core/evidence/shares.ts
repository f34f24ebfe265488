/*
 * Shares of a whole in a text whose number words are figures: "25 %", "1/4", "1 in 4", "602 of 2,408". They are compared by
 * their value, since a report writes "a quarter" for "25 %", and "half" for "1,204 of 2,408".
 */

export interface Share {
  /** Between 0 and 1. */
  value: number;
  /** Half of the last digit that is written; 0 for a fraction. */
  precision: number;
  isAbout: boolean;
  /** 1 for "more than", -1 for "less than", 0 for neither. */
  comparison: -1 | 0 | 1;
  /** Of a change rather than of a whole: "25 % less", "cut by a quarter". */
  isLoss: boolean;
  /** Written as a fraction, and not as a percentage. */
  isFraction: boolean;
  start: number;
  end: number;
}

const SHARE =
  /(?<![\d.,/])(?:(?<part>\d{1,2})\/(?<whole>\d{1,3})(?![\d/]|[.,]\d)|(?<percent>\d{1,3}(?:[.,]\d{1,3})?)[ -]?(?:%|percent|prozent)(?!\p{L})|(?<some>\d{1,3}(?:[.,]?\d{3}){0,3}) (?:(?:out )?of|in|von) (?:(?:every|the|all|its|their|those|these|den|seiner|ihrer|insgesamt) )?(?<all>\d{1,3}(?:[.,]?\d{3}){0,3})(?![\d/%]|[.,:]\d))/giu;
const ABOUT =
  /(?<!\p{L})(?:about|around|roughly|nearly|almost|approximately|some|over|etwa|rund|ungefähr|fast|knapp|gut|circa|ca\.) (?:the |die |der )?$/iu;

/** Characters between a whole and its part at most. */
const APART =
  /(?<!\p{L})(?:of|von) (?:(?:the|every|all|its|their|these|den|allen|insgesamt) )?(?<all>\d{1,3}(?:[.,]?\d{3}){0,3})(?= (?<between>[^\d.;%]{1,80}) (?<some>\d{1,3}(?:[.,]?\d{3}){0,3})(?![\d/%]|[.,:]\d| (?:%|percent|prozent|per)))/giu;

/** Shares whose parts stand apart: "of every ten who began it, six finished". */
export function findSharesApart(text: string): Share[] {
  return Array.from(text.matchAll(APART), ({ 0: found, index, groups = {} }): Share => {
    const [value] = valueOf({ some: groups["some"], all: groups["all"] });
    return {
      value,
      precision: 0,
      isAbout: false,
      comparison: 0,
      isLoss: false,
      isFraction: true,
      start: index,
      end: index + found.length,
    };
  }).filter(({ value }) => value > 0 && value < 1);
}

const MORE = /(?<!\p{L})(?:more than|over|above|mehr als|über) (?:the |die |der )?$/iu;
const LESS = /(?<!\p{L})(?:less than|fewer than|under|below|weniger als|unter) (?:the |die |der )?$/iu;

/** Finds the shares of a text. The parts of "3 of 10" count as a share only where the first is the smaller one. */
export function findShares(text: string): Share[] {
  return Array.from(text.matchAll(SHARE), (match): Share => {
    const groups = match.groups ?? {};
    const [value, precision] = valueOf(groups);
    const before = text.slice(Math.max(0, match.index - 20), match.index);
    return {
      value,
      precision,
      isAbout: ABOUT.test(before),
      comparison: MORE.test(before) ? 1 : LESS.test(before) ? -1 : 0,
      isLoss: isLoss(before, text.slice(match.index + match[0].length)),
      isFraction: groups["part"] !== undefined,
      start: match.index,
      end: match.index + match[0].length,
    };
  }).filter(({ value }) => value > 0 && value < 1);
}

const LOST_BEFORE = /(?<!\p{L})(?:by|um)(?: (?:about|around|roughly|some|etwa|rund|an?))? $/iu;
const LOST_AFTER =
  /^ (?:less|lower|fewer|smaller|cheaper|lighter|shorter|off|weniger|niedriger|kleiner|billiger|kürzer)(?!\p{L})/iu;

function isLoss(before: string, after: string): boolean {
  return LOST_BEFORE.test(before) || LOST_AFTER.test(after);
}

function valueOf(groups: Record<string, string | undefined>): [number, number] {
  const { part, whole, percent, some = "", all = "" } = groups;
  if (part !== undefined) return [Number(part) / Number(whole), 0];
  if (percent !== undefined) {
    const [, decimals = ""] = percent.split(/[.,]/);
    return [Number(percent.replace(",", ".")) / 100, 0.5 / 10 ** (decimals.length + 2)];
  }
  const number = (digits: string): number => Number(digits.replaceAll(/[.,]/g, ""));
  return [number(some) / number(all), 0];
}

/** Shares that differ by less are one where a text says "about". */
const ABOUT_EQUAL = 0.02;

/** Whether a share of a sentence is one of its quotes', in the precision in which they are written. */
export function isSameShare(one: Share, other: Share): boolean {
  // "Less than half" is said of 44 %.
  if (one.isFraction && one.comparison !== 0 && other.comparison === 0)
    return one.comparison > 0 ? other.value > one.value : other.value < one.value;
  // What needs 25 % less needs three quarters.
  if (
    one.isLoss !== other.isLoss &&
    Math.abs(one.value + other.value - 1) <= Math.max(one.precision, other.precision, 0.0005)
  )
    // prettier-ignore
    return true;
  // Two percentages are compared as written, with their units.
  if (one.precision > 0 && other.precision > 0) return false;
  const least = one.isAbout || other.isAbout ? ABOUT_EQUAL : 0;
  return Math.abs(one.value - other.value) <= Math.max(least, one.precision, other.precision, 0.0005);
}

/** Whether a fraction is what one value is of another, or what the larger one has lost: 300 MB are a quarter of 1.2 GB. */
export function isRatio({ value, isFraction }: Share, values: readonly number[]): boolean {
  const isClose = (ratio: number): boolean =>
    Math.abs(ratio - value) < 0.005 || Math.abs(1 - ratio - value) < 0.005;
  return isFraction && values.some((one) => values.some((other) => other > one && isClose(one / other)));
}

/** Fewer are too few for a percentage. */
const FEWEST_COUNTED = 20;

/** Whether a percentage is what one count is of another, rounded as it is written: 312 of 480 are 65 %. */
export function isPercentage({ value, precision }: Share, counts: readonly number[]): boolean {
  return counts.some((all) =>
    counts.some((part) => all >= FEWEST_COUNTED && part < all && Math.abs(part / all - value) <= precision),
  );
}

const LOOSE =
  /(?<!\p{L})(?:(?:an?|one)[ -](?<part>third|quarter|fifth|sixth|eighth|tenth)|(?<half>half|halved|halves|halbiert\p{L}{0,2}|halb|halbe\p{L}?))(?!\p{L})/giu;
const WHOLES = new Map([["third", 3], ["quarter", 4], ["fifth", 5], ["sixth", 6], ["eighth", 8], ["tenth", 10]]); // prettier-ignore

/** Shares of a quote that its words alone do not tell from other things: "a third last year". */
export function findLooseShares(quote: string): Share[] {
  return Array.from(quote.matchAll(LOOSE), ({ 0: text, index, groups }) => ({
    value: 1 / (WHOLES.get(groups?.["part"]?.toLowerCase() ?? "") ?? 2),
    precision: 0,
    isAbout: ABOUT.test(quote.slice(Math.max(0, index - 20), index)),
    comparison: 0,
    isLoss: isLoss(quote.slice(Math.max(0, index - 20), index), quote.slice(index + text.length)),
    isFraction: true,
    start: index,
    end: index + text.length,
  }));
}
