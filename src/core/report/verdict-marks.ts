import type { Verdict } from "../domain/schema.js";
import type { DelimitedRange } from "../text/linear-search.js";

/** The verdicts as reports say them, in English. */
export const VERDICT_WORDS: Record<Verdict, string> = {
  supported: "supported",
  qualified: "qualified",
  contradicted: "contradicted",
  unsupported: "unsupported",
  "not-checked": "not checked",
};

/** The verdict mark in italics after a sentence: "*(qualified: the reason)*". */
export interface VerdictMark extends DelimitedRange {
  verdict: Verdict;
}

const OPEN = /\*\((qualified|contradicted|unsupported|not checked)(: |\)\*)/g;

/** Finds the marks of a line, in order. `inner` is the reason; empty if there is none. */
export function findVerdictMarks(line: string): VerdictMark[] {
  const found: VerdictMark[] = [];
  let from = 0;
  for (const { index, 0: open, 1: words = "", 2: end } of line.matchAll(OPEN)) {
    if (index < from) continue;
    const inside = index + open.length;
    const verdict = words.replace(" ", "-") as Verdict;
    if (end === ")*") found.push({ start: index, end: inside, inner: "", verdict });
    else {
      const close = line.indexOf(")*", inside);
      // If this mark has no end, no later one has.
      if (close < 0) break;
      found.push({ start: index, end: close + 2, inner: line.slice(inside, close), verdict });
    }
    from = found.at(-1)?.end ?? 0;
  }
  return found;
}

/** Whether a text begins with front matter that names a session. The first few kilobytes of a file are enough. */
export function hasReportHead(text: string): boolean {
  const begin = /^\ufeff?---\r?\n/m.exec(text);
  return begin !== null && /^session: /m.test(text.slice(begin.index + begin[0].length));
}
