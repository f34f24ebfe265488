import * as z from "zod";
import { parseJson } from "../../common/parse-json.js";
import { GOOGLE_HEADING } from "../../core/report/google-answers.js";
import { parseReport, splitReportLines } from "../../core/report/parse-report.js";
import { parseBackupPath } from "./allowed-paths.js";

/*
 * Leaves what Google Search said out of a backup: Google lets the person who asked keep it, but not pass it on. A
 * report without its section still verifies; a session without the answers resumes without them.
 */

const SearchOutcome = z.looseObject({
  type: z.literal("outcome"),
  task: z.looseObject({ type: z.literal("search") }),
  value: z.looseObject({ grounded: z.looseObject({}) }),
});
const Data = z.looseObject({ report: z.looseObject({ google: z.unknown() }) });

/** Whether a file may hold such answers, by its path in the backup. */
export function mayHoldGoogleAnswers(path: string): boolean {
  const parsed = parseBackupPath(path);
  if (parsed?.kind === "report") return true;
  // Snapshots are in a folder of their own.
  return parsed?.kind === "session" && parsed.names.length === 1;
}

/** A file's text without Google's answers; null where it has none. */
export function withoutGoogleAnswers(path: string, text: string): string | null {
  if (path.endsWith(".jsonl")) return withoutOutcomes(text);
  if (path.endsWith(".json")) return withoutField(text);
  return text.includes(`## ${GOOGLE_HEADING}`) ? withoutSection(text) : null;
}

/** A journal without them. Sessions of earlier versions cite what Google said, so theirs stay as they are. */
function withoutOutcomes(text: string): string | null {
  const [header = ""] = text.split("\n", 1);
  const scope = z.looseObject({ scope: z.array(z.string()) }).safeParse(parseJson(header)).data?.scope ?? [];
  if (!scope.includes("google")) return null;
  return text
    .split("\n")
    .map((line) => {
      if (!line.startsWith('{"type":"outcome"') || !line.includes('"grounded":{')) return line;
      const { data } = SearchOutcome.safeParse(parseJson(line));
      return data === undefined
        ? line
        : JSON.stringify({ ...data, value: { ...data.value, grounded: null } });
    })
    .join("\n");
}

function withoutField(text: string): string | null {
  if (!text.includes('"google"')) return null;
  const { data } = Data.safeParse(parseJson(text));
  if (data?.report.google === undefined) return null;
  return `${JSON.stringify({ ...data, report: { ...data.report, google: undefined } }, null, 1)}\n`;
}

function withoutSection(text: string): string | null {
  try {
    const { google } = parseReport(text);
    if (google === null) return null;
    const lines = splitReportLines(text);
    return [...lines.slice(0, google.line - 1), ...lines.slice(google.endLine)].join("\n");
  } catch {
    // Only our own reports have such a section.
    return null;
  }
}
