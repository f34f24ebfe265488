import path from "node:path";
import * as vscode from "vscode";
import { reportLinksFrom, sessionFolderOfReport, type CheckedText } from "../../app/check-report.js";
import {
  recheckOffline,
  toWrittenSentence,
  type RecheckRequest,
  type RecheckResult,
} from "../../app/recheck-sentence.js";
import { readSessionSnapshots, type SessionSnapshot } from "../../app/session-snapshots.js";
import { textFormat } from "../../core/text/passages.js";
import {
  findCandidateQuotes,
  type CandidateQuote,
  type SearchableText,
} from "../../core/evidence/candidate-quotes.js";
import { sentenceFromMarkdown } from "../../core/text/markdown-escape.js";
import { citationEdits, citationNumber, type NewQuote } from "../../core/report/report-edits.js";
import { renderSourceEntry, type ReportLinks } from "../../core/report/render-report.js";
import type { ParsedCitation, ParsedSentence, TextRange } from "../../core/report/parse-report.js";
import type { Evidence, SourceLocation } from "../../core/domain/schema.js";
import { pickOne } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { openNamedReport, SentenceArgument } from "./command-arguments.js";
import { reportRoot } from "./checked-documents.js";
import { escapeToOneLine } from "./escape-markdown.js";
import { findSentenceAt } from "../../core/report/find-sentence.js";
import { recordEdit } from "./record-edit.js";
import { resolveOutside } from "./outside-links.js";
import { rangeOfOffsets } from "./locations.js";
import { sourceName } from "./source-links.js";
import { allowedLinkRoots } from "./link-roots.js";
import { applyEdits, toRecheckRequest, plainTextOf } from "./sentence-edits.js";
import { recheckInWindow, showRecheckResult, type RecheckContext } from "./recheck-sentence.js";
import { toDiskPath } from "../virtual/virtual-paths.js";

/** Maximum number of snapshots to search. */
const SNAPSHOTS = 300;

/** A text to search for a quote: of a source in the report, or of another one that the session read. */
interface Text extends SearchableText {
  name: string;
  source: number | SessionSnapshot;
}

/**
 * Looks for a quote that supports a sentence in what the session read. The chosen quote is cited after the
 * sentence, and the sentence is checked against it. Nothing else leaves the machine.
 * @returns the citation's number, or undefined if nothing was chosen
 */
export async function findSourceForSentence(
  argument: unknown,
  rechecking: RecheckContext,
): Promise<string | undefined> {
  const { report, line, start } = SentenceArgument.parse(argument);
  const { reports } = rechecking;
  const document = await openNamedReport(report);
  const checked = await reports.of(document);
  const target =
    checked === null || line === null ? null : findCitationTarget(document, checked, line, start);
  if (checked === null || target === null) return undefined;
  const texts = await loadTexts(document.uri, checked);
  const found = findCandidateQuotes(target.text, texts);
  if (found.length === 0) {
    throw new WindowProblem(
      "no-quote",
      vscode.l10n.t("No snapshot in this session contains anything similar to this sentence."),
    );
  }
  const chosen = await choose(target.text, found, texts);
  const text = texts.find(({ id }) => id === chosen?.id);
  if (chosen === undefined || text === undefined) return undefined;

  const lines = quoteLines(checked, text, chosen);
  const added: NewQuote = {
    quote: chosen.quote,
    lines,
    source:
      typeof text.source === "number"
        ? text.source
        : {
            entry: createSourceEntry(reportLinks(document.uri, checked), text.source, chosen, lines),
          },
  };
  const n = citationNumber(checked.read, added);
  const sentence = toRecheckRequest(checked.read, target);
  const numbers = new Set([...target.citations.map((each) => each.n), n]);
  const cited = { text: target.text, citations: [...numbers].map((each) => ({ n: each })) };
  const whole: RecheckRequest = {
    ...sentence,
    quotes: [
      ...sentence.quotes.filter((each) => each.n !== n),
      { n, quote: chosen.quote, source: text.name },
    ],
  };
  const judged: RecheckResult = vscode.workspace.isTrusted
    ? await recheckInWindow(document.uri, whole, (verdict) => toWrittenSentence(cited, verdict), rechecking)
    : await recheckOffline(whole, new AbortController().signal);

  // The document may have changed during the check.
  const now = await reports.of(document);
  const current = now === null ? null : findCitationTarget(document, now, line ?? 0, start);
  if (now === null || current?.text !== target.text) return undefined;
  const before = document.getText();
  await applyEdits(document.uri, citationEdits(before, now.read, current.at, added, judged));
  const changed = { sentences: [toWrittenSentence(cited, judged.verdict)], line: current.at.line };
  await recordEdit(document.uri, before, document.getText(), changed, rechecking.log);
  await reports.again(document);
  if (judged.verdict !== "supported") showRecheckResult(judged, { report, line, start });
  return n;
}

