/* Finds links in the text of a report. Does not depend on VS Code. */

/** A link target in a line: [start, end), without brackets. */
export interface LinkTargetRange {
  /** 0-based. */
  line: number;
  start: number;
  end: number;
  href: string;
}

/** Maximum number of links, and of characters in a target; our reports have fewer. */
const MOST = 5000;
const LONGEST = 2000;

/**
 * Matches `](target`, `](<target>`, `[name]: target` and `<scheme:target>`. Each is one run of characters, so
 * matching takes linear time.
 */
const TARGET = new RegExp(
  [
    String.raw`\]\(\s{0,8}(?:<([^<>]{1,${LONGEST}})>|([^\s()<>][^\s()<>]{0,${LONGEST}}))`,
    String.raw`^ {0,3}\[[^\][]{1,200}\]:\s{0,8}<?([^\s<>]{1,${LONGEST}})`,
    String.raw`<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{1,${LONGEST}})>`,
  ].join("|"),
  "gi",
);

/** The targets of all links in a text, with any line endings. */
export function findLinkTargetRanges(text: string): LinkTargetRange[] {
  const places: LinkTargetRange[] = [];
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    for (const match of content.matchAll(TARGET)) {
      const [, angled, bare, defined, alone] = match as (string | undefined)[];
      const href = angled ?? bare ?? defined ?? alone ?? "";
      const start = match.index + match[0].lastIndexOf(href);
      places.push({ line, start, end: start + href.length, href });
      if (places.length === MOST) return places;
    }
  }
  return places;
}
