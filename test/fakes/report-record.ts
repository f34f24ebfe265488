import { parseReport, shownVerdict, splitReportLines } from "../../src/core/report/parse-report.js";
import { hashReportLines } from "../../src/storage/reports/report-line-hashes.js";
import type { WrittenSentence } from "../../src/storage/sessions/journal-schema.js";
import { toWrittenSentence } from "../../src/verification/checked-sentences.js";

/** What a journal would hold of a report that is there as a file, such as one of an earlier version. */
export function recordOfReport(markdown: string): { sentences: WrittenSentence[]; lines: string[] } {
  const report = parseReport(markdown);
  const lines = hashReportLines(splitReportLines(markdown), report);
  return {
    sentences: report.sentences.map((each) => toWrittenSentence(each, shownVerdict(each))),
    lines: lines.map(({ hash, part, name }) => `${hash} ${part} ${name}`.trimEnd()),
  };
}