/** What gets the citation: a citing sentence, or text that cites nothing. */
function findCitationTarget(
  document: vscode.TextDocument,
  { read, findings }: CheckedText,
  line: number,
  start: number,
): {
  text: string;
  citations: ParsedCitation[];
  block: ParsedSentence["block"];
  at: ParsedSentence | TextRange;
} | null {
  const uncited = findings.find(
    (each) => each.kind === "uncited" && each.line === line && start >= each.start && start <= each.end,
  );
  if (uncited !== undefined) {
    const text = sentenceFromMarkdown(plainTextOf(document, uncited)).trim();
    return { text, citations: [], block: null, at: uncited };
  }
  const sentence = findSentenceAt(read, line, start);
  if (sentence === null) return null;
  if (sentence.block !== null) {
    throw new WindowProblem(
      "no-quote",
      vscode.l10n.t("A block shows one quote word for word, so it cannot cite another one."),
    );
  }
  const { text, citations, block } = sentence;
  return { text, citations, block, at: sentence };
}

/** The texts that the session read, starting with the report's own sources. */
async function loadTexts(uri: vscode.Uri, { read, snapshots }: CheckedText): Promise<Text[]> {
  const texts: Text[] = [];
  for (const [number, text] of snapshots) {
    const source = read.sources.get(number);
    if (source === undefined) continue;
    const place: SourceLocation =
      source.file === null
        ? { kind: "page", url: source.url ?? "" }
        : { kind: "workspace", path: source.file.path };
    texts.push({
      id: source.snapshot?.sha256 ?? `${number}`,
      text,
      format: textFormat(place),
      name: sourceName(source),
      source: number,
    });
  }
  const folder = sessionFolderOfReport(read, toDiskPath(uri) ?? uri.fsPath);
  // The session folder comes from a link in the report, so it must be inside the allowed folders.
  if (folder === null || resolveOutside(folder, allowedLinkRoots(uri)) !== null) return texts;
  const known = texts.map(({ id }) => id);
  for (const snapshot of await readSessionSnapshots(folder, SNAPSHOTS, known)) {
    const { sha256, text, place, name } = snapshot;
    texts.push({ id: sha256, text, format: textFormat(place), name, source: snapshot });
  }
  return texts;
}

interface CandidateItem extends vscode.QuickPickItem {
  candidate: CandidateQuote;
}

async function choose(
  sentence: string,
  found: CandidateQuote[],
  texts: Text[],
): Promise<CandidateQuote | undefined> {
  const items = found.map((candidate): CandidateItem => {
    const text = texts.find(({ id }) => id === candidate.id);
    const sourceLabel =
      typeof text?.source === "number"
        ? vscode.l10n.t("source {0}", text.source)
        : vscode.l10n.t("not cited yet");
    return {
      label: escapeToOneLine(candidate.quote),
      description: sourceLabel,
      detail: escapeToOneLine(
        [text?.name ?? "", candidate.heading].filter((each) => each !== "").join(" › "),
      ),
      candidate,
    };
  });
  const chosen = await pickOne(items, {
    title: vscode.l10n.t("Deep Research: Look for a Source"),
    placeHolder: vscode.l10n.t(
      "Which quote supports this? “{0}”",
      sentence.length > 90 ? `${sentence.slice(0, 90)}…` : sentence,
    ),
    matchOnDetail: true,
  });
  return chosen?.candidate;
}

/** The entry for a source that the report does not list yet. */
function createSourceEntry(
  links: ReportLinks,
  { sha256, name, place, readOn, commit }: SessionSnapshot,
  { quote, start, end }: CandidateQuote,
  lines: [number, number] | null,
): string[] {
  const evidence: Evidence = {
    id: "", source: 0, quote, start, end, check: "exact", heading: "", claim: "", questions: [], pages: null,
    lines,
  }; // prettier-ignore
  const source = {
    place, title: name, readAt: `${readOn}T00:00:00.000Z`, sha256, textSha256: null, commit, lines: null, pages: null,
    canonical: null, queries: [], warnings: [],
  }; // prettier-ignore
  return renderSourceEntry({ source, quotes: [evidence] }, links);
}

/** The lines of a quote in its file, if the snapshot has the file's own lines. */
function quoteLines(
  { read }: CheckedText,
  { text, source }: Text,
  { start, end }: CandidateQuote,
): [number, number] | null {
  const file = typeof source === "number" ? read.sources.get(source)?.file?.path : source.place;
  const name =
    typeof file === "object"
      ? file.kind === "workspace" || file.kind === "package"
        ? file.path
        : null
      : (file ?? null);
  if (name === null || /\.(?:x?html?|pdf)$/i.test(name)) return null;
  const range = rangeOfOffsets(text, start, end);
  return [range.start.line + 1, range.end.line + 1];
}

/** The workspace and the session, relative to the report. */
function reportLinks(report: vscode.Uri, { read }: CheckedText): ReportLinks {
  const file = toDiskPath(report) ?? report.fsPath;
  const session = sessionFolderOfReport(read, file);
  return reportLinksFrom(file, reportRoot(report), session ?? path.dirname(file));
}
