import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { splitLines, type Span } from "../../core/text/sentences.js";

/*
 * Tables as they stand in a source's text: each cell of a row names its column ("| Plan: Basic | Price: $5 |"), so that
 * a row says what it says without the head.
 */

/** The rows of a table that is longer, in characters, are quoted one by one. */
const MAX_LENGTH = 600;
const ROW = /^\s*\|.*\|\s*$/;
const DELIMITER = /^\s*\|[\s|:-]+\|\s*$/;

/** What can be quoted of the tables of a Markdown text outside of fences: all rows of a short one, each row of a long one. */
export function findTableParts(text: string, isInFence: (span: Span) => boolean): Span[] {
  const parts: Span[] = [];
  let rows: (Span & { text: string })[] = [];
  const close = (): void => {
    parts.push(...splitTable(rows));
    rows = [];
  };
  for (const line of splitLines(text)) {
    if (ROW.test(line.text) && !isInFence(line)) rows.push(line);
    else close();
  }
  close();
  return parts;
}

function splitTable(rows: (Span & { text: string })[]): Span[] {
  const hasHead = DELIMITER.test(rows[1]?.text ?? "");
  const body = rows.slice(hasHead ? 2 : 0).filter(({ text }) => !DELIMITER.test(text));
  const [first] = body;
  const last = body.at(-1);
  if (first === undefined || last === undefined) return [];
  if (last.end - first.start <= MAX_LENGTH) return [{ start: first.start, end: last.end }];
  return body.map(({ start, end }) => ({ start, end }));
}

/** The claim of a quote that is rows of a table: on one line, with their bars. */
export function tableToClaim(quote: string): string {
  return collapseWhitespace(quote);
}

/** Whether a claim is that of rows of a table. */
export function isTableClaim(claim: string): boolean {
  return claim.startsWith("|") && claim.endsWith("|") && claim.length > 2;
}
