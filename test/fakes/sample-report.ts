import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createReportChecker } from "../../src/verification/report-checker.js";
import { type CheckedText } from "../../src/verification/checked-text.js";
import { ENGLISH_LOCALIZER } from "../../src/common/messages.js";
import type { ReportViewContext } from "../../src/vscode/report-view/create-report-view.js";

/* The report that comes with the extension, as tests of its view use it. */

const FOLDER = path.resolve("media/sample");
const REPORTS = path.join(FOLDER, "data/reports");
const [NAME = ""] = readdirSync(REPORTS).filter((name) => name.endsWith(".md"));

const SAMPLE_FILE = path.join(REPORTS, NAME);
export const SAMPLE_MARKDOWN = readFileSync(SAMPLE_FILE, "utf8");

/** How many sentences of it cite something; all of them are supported. */
export const SAMPLE_SENTENCES = Number(/^checked: (\d+) supported/m.exec(SAMPLE_MARKDOWN)?.[1]);
export const SAMPLE_DAY = /^date: (.*)$/m.exec(SAMPLE_MARKDOWN)?.[1] ?? "";
/** How many of its headings a table of contents has: those of its sections, "Summary" and "Sources". */
export const SAMPLE_HEADINGS = (SAMPLE_MARKDOWN.match(/^## /gm)?.length ?? 0) + 1;

/** Checks a text as if it stood in the sample's file. */
export function checkSample(markdown: string): Promise<CheckedText> {
  const checker = createReportChecker(null, { workspace: FOLDER });
  return checker.check(markdown, SAMPLE_FILE, new AbortController().signal);
}

export const VIEW_CONTEXT: ReportViewContext = {
  id: "file:///report.md",
  checkedWhen: "checked at 10:15",
  canRun: true,
  l10n: ENGLISH_LOCALIZER,
  formatDay: (day) => day,
};
