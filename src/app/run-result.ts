import { type Message } from "../common/messages.js";
import path from "node:path";
import type { ErrorCode } from "../common/errors.js";
import type { ReportChanges } from "../core/report/report-diff.js";
import { listCitations } from "../core/report/render-report.js";
import { collapseWhitespace } from "../common/collapse-whitespace.js";
import type {
  GoogleAnswer,
  PartialReason,
  ProviderId,
  Report,
  SourceLocation,
  Verdict,
} from "../core/domain/schema.js";

/* What a run leaves, as programs read it. */

/** Number of sentences of a section that replace a missing summary. */
const MAX_SENTENCES = 3;

/** What a run leaves, as `--json` prints it. Paths are relative to the workspace. */
export interface RunResult {
  session: string;
  status: "done" | "partial" | "failed" | "cancelled";
  /** Where status is "partial": whether the sources do not answer, or something is left to do. */
  reason?: PartialReason;
  engine: ProviderId;
  report: string | null;
  calls: { model: number; search: number; read: number };
  tokens: { in: number; out: number };
  usd: number;
  seconds: number;
  evidence: JsonEvidence[];
  citations: { n: string; claim: string; evidence: string[]; verdict: Verdict }[];
  /** The answer in short, in plain text; null without a report. */
  answer: AnswerInShort | null;
  /** What Google Search says, which nothing cites; absent where it was not asked. */
  google?: GoogleAnswer[];
  /** What came of it, where the session refreshes a report. */
  refresh?: RefreshResult;
  /** What went wrong, where status is "failed"; "plan-waits" where it was cancelled until its plan is run. */
  /** `message` includes the remedy, `what` does not. */
  error?: { code: ErrorCode; message: Message; what: Message };
}

/** A report's title and summary, a sentence each; and what it says about what stays unanswered. */
export interface AnswerInShort {
  title: string;
  summary: string[];
  unanswered: string[];
}

/** The result of a refresh, as `--json` prints it. Paths are relative to the workspace. */
export interface RefreshResult {
  /** The report that was refreshed. */
  report: string;
  /** The new one, while it waits to be accepted or discarded; null where nothing changed or it was accepted. */
  draft: string | null;
  /** Whether the report that was refreshed had been edited by hand: the draft does not have the edits. */
  edited: boolean;
  changes: ReportChanges;
}

export interface JsonEvidence {
  id: string;
  quote: string;
  check: "exact" | "normalized" | "grounded";
  /** Where the quote stands, [start, end) in UTF-16 units of the text of the snapshot with that SHA-256. */
  at: { sha256: string; start: number; end: number } | null;
  source:
    | { kind: "workspace"; path: string; lines: [number, number]; pages?: [number, number] }
    | { kind: "package"; package: string; path: string; file: string | null; lines: [number, number] }
    | { kind: "commit"; commit: string; lines: [number, number] }
    | { kind: "page" | "grounded"; url: string; title: string; pages?: [number, number] };
}

/** A path as answers show it: relative to the workspace, with forward slashes. */
export function toWorkspaceRelative(workspace: string, file: string): string {
  return path.relative(workspace, file).split(path.sep).join("/");
}

export function toJsonEvidence(report: Report): JsonEvidence[] {
  return report.evidence.flatMap(
    ({ id, quote, check, source: index, start, end, lines, pages }): JsonEvidence[] => {
      const source = report.sources[index];
      if (source === undefined) return [];
      const { place, title } = source;
      return [
        {
          id,
          quote,
          check,
          at: source.sha256 === null ? null : { sha256: source.sha256, start, end },
          source: toJsonSource(place, title, lines ?? [1, 1], pages),
        },
      ];
    },
  );
}

function toJsonSource(
  place: SourceLocation,
  title: string,
  lines: [number, number],
  pages: [number, number] | null,
): JsonEvidence["source"] {
  const counted = pages === null ? {} : { pages };
  switch (place.kind) {
    case "workspace":
      return { kind: "workspace", path: place.path, lines, ...counted };
    case "package":
      return {
        kind: "package",
        package: `${place.name}@${place.version}`,
        path: place.path,
        file: place.file,
        lines,
      };
    case "commit":
      return { kind: "commit", commit: place.commit, lines };
    default:
      return { kind: place.kind, url: place.url, title, ...counted };
  }
}

/** A report in short. One without a summary is answered by its first section. */
export function toAnswerInShort({ title, summary, sections, limits, partial }: Report): AnswerInShort {
  const first = sections[0]?.paragraphs.flat() ?? [];
  const sentences = (summary.length > 0 ? summary : first.slice(0, MAX_SENTENCES)).map(({ text }) => text);
  const open = limits.filter(({ evidence }) => evidence.length === 0).map(({ text }) => text);
  return {
    title,
    summary: sentences.map(collapseWhitespace),
    unanswered: [...(partial === "" ? [] : [partial]), ...open].map(collapseWhitespace),
  };
}

export function toJsonCitations(report: Report): RunResult["citations"] {
  return listCitations(report).map(({ n, claim, evidence }) => ({
    n,
    claim: claim.text,
    evidence: evidence.map(({ id }) => id),
    verdict: claim.verdict,
  }));
}
