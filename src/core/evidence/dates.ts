import { replaceRanges } from "../text/linear-search.js";

/*
 * The dates of a text, in words and in figures: 12 March 2024, March 12, 2024, 12. März 2024, 2024-03-12, 12.03.2024,
 * 03/12/2024, 03/2024.
 */

/** Parts of a date as numbers; undefined where it does not name them. */
interface DateParts {
  year?: number | undefined;
  month: number;
  day?: number | undefined;
}

export interface FoundDate {
  /** As written. */
  text: string;
  start: number;
  end: number;
  /** More than one where day and month may be either way round. */
  readings: DateParts[];
}

const MONTHS = [
  "january jan januar jänner", "february feb februar", "march mar märz mär", "april apr", "may mai",
  "june jun juni", "july jul juli", "august aug", "september sep sept", "october oct oktober okt",
  "november nov", "december dec dezember dez",
].map((names) => names.split(" ")); // prettier-ignore

const MONTH_NUMBERS = new Map(
  MONTHS.flatMap((names, index) => names.map((name): [string, number] => [name, index + 1])),
);
const MONTH = [...MONTH_NUMBERS.keys()].sort((a, b) => b.length - a.length).join("|");
const YEAR = "(?:1\\d|20)\\d\\d";
const DATE = new RegExp(
  [
    `(?<![\\d.-])(?<y1>${YEAR})-(?<m1>\\d{1,2})-(?<d1>\\d{1,2})(?![\\d-])`,
    `(?<![\\d./-])(?<m7>0?[1-9]|1[0-2])\\/(?<y7>${YEAR})(?![\\d/])`,
    `(?<![\\d./])(?<a2>\\d{1,2})(?<separator>[./])(?<b2>\\d{1,2})\\k<separator>(?<y2>${YEAR})(?![\\d/])`,
    `(?<![\\p{L}\\d.,])(?<d3>\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of)? (?<m3>${MONTH})\\.?(?!\\p{L})(?:,? (?<y3>${YEAR})(?![\\d.,]\\d|\\d))?`,
    `(?<=(?<!\\p{L})(?:am|vom|zum|dem|den|bis|ab|und) )(?<d6>\\d{1,2})\\.(?<m6>\\d{1,2})\\.(?!\\d)`,
    `(?<!\\p{L})(?<m4>${MONTH})\\.? (?<d4>\\d{1,2})(?:st|nd|rd|th)?(?![\\d.,:]\\d|\\d)(?:,? (?<y4>${YEAR})(?!\\d))?`,
    `(?<!\\p{L})(?<m5>${MONTH})\\.?,? (?:of )?(?<y5>${YEAR})(?!\\d)`,
  ].join("|"),
  "giu",
);

/** "Those aged 16 to 18 may use it". */
const VERB = /^\d{1,2} (?:may|march)$|^(?:may|march) \d{1,2}$/;

/** Finds the dates of a text that name a month. "May" and "March" count only beside a day or a year. */
export function findDates(text: string): FoundDate[] {
  return [...text.matchAll(DATE)]
    .filter(([whole]) => !VERB.test(whole))
    .map((match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
      readings: readingsOf(match.groups ?? {}).filter(isPossible),
    }))
    .filter(({ readings }) => readings.length > 0)
    .flatMap((date) => withOtherDay(text, date))
    .sort((one, other) => one.start - other.start);
}

const DAY_BEFORE = /(?<![\d.,:])(\d{1,2})(?:st|nd|rd|th|\.)?(?: (?:and|or|to|und|oder|bis) |[-–])$/u;
const DAY_AFTER =
  /^(?: (?:and|or|to) |[-–])(\d{1,2})(?:st|nd|rd|th)?(?:,? ((?:1\d|20)\d\d)(?!\d))?(?![\d.,:]?\d|%| (?:percent|per cent))/u;

/** A date with the other day of "14 and 15 February" and of "February 14 to 15". */
function withOtherDay(text: string, date: FoundDate): FoundDate[] {
  const before = DAY_BEFORE.exec(text.slice(Math.max(0, date.start - 12), date.start));
  const after = /^\p{L}/u.test(date.text) ? DAY_AFTER.exec(text.slice(date.end, date.end + 18)) : null;
  const found = /^\d/.test(date.text) ? before : after;
  if (found === null || date.readings.some(({ day }) => day === undefined)) return [date];
  const [whole, day = "", year] = found;
  const own = date.readings.map((each) => (year === undefined ? each : { ...each, year: Number(year) }));
  const readings = own.map((each) => ({ ...each, day: Number(day) })).filter(isPossible);
  if (readings.length === 0) return [date];
  const start = found === before ? date.start - whole.length : date.end;
  const month = date.text.replace(/\d+\S*/g, "").trim();
  return [
    { ...date, readings: own },
    { text: `${day} ${month}`, start, end: start + whole.length, readings },
  ];
}

/** The text with spaces in the place of its dates. */
export function blankDates(text: string, dates: FoundDate[]): string {
  return replaceRanges(text, dates, () => " ");
}

/** True if a date says nothing that the other one does not. */
export function isSameDate(date: FoundDate, other: FoundDate): boolean {
  return date.readings.some((one) =>
    other.readings.some(
      ({ year, month, day }) =>
        one.month === month &&
        (one.year === undefined || one.year === year) &&
        (one.day === undefined || one.day === day),
    ),
  );
}

function readingsOf(groups: Record<string, string | undefined>): DateParts[] {
  const number = (name: string): number | undefined =>
    groups[name] === undefined ? undefined : Number(groups[name]);
  const month = (name: string): number => MONTH_NUMBERS.get(groups[name]?.toLowerCase() ?? "") ?? 0;
  if (groups["y1"] !== undefined)
    return [{ year: number("y1"), month: number("m1") ?? 0, day: number("d1") }];
  if (groups["y2"] !== undefined) {
    const [year, first, second] = [number("y2"), number("a2") ?? 0, number("b2") ?? 0];
    const dayFirst = { year, month: second, day: first };
    return groups["separator"] === "." ? [dayFirst] : [dayFirst, { year, month: first, day: second }];
  }
  if (groups["m3"] !== undefined) return [{ year: number("y3"), month: month("m3"), day: number("d3") }];
  if (groups["m4"] !== undefined) return [{ year: number("y4"), month: month("m4"), day: number("d4") }];
  if (groups["y7"] !== undefined) return [{ year: number("y7"), month: number("m7") ?? 0 }];
  if (groups["m6"] !== undefined) return [{ month: number("m6") ?? 0, day: number("d6") }];
  return [{ year: number("y5"), month: month("m5") }];
}

function isPossible({ month, day }: DateParts): boolean {
  return month >= 1 && month <= 12 && (day === undefined || (day >= 1 && day <= 31));
}
