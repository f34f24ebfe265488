import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { localizeMessage, type Localizer } from "../../common/messages.js";
import type { CheckedText } from "../../app/check-report.js";
import { providerName } from "../../app/model-providers.js";
import { OFFLINE_PROVIDER } from "../../core/domain/schema.js";
import { AUTHORITY_NAMES } from "../../core/report/authority-line.js";
import { describeProblem } from "../../core/report/findings.js";
import { GOOGLE_HEADING } from "../../core/report/google-answers.js";
import {
  parseReport,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSentence,
  type ParsedSource,
} from "../../core/report/parse-report.js";
import { showMisleadingCharacters } from "../plain-text.js";
import { livePageUrl, sourceName } from "../report-editor/source-links.js";
import { createSentenceChecks, describeCitationState, type SentenceChecks } from "./citation-states.js";
import { parseReportBody, type ReportBlock, type TextUnit } from "./parse-report-body.js";
import type {
  BlockData,
  CitationData,
  CitationState,
  ReportViewData,
  SentenceData,
  SourceData,
} from "./page-messages.js";

/* Makes the data of the report view from the text of a report and its last check. Does not depend on VS Code. */

/** What the window knows about a report. */
export interface ReportViewContext {
  /** The report's address. */
  id: string;
  /** When the last check ended, in words; empty before that. */
  checkedWhen: string;
  canRun: boolean;
  l10n: Localizer;
  /** A day, YYYY-MM-DD, in the window's language. */
  formatDay: (day: string) => string;
}

/** Characters of a snapshot that are shown on each side of a quote. */
const CONTEXT = 130;
/** Maximum number of characters of a quote that are shown. */
const LONGEST_QUOTE = 2000;
/** Maximum number of characters of a sentence in the list of those that cite a source. */
const LONGEST_LINK = 110;
/** Maximum number of problems that are listed. */
const MAX_PROBLEMS = 20;

/** The section on open points. */
const GAPS = "What could not be settled";

/**
 * The data of the view.
 * @param checked the last check of this text; null if it is still to come
 * @throws ResearchError "bad-report" if the text is not a report
 */
export function createReportView(
  markdown: string,
  checked: CheckedText | null,
  context: ReportViewContext,
): ReportViewData {
  const read = checked?.read ?? parseReport(markdown);
  const { l10n, id, canRun } = context;
  const body = parseReportBody(markdown, read);
  const checks = createSentenceChecks(read, checked, l10n);
  const sentences = new SentenceFactory(read, checked, checks, context);
  const blocks = body.blocks.map((block) => toBlockData(block, sentences));
  const view: ReportViewData = {
    id,
    title: read.fields.get("title") ?? "",
    question: body.question,
    notes: body.notes,
    facts: listFacts(read, context),
    checked: countSentences(sentences.cited(), checked, context),
    changes: listChanges(checked, read, l10n),
    problems: checks.others.slice(0, MAX_PROBLEMS),
    missing: findMissing(body.blocks, read, l10n),
    blocks,
    sources: [...read.sources].map(([number, source]) => sentences.source(number, source)),
    canRun,
  };
  return showHiddenDeep(view);
}

/** Makes sentences with keys in text order, and remembers which source each cites. */
class SentenceFactory {
  private next = 0;
  private readonly made: SentenceData[] = [];
  private readonly keys = new Map<ParsedSentence, number>();
  private readonly citedBy = new Map<number, { key: number; text: string }[]>();

  constructor(
    private readonly read: ParsedReport,
    private readonly checked: CheckedText | null,
    private readonly checks: SentenceChecks,
    private readonly context: ReportViewContext,
  ) {
    for (const [index, sentence] of read.sentences.entries()) this.keys.set(sentence, index);
    this.next = read.sentences.length;
  }

  /** The sentences with citations that were made. */
  cited(): SentenceData[] {
    return this.made;
  }

  make(unit: TextUnit): SentenceData {
    const { pieces, sentence } = unit;
    if (sentence === null) return { key: this.next++, pieces, citations: [], verdict: null, attention: [] };
    const key = this.keys.get(sentence) ?? this.next++;
    const { l10n } = this.context;
    const { mark } = sentence;
    const made: SentenceData = {
      key,
      pieces,
      citations: sentence.citations.map((citation) => this.citation(sentence, citation)),
      verdict:
        mark === null || mark.verdict === "supported"
          ? null
          : {
              state: mark.verdict,
              word: describeCitationState(mark.verdict, false, l10n),
              reason: mark.reason,
            },
      attention: this.checks.attentionOf(sentence),
    };
    this.made.push(made);
    this.link(sentence, key);
    return made;
  }

  block(sentence: ParsedSentence | null): SentenceData | null {
    return sentence === null ? null : this.make({ pieces: [], sentence });
  }

