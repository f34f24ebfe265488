import { findDates } from "../evidence/dates.js";

/*
 * The versions and times that a text is labelled with: "## [2.3.0] - 2024-03-12", "Annual report 2023", "FY18, third quarter".
 */

/** A version's numbers, the most important first: 2.3.1 is [2, 3, 1]. */
export type Version = readonly number[];

const DOTTED = /(?<![\p{L}\p{N}.])v?(\d{1,4}(?:\.\d{1,5}){1,3})(?![\p{L}\p{N}]|\.\d)/giu;
const NAMED = /\b(?:version|release|v)[ .]?(\d{1,4})(?![\p{L}\p{N}.%])/giu;
/** What may stand behind a number that begins a heading, if that is a version and no number of a section. */
const BEHIND_VERSION =
  /^[\s\])*,:;/–—(.-]*(?:\(?(?:released|unreleased|latest|stable|lts|alpha|beta|rc|final|current|not yet released|on|\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|$)/i;

/** The versions that a heading or a title names. The number of a section ("4.2 Caching") is none. */
export function findVersions(label: string): Version[] {
  const parts = label.split(" > ");
  return parts.flatMap((part) => {
    const dotted = [...part.matchAll(DOTTED)].filter((match) => {
      const isAtStart = /^[\s[(]*$/.test(part.slice(0, match.index));
      return !isAtStart || BEHIND_VERSION.test(part.slice(match.index + match[0].length));
    });
    return [...dotted, ...part.matchAll(NAMED)].map(([, number = ""]) => number.split(".").map(Number));
  });
}

/** Whether two versions may be one: one has all numbers of the other ("2.3" and "2.3.1"). */
export function isCompatibleVersion(a: Version, b: Version): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((part, at) => part === long[at]);
}

/** Negative where the first is the older one. */
export function compareVersions(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The years of a text, fiscal years among them. */
export function findYears(text: string): Set<number> {
  const full = [...text.matchAll(/(?<![\p{L}\p{N}.,])(?:FY[ -]?)?((?:19|20)\d\d)(?![\p{N}]|[.,]\d)/giu)];
  const short = [...text.matchAll(/\bFY[ '’-]?(\d\d)(?!\d)/gi)];
  return new Set([...full.map(([, year]) => Number(year)), ...short.map(([, year]) => 2000 + Number(year))]);
}

const ORDINALS = ["first", "second", "third", "fourth"];

/** The quarters of a text, 1 to 4. */
export function findQuarters(text: string): Set<number> {
  const found = [
    ...text.matchAll(
      /(?<![\p{L}\p{N}])Q([1-4])(?!\d)|\b(first|second|third|fourth)[ -](?:\p{L}{1,12} )?quarter\b/giu,
    ),
  ];
  return new Set(
    found.map(([, number, word]) =>
      number === undefined ? ORDINALS.indexOf((word ?? "").toLowerCase()) + 1 : Number(number),
    ),
  );
}

/** The newest day that a text names, as year, month and day in one number (20240312); null where it names none. */
export function findNewestDay(label: string): number | null {
  const days = findDates(label).flatMap(({ readings }) =>
    readings.flatMap(({ year, month, day }) =>
      year === undefined ? [] : [year * 1e4 + month * 100 + (day ?? 0)],
    ),
  );
  const all = [...days, ...[...findYears(label)].map((year) => year * 1e4)];
  return all.length === 0 ? null : Math.max(...all);
}
