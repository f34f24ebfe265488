import { formatText, type Message } from "../../common/messages.js";
import { LONGEST_LINE, type ParsedReport, type TextRange } from "./parse-report.js";
import { GOOGLE_HEADING } from "./google-answers.js";
import { findVerdictMarks } from "./verdict-marks.js";
import { replaceRanges } from "../text/linear-search.js";

/*
 * The problems a report can have, as data. The surfaces say them in their language.
 */

export type FindingKind =
  | "no-source"
  | "other-link"
  | "no-quote"
  | "bare"
  | "no-snapshot"
  | "snapshot-name"
  | "snapshot-missing"
  | "snapshot-changed"
  | "not-in-snapshot"
  | "facts"
  | "not-verbatim"
  // The sense may differ from the quotes', and no record says that a model judged it.
  | "sense"
  // The last check found that the quotes do not prove the sentence.
  | "refuted"
  // Code has no list of words for the sentence's language.
  | "language"
  | "moved"
  | "changed"
  | "gone"
  // Another version of the package is installed.
  | "version"
  | "edited"
  | "recited"
  | "unmarked"
  | "uncited"
  // What a viewer shows may differ from what is checked.
  | "form"
  | "html"
  | "invisible"
  | "second-sources"
  | "link"
  | "unreadable"
  | "unchecked"
  | "empty"
  // Location of the session's files.
  | "snapshot-elsewhere"
  | "snapshot-outside"
  | "snapshot-link"
  | "journal-unreadable"
  | "journal-other"
  // The report describes a source differently from its snapshot.
  | "origin-title"
  | "origin-link"
  | "origin-day"
  | "origin-commit"
  | "origin-lines"
  // The report differs from what its session wrote.
  | "altered"
  | "added"
  | "removed"
  | "displaced"
  | "foreign-source"
  | "foreign-quote"
  | "counts"
  | "report-missing"
  | "long-line";

/** Differences from the session's record, which may be deliberate edits. */
const EDITS: ReadonlySet<FindingKind> = new Set([
  "edited",
  "recited",
  "unmarked",
  "altered",
  "added",
  "removed",
  "displaced",
  "foreign-source",
  "foreign-quote",
  "counts",
]);

/** True for differences that only an edit outside the product leaves. */
export function isManualEdit({ kind }: ReportProblem): boolean {
  return EDITS.has(kind);
}

/** A part of a report as messages name it: a kind, plus a name or number where several exist. */
export type ReportPart =
  | "field"
  | "title"
  | "question"
  | "note"
  | "heading"
  | "sentence"
  | "row"
  | "table"
  | "block"
  | "text"
  | "source"
  | "link"
  | "snapshot"
  | "searches"
  | "google"
  | "quote";

/** A problem without its location. `says` fills the placeholders of its message. */
export interface ReportProblem {
  kind: FindingKind;
  says: (string | Message)[];
}

/** A problem with its location. */
export interface Finding extends ReportProblem, TextRange {
  severity: "error" | "warning" | "information";
  /** Number of the citation or quote concerned; null for a sentence without one, or for a source. */
  n: string | null;
  /** Range of the quote concerned, where the finding's own range is elsewhere. */
  quoteAt: TextRange | null;
}

/** Names of parts, as the beginning of a sentence. */
const PART_SENTENCES: Record<ReportPart, string> = {
  field: "The field “{0}” of the front matter",
  title: "The title",
  question: "The question",
  note: "The note at the top",
  heading: "The heading",
  sentence: "The sentence",
  row: "The table row",
  table: "The table header",
  block: "The block",
  text: "The text",
  source: "The heading of source {0}",
  link: "The link, title, day, commit or lines of source {0}",
  snapshot: "The snapshot link or hash of source {0}",
  searches: "The note of source {0}",
  google: "The section by Google Search",
  quote: "Quote {0}",
};

const SENTENCES: Record<Exclude<FindingKind, "moved"> | "moved-line" | "moved-page", string> = {
  "no-source": "There is no source {0} in the report.",
  "other-link": "The citation's number does not match its link: source {0}, link to {1}.",
  "no-quote": "Source {0} has no quote {1}.",
  bare: "Source {0} is cited without a quote.",
  "no-snapshot": "The source has no snapshot.",
  "snapshot-name": "The snapshot's file name does not match its hash.",
  "snapshot-missing": "The snapshot {0} is missing.",
  "snapshot-changed": "The snapshot {0} has been changed since it was taken, by hand or by a formatter.",
  "not-in-snapshot": "The quote does not appear in the snapshot.",
  facts: "{0} does not appear in the cited quotes.",
  "not-verbatim": "The block does not show quote {0} word for word.",
  sense: "The sentence may say something other than its quotes: {0}.",
  refuted: "A check found this sentence {0}: its quotes do not support it.",
  language:
    "This sentence is neither English nor German: code checks its numbers and names, but not its sense.",
  "moved-line": "It is now at line {0} of {1}.",
  "moved-page": "It is now on page {0} of {1}.",
  changed: "{0} no longer says this.",
  gone: "{0} no longer exists.",
  version: "{0} is installed now; the quote is from version {1}.",
  edited: "The sentence has been edited since it was checked.",
  recited: "The sentence cites different quotes from those it was checked against.",
  unmarked: "The verdict on this sentence was “{0}”, and the report no longer says so.",
  uncited: "Claim without a citation.",
  form: "This is not in the standard form of a report: what is shown may differ from what is checked.",
  html: "HTML in a report may show something other than what is checked.",
  invisible: "This contains invisible characters.",
  "second-sources": "This heading looks like part of the list of sources: “{0}”.",
  link: "This link leads out of the workspace or does not lead to a page: {0}",
  unchecked:
    "The check of this report took too long or too much memory. Check it in a terminal: deep-research verify",
  unreadable: "This looks like a report but cannot be read as one: {0}",
  empty: "The report has no citation that can be checked.",
  "snapshot-elsewhere": "The snapshot {0} is not in the folder of the report's session.",
  "snapshot-outside": "The snapshot {0} is outside the workspace.",
  "snapshot-link": "The snapshot {0} or its folder is a link.",
  "journal-unreadable": "The journal of the report's session cannot be read: {0}",
  "journal-other": "The journal in the session's folder belongs to another session.",
  "origin-title": "The title of source {0} does not match its snapshot.",
  "origin-link": "The link of source {0} does not match the address in its snapshot.",
  "origin-day": "Source {0} was not read on the day stated in the report.",
  "origin-commit": "Source {0} was not read at the commit stated in the report.",
  "origin-lines": "The quotes of source {0} are not at the lines or pages stated in the report.",
  altered: "{0} has been changed since the report was written.",
  added: "{0} has been added since the report was written.",
  removed: "{0} has been removed here since the report was written.",
  displaced: "{0} has been moved since the report was written.",
  "foreign-source": "Source {0} is not among those that the report's session read.",
  "foreign-quote": "Quote {0} is not among those that the report's session took.",
  counts: "The verdict counts in the front matter do not match the sentences.",
  "report-missing": "The report of the session {0} is missing.",
  "long-line": "This line is too long to read: it has more than 100,000 characters.",
};

