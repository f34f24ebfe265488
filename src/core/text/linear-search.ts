/*
 * Searches that a regular expression does in quadratic time: from each place where the beginning stands, it looks
 * through the whole rest for the end. These look once, and find the same.
 */

/** A stretch of a text, [start, end) in UTF-16 units, and what stands between its beginning and its end. */
export interface DelimitedRange {
  start: number;
  end: number;
  inner: string;
}

/** Each stretch from `open` to the next `close`, in order; as `/open([^]*?)close/g` finds them. */
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

/** The text with something else in the place of some stretches. */
export function replaceRanges<T extends { start: number; end: number }>(
  text: string,
  stretches: T[],
  by: (stretch: T) => string,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const stretch of stretches) {
    parts.push(text.slice(at, stretch.start), by(stretch));
    at = stretch.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** The text with something else in the place of each stretch from `open` to the next `close`. */
export function replaceBetween(text: string, open: string, close: string, by: string): string {
  return replaceRanges(text, findAllBetween(text, open, close), () => by);
}

/** A link or an image in square brackets, and its label. */
export interface LabelledLink {
  start: number;
  end: number;
  label: string;
}

/**
 * Each `[label]` with `(…)` right behind it, or `[…]` where `second` is "[", in order.
 * A "!" before it belongs to it where `second` is "(".
 */
export function findLabelledLinks(text: string, second: "(" | "[" = "("): LabelledLink[] {
  const found: LabelledLink[] = [];
  const close = second === "(" ? ")" : "]";
  for (let at = 0; ;) {
    const open = text.indexOf("[", at);
    const middle = open < 0 ? -1 : text.indexOf("]", open + 1);
    if (middle < 0) return found;
    // What begins between the two ends at the same bracket, and is no link either.
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

/** The links of a line, `](target)`: where each "](" stands that is not escaped, and the target, without blanks. */
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
    // What begins before that stop ends at it, too.
    if (last === null) return found;
    if (last[0] === ")" && last.index > at + 2)
      found.push({ start: at, target: line.slice(at + 2, last.index) });
    at = last.index;
  }
  return found;
}

/** A text without the signs at its end. @param sign matches one character; `/[.\s]+$/` for all of them is quadratic */
export function trimEndMatching(text: string, sign: RegExp): string {
  let end = text.length;
  while (end > 0 && sign.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** A text without what it ends in: blanks, `open` … `close` with no `close` between them, blanks. */
export function removeTrailingDelimited(text: string, open: string, close: string): string {
  const whole = text.trimEnd();
  if (!whole.endsWith(close)) return text;
  const before = whole.length < 2 ? -1 : whole.lastIndexOf(close, whole.length - 2);
  const from = whole.indexOf(open, before + 1);
  return from < 0 ? text : text.slice(0, from).trimEnd();
}
