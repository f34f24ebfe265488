/*
 * Linear searches with the same results as regular expressions that take quadratic time, because those look through the
 * whole rest of the text for the end from every possible start.
 */

/** A range of a text, [start, end) in UTF-16 units, and the text between its delimiters. */
export interface DelimitedRange {
  start: number;
  end: number;
  inner: string;
}

/** Finds each range from `open` to the next `close`, in order, like `/open([^]*?)close/g`. */
export function findAllBetween(text: string, open: string, close: string): DelimitedRange[] {
  const found: DelimitedRange[] = [];
  for (let at = 0; ;) {
    const start = text.indexOf(open, at);
    const inside = start + open.length;
    const last = start < 0 ? -1 : text.indexOf(close, inside);
    if (last < 0) return found;
    at = last + close.length;
    found.push({ start, end: at, inner: text.slice(inside, last) });
  }
}

/** Replaces ranges of a text. */
export function replaceRanges<T extends { start: number; end: number }>(
  text: string,
  ranges: T[],
  by: (stretch: T) => string,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const stretch of ranges) {
    parts.push(text.slice(at, stretch.start), by(stretch));
    at = stretch.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** Replaces each range from `open` to the next `close`. */
export function replaceBetween(text: string, open: string, close: string, by: string): string {
  return replaceRanges(text, findAllBetween(text, open, close), () => by);
}

/** A link or image and its label. */
export interface LabelledLink {
  start: number;
  end: number;
  label: string;
}

/**
 * Finds each `[label]` directly followed by `(…)`, or by `[…]` if `second` is "[", in order. A preceding "!" is
 * included if `second` is "(".
 */
export function findLabelledLinks(text: string, second: "(" | "[" = "("): LabelledLink[] {
  const found: LabelledLink[] = [];
  const close = second === "(" ? ")" : "]";
  for (let at = 0; ;) {
    const open = text.indexOf("[", at);
    const middle = open < 0 ? -1 : text.indexOf("]", open + 1);
    if (middle < 0) return found;
    // Brackets opened in between end at the same bracket, and are not links either.
    at = middle + 1;
    if (text.charAt(middle + 1) !== second) continue;
    const last = text.indexOf(close, middle + 2);
    if (last < 0) return found;
    if (second === "[" && middle === open + 1) continue;
    const isImage = second === "(" && text.charAt(open - 1) === "!" && open - 1 >= (found.at(-1)?.end ?? 0);
    found.push({ start: isImage ? open - 1 : open, end: last + 1, label: text.slice(open + 1, middle) });
    at = last + 1;
  }
}

/** Finds the links of a line: the position of each unescaped "](" and its target, which has no spaces. */
export function findLinkTargets(line: string): { start: number; target: string }[] {
  const found: { start: number; target: string }[] = [];
  const stop = /[)\s]/g;
  for (let at = line.indexOf("]("); at >= 0; at = line.indexOf("](", at)) {
    if (line.charAt(at - 1) === "\\") {
      at += 2;
      continue;
    }
    stop.lastIndex = at + 2;
    const last = stop.exec(line);
    // Links that start before this position would end here, too.
    if (last === null) return found;
    if (last[0] === ")" && last.index > at + 2)
      found.push({ start: at, target: line.slice(at + 2, last.index) });
    at = last.index;
  }
  return found;
}

/** The index of the first item at or behind `from` that matches, or −1. Looks at no item before it. */
export function findIndexFrom<T>(
  items: readonly T[],
  from: number,
  isMatch: (item: T, index: number) => boolean,
): number {
  for (let index = from; index < items.length; index++) {
    const item = items[index];
    if (item !== undefined && isMatch(item, index)) return index;
  }
  return -1;
}

/** Removes matching characters at the end. @param sign matches one character; `/[.\s]+$/` would be quadratic */
export function trimEndMatching(text: string, sign: RegExp): string {
  let end = text.length;
  while (end > 0 && sign.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Removes a final `open` … `close` without another `close` inside, and the white space around it. */
export function removeTrailingDelimited(text: string, open: string, close: string): string {
  const whole = text.trimEnd();
  if (!whole.endsWith(close)) return text;
  const before = whole.length < 2 ? -1 : whole.lastIndexOf(close, whole.length - 2);
  const from = whole.indexOf(open, before + 1);
  return from < 0 ? text : text.slice(0, from).trimEnd();
}