  source(number: number, source: ParsedSource): SourceData {
    const { l10n } = this.context;
    return {
      number,
      title: titleOf(source),
      place: placeOf(source, null),
      kind: [kindOf(source, l10n), authorityIn(source, l10n)].filter((each) => each !== "").join(" · "),
      readOn: this.readOn(source),
      sha256: source.snapshot?.sha256 ?? "",
      quotes: source.quotes.map((quote) => shorten(quote, LONGEST_QUOTE)),
      citedBy: this.citedBy.get(number) ?? [],
      hasFile: source.file !== null,
      hasSnapshot: this.checked?.snapshots.has(number) ?? false,
      page: livePageUrl(source, undefined),
    };
  }

  private citation(sentence: ParsedSentence, citation: ParsedCitation): CitationData {
    const { n, source: number, quote } = citation;
    const { l10n } = this.context;
    const source = this.read.sources.get(number);
    const text = quote === null ? undefined : source?.quotes[quote - 1];
    const { state, problem } = this.checks.stateOf(sentence, citation);
    const today = this.checked?.quotes.get(n)?.today ?? null;
    return {
      n,
      state,
      word: describeCitationState(state, isVerbatim(sentence, text), l10n),
      problem,
      quote: text === undefined ? null : this.quoteInContext(n, number, text),
      title: source === undefined ? "" : titleOf(source),
      place: source === undefined ? "" : placeOf(source, today?.lines?.[0] ?? null),
      readOn: source === undefined ? "" : this.readOn(source),
      hasFile: source?.file != null && today?.lines != null,
      hasSnapshot: this.checked?.snapshots.has(number) ?? false,
      page: source === undefined ? null : livePageUrl(source, text),
    };
  }

  private quoteInContext(n: string, source: number, quote: string): CitationData["quote"] {
    const text = shorten(quote, LONGEST_QUOTE);
    const at = this.checked?.quotes.get(n)?.inSnapshot ?? null;
    const snapshot = this.checked?.snapshots.get(source);
    if (at === null || snapshot === undefined) return { before: "", text, after: "" };
    return {
      before: textBefore(snapshot, at.start),
      text,
      after: textAfter(snapshot, at.end),
    };
  }

  private readOn({ readOn }: ParsedSource): string {
    const { l10n, formatDay } = this.context;
    return readOn === null ? "" : l10n.t("read on {0}", formatDay(readOn));
  }

  private link({ text, citations }: ParsedSentence, key: number): void {
    const link = { key, text: shorten(collapseWhitespace(text), LONGEST_LINK) };
    for (const number of new Set(citations.map(({ source }) => source))) {
      const links = this.citedBy.get(number);
      if (links === undefined) this.citedBy.set(number, [link]);
      else links.push(link);
    }
  }
}

function toBlockData(block: ReportBlock, sentences: SentenceFactory): BlockData {
  switch (block.kind) {
    case "heading":
    case "links":
      return block;
    case "paragraph":
      return {
        kind: "paragraph",
        isItem: block.isItem,
        sentences: block.units.map((unit) => sentences.make(unit)),
      };
    case "code":
    case "quote":
    case "list":
      return { ...block, sentence: sentences.block(block.sentence) };
    case "table":
      return {
        kind: "table",
        head: block.head,
        rows: block.rows.map(({ cells, sentence }) => ({ cells, sentence: sentences.block(sentence) })),
        sentence: sentences.block(block.sentence),
      };
  }
}

/** Whether a sentence says what its quote says, to the letter. */
function isVerbatim({ text, block }: ParsedSentence, quote: string | undefined): boolean {
  if (quote === undefined) return false;
  return block !== null || collapseWhitespace(text) === collapseWhitespace(quote);
}

function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}

/** The text before a quote, from the beginning of a word. */
function textBefore(snapshot: string, start: number): string {
  const from = Math.max(0, start - CONTEXT);
  const text = snapshot.slice(from, start);
  return withoutBlankLines(from === 0 ? text : `…${text.replace(/^\S{0,40}/, "")}`);
}

/** The text after a quote, to the end of a word. */
function textAfter(snapshot: string, end: number): string {
  const to = Math.min(snapshot.length, end + CONTEXT);
  const text = snapshot.slice(end, to);
  if (to === snapshot.length) return withoutBlankLines(text);
  const cut = Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n"));
  return withoutBlankLines(`${cut > 0 ? text.slice(0, cut) : text} …`);
}

function withoutBlankLines(text: string): string {
  return text.replace(/\n(?:[ \t]*\n)+/g, "\n");
}

/** The title of a source without the path, which is shown beside it. */
function titleOf(source: ParsedSource): string {
  const title = sourceName(source);
  const { file } = source;
  return file === null ? title : title.replace(` (${shownPath(file.path)})`, "");
}

/** A path without the steps up from the report's folder. */
function shownPath(path: string): string {
  return path.replace(/^(?:\.\.?\/)+/, "");
}

