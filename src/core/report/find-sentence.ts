import type { ParsedReport, ParsedSentence } from "./parse-report.js";

/**
 * Finds the citing sentence at a position, or the one whose block is there.
 * @param line 1-based
 * @param column 0-based, in UTF-16 units; if no sentence of the line is there, the line's first one is found
 */
export function findSentenceAt(
  { sentences }: ParsedReport,
  line: number,
  column: number,
): ParsedSentence | null {
  const onLine = sentences.filter(
    ({ line: own, block }) => own === line || (block !== null && block.line <= line && line <= block.endLine),
  );
  const last = (each: ParsedSentence): number => each.mark?.end ?? each.citations.at(-1)?.end ?? each.end;
  return onLine.find((each) => column >= each.start && column <= last(each)) ?? onLine[0] ?? null;
}