/** The problem as a sentence. */
export function describeProblem({ kind, says }: ReportProblem): Message {
  const [first = "", second = "", third = ""] = says;
  switch (kind) {
    case "altered":
    case "added":
    case "removed":
    case "displaced":
      return {
        template: SENTENCES[kind],
        values: [{ template: partSentence(formatText(first)), values: [second] }],
      };
    case "moved":
      return { template: SENTENCES[second === "page" ? "moved-page" : "moved-line"], values: [first, third] };
    case "unmarked":
    case "refuted":
      return {
        template: SENTENCES[kind],
        values: [{ template: formatText(first).replace("-", " "), values: [] }],
      };
    default:
      return { template: SENTENCES[kind], values: says };
  }
}

/** Falls back to "The text": journals of other versions may name unknown parts. */
function partSentence(part: string): string {
  return part in PART_SENTENCES ? PART_SENTENCES[part as ReportPart] : PART_SENTENCES.text;
}

/** The section on open points: its sentences cite nothing. */
const GAPS = "## What could not be settled";
/** The end of a sentence, including closing quotes and brackets. */
const ENDS = /[.!?…。！？]["'”’»)\]*_`]*$/;
/** Citations are blanked out, so that the text between them and the full stop is not taken for a sentence. */
const CITATION = /(?<!\\)\[\[\d+(?:\.\d+)?\]\]\(#source-\d+\)/g;

/**
 * Finds sentences and table rows without a citation, in sections that cite elsewhere. Headings, table headers, the
 * notes at the top, code, and the section on open points make no claims.
 */
export function findUncitedClaims(lines: string[], report: ParsedReport): TextRange[] {
  const found: TextRange[] = [];
  let open: TextRange[] = [];
  let cites = false;
  // What Google says and the open points cite nothing.
  let isFree = false;
  let fence: string | null = null;
  const cited = new Map<number, number>();
  for (const { line, citations } of report.sentences)
    cited.set(line, Math.max(cited.get(line) ?? 0, citations.at(-1)?.end ?? 0));
  const close = (): void => {
    if (cites) found.push(...open);
    open = [];
    cites = false;
  };
  for (let at = report.lines.title ?? 0; at < report.lines.sources - 1; at++) {
    const line = lines[at] ?? "";
    if (line.length > LONGEST_LINE) continue;
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) {
      fence = fence === null ? mark : null;
      continue;
    }
    if (fence !== null || line.trim() === "" || /^\s{0,3}(?:>|<|#{3,6}\s|---)/.test(line)) continue;
    if (/^##? /.test(line)) {
      close();
      isFree = line === GAPS || line === `## ${GOOGLE_HEADING}`;
      continue;
    }
    const citedUpTo = cited.get(at + 1);
    if (citedUpTo !== undefined) cites = true;
    if (isFree) continue;
    if (line.startsWith("|")) {
      if (citedUpTo === undefined && !isTableHead(lines, at)) open.push(rangeFrom(line, at + 1, 0));
      continue;
    }
    const from = citedUpTo ?? 0;
    const bare = line.slice(from).replace(CITATION, (citation) => " ".repeat(citation.length));
    const rest = replaceRanges(bare, findVerdictMarks(bare), ({ start, end }) => " ".repeat(end - start));
    const blanks = /^(?:\s*(?:[-*+]|\d{1,9}[.)])\s+)?\s*/.exec(rest)?.[0].length ?? 0;
    const text = rest.slice(blanks).trim();
    if (isClaim(text))
      open.push({ line: at + 1, start: from + blanks, endLine: at + 1, end: from + blanks + text.length });
  }
  close();
  return found;
}

/** A sentence of at least three words. "See below:" and bold headings are not claims. */
function isClaim(text: string): boolean {
  return ENDS.test(text) && !text.endsWith("?") && (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 3;
}

function isTableHead(lines: string[], at: number): boolean {
  const rule = /^\|[\s:|-]+$/;
  return rule.test(lines[at] ?? "") || rule.test(lines[at + 1] ?? "");
}

function rangeFrom(line: string, number: number, start: number): TextRange {
  return { line: number, start, endLine: number, end: line.trimEnd().length };
}