/** The file with the line of its quote, or the domain of the page. */
function placeOf({ file, url }: ParsedSource, line: number | null): string {
  if (file !== null) {
    const name = shownPath(file.path);
    const first = line ?? file.ranges[0]?.first;
    return first === undefined ? name : `${name}:${first}`;
  }
  if (url === null || !URL.canParse(url)) return "";
  return new URL(url).hostname.replace(/^www\./, "");
}

function kindOf({ file, url, grounded }: ParsedSource, l10n: Localizer): string {
  if (grounded) return l10n.t("Found with Google Search, not re-checkable");
  if (file === null) return url === null ? l10n.t("Package or commit") : l10n.t("Web page");
  return l10n.t("File in the workspace");
}

/** Whose word a source is; empty where that is not known. */
function authorityIn({ authority }: ParsedSource, l10n: Localizer): string {
  return authority === null ? "" : localizeMessage(AUTHORITY_NAMES[authority], l10n);
}

function listFacts({ fields }: ParsedReport, { l10n, formatDay }: ReportViewContext): string[] {
  const engine = fields.get("engine") ?? "";
  const depth = fields.get("depth") ?? "";
  const date = fields.get("date") ?? "";
  const depths: Record<string, string> = {
    quick: l10n.t("quick"),
    standard: l10n.t("standard"),
    deep: l10n.t("deep"),
  };
  return [
    /^\d{4}-\d{2}-\d{2}$/.test(date) ? formatDay(date) : date,
    engine === "" ? "" : engine === OFFLINE_PROVIDER ? l10n.t("offline engine") : providerName(engine),
    Object.hasOwn(depths, depth) ? (depths[depth] ?? "") : "",
  ].filter((fact) => fact !== "");
}

/** A source that changed since is no fault of the report: its snapshot still has the quote. */
const VERIFIED: ReadonlySet<CitationState> = new Set(["supported", "changed"]);

function countSentences(
  sentences: SentenceData[],
  checked: CheckedText | null,
  { l10n, checkedWhen }: ReportViewContext,
): ReportViewData["checked"] {
  const cited = sentences.filter(({ citations }) => citations.length > 0);
  const all = cited.length;
  const verified = cited.filter(({ citations }) =>
    citations.every(({ state }) => VERIFIED.has(state)),
  ).length;
  const label =
    all === 0
      ? l10n.t("No sentence with a citation")
      : checked === null
        ? l10n.t("Checking {0} sentences …", all)
        : l10n.t("{0} of {1} verified", verified, all);
  return { verified: checked === null ? 0 : verified, all, label, when: checked === null ? "" : checkedWhen };
}

/** Quotes whose files say something else now. */
function listChanges(
  checked: CheckedText | null,
  read: ParsedReport,
  l10n: Localizer,
): ReportViewData["changes"] {
  const items = new Map<string, number>();
  for (const [n, { today }] of checked?.quotes ?? []) {
    const problem = today?.problem ?? null;
    if (problem === null || problem.kind === "moved") continue;
    const source = read.sources.get(Number(n.split(".")[0]));
    const name = source === undefined ? "" : placeOf(source, null);
    const text = localizeMessage(describeProblem(problem), l10n);
    const item = name === "" ? text : `${name}: ${text}`;
    items.set(item, (items.get(item) ?? 0) + 1);
  }
  const quotes = [...items.values()].reduce((sum, count) => sum + count, 0);
  const label =
    quotes === 0
      ? ""
      : quotes === 1
        ? l10n.t("1 quote is outdated: its source has changed")
        : l10n.t("{0} quotes are outdated: their sources have changed since", quotes);
  return { label, items: [...items.keys()] };
}

/** What the report says was not found: its open points, and whether it has an answer at all. */
function findMissing(
  blocks: ReportBlock[],
  { sentences, google }: ParsedReport,
  l10n: Localizer,
): ReportViewData["missing"] {
  const isWhole = sentences.length === 0 && google === null;
  const from = blocks.findIndex((block) => block.kind === "heading" && block.text === GAPS);
  const behind = blocks.slice(from + 1);
  const next = behind.findIndex((block) => block.kind === "heading" && block.text === GOOGLE_HEADING);
  const open = from >= 0 ? behind.slice(0, next < 0 ? undefined : next) : isWhole ? blocks : [];
  const points = open
    .flatMap((block) => (block.kind === "paragraph" ? block.units : []))
    .filter(({ sentence }) => sentence === null)
    .map(({ pieces }) => pieces.map(({ text }) => text).join(""))
    .flatMap((text) => text.split(/(?<=[.!?]) (?=\p{Lu})/u))
    .filter((text) => text.trim() !== "");
  if (!isWhole && points.length === 0) return null;
  const title = isWhole ? l10n.t("No answer was found") : l10n.t("Parts of the question were not answered");
  return { isWhole, title, points };
}

/** Writes misleading characters as their code points in every text. */
function showHiddenDeep<T>(value: T): T {
  if (typeof value === "string") return showMisleadingCharacters(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => showHiddenDeep(each)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, showHiddenDeep(each)])) as T;
}
