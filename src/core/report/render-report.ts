import { OFFLINE_PROVIDER, formatLocation, isLocalLocation } from "../domain/schema.js";
import { packageUrl } from "./package-url.js";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import {
  escapeInline,
  headingToMarkdown,
  escapeLinkTarget,
  escapePathTarget,
  quoteToMarkdown,
  sentenceFromMarkdown,
  sentenceToMarkdown,
} from "../text/markdown-escape.js";
import type {
  Claim,
  Evidence,
  MarkedEnvironment,
  Report,
  Section,
  Source,
  Verdict,
} from "../domain/schema.js";
import type { ReportPart } from "./findings.js";
import { renderAuthority } from "./authority-line.js";
import { VERDICT_WORDS } from "./verdict-marks.js";
import { GOOGLE_HEADING, renderGoogleAnswers } from "./google-answers.js";
import { renderQuoteBlock } from "./quote-block.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/*
 * Renders the report as Markdown. The format is a contract: people keep reports in git for years, and `parseReport`
 * must read every one of them. Numbers, links and paths are written by code, never by a model.
 */

/** Paths relative to the report's folder, with forward slashes and without a trailing one. */
export interface ReportLinks {
  workspace: string;
  session: string;
}

/** A citation in the report: quote Q of source S, both 1-based. */
export interface CitationMark {
  /** "S.Q", or "S" for a grounded source, which has no quotes. */
  n: string;
  claim: Claim;
  evidence: Evidence[];
}

/** A source with its cited quotes. */
export interface NumberedSource {
  source: Source;
  /** Distinct quotes in source order; one quote may represent several pieces of evidence. */
  quotes: Evidence[];
}

/** Numbers sources in the order of their first citation, and quotes in source order. */
function numbering(report: Report): { sources: NumberedSource[]; mark: (id: string) => string | null } {
  const cited = listClaims(report).flatMap((claim) => claim.evidence);
  const byId = new Map(report.evidence.map((each) => [each.id, each]));
  const order: number[] = [];
  for (const id of cited) {
    const evidence = byId.get(id);
    if (evidence !== undefined && !order.includes(evidence.source)) order.push(evidence.source);
  }
  const used = new Set(cited);
  const sources = order.flatMap((index): NumberedSource[] => {
    const source = report.sources[index];
    if (source === undefined) return [];
    const quotes = report.evidence
      .filter((each) => each.source === index && used.has(each.id))
      .sort((a, b) => a.start - b.start || a.end - b.end)
      .filter((each, at, all) => all.findIndex(({ quote }) => quote === each.quote) === at);
    return [{ source, quotes }];
  });
  const mark = (id: string): string | null => {
    const evidence = byId.get(id);
    if (evidence === undefined) return null;
    const s = order.indexOf(evidence.source);
    if (evidence.check === "grounded") return `${s + 1}`;
    const q = sources[s]?.quotes.findIndex(({ quote }) => quote === evidence.quote) ?? -1;
    return `${s + 1}.${q + 1}`;
  };
  return { sources, mark };
}

/** Every claim of the report, in text order. */
export function listClaims(report: Report): Claim[] {
  return [
    ...report.summary,
    ...report.sections.flatMap(({ paragraphs, table }) => [...paragraphs.flat(), ...(table?.rows ?? [])]),
    ...report.disagreements,
    ...report.limits,
  ];
}

/** Every citation of the report, in text order. */
export function listCitations(report: Report): CitationMark[] {
  const { mark } = numbering(report);
  const byId = new Map(report.evidence.map((each) => [each.id, each]));
  return listClaims(report).flatMap((claim) => {
    const marks = new Map<string, Evidence[]>();
    for (const id of claim.evidence) {
      const n = mark(id);
      const evidence = byId.get(id);
      if (n !== null && evidence !== undefined) marks.set(n, [...(marks.get(n) ?? []), evidence]);
    }
    return [...marks].map(([n, evidence]) => ({ n, claim, evidence }));
  });
}

/** A line of a report, with its part and the part's name or number. */
export interface ReportLine {
  text: string;
  part: ReportPart;
  name: string;
  /** What the line cites its sources for, in plain text, if it does. For a block it stands at the citations' line. */
  sentence?: { text: string; cites: string[]; verdict: Verdict };
}

/** Renders the report. @returns Markdown with LF line ends and a final line break */
export function renderReport(report: Report, links: ReportLinks): string {
  return renderParts(report, links)
    .map((lines) => lines.map(({ text }) => text).join("\n"))
    .join("\n\n")
    .concat("\n");
}

/** The lines of the rendered report, without the blank lines between its parts. */
export function renderReportLines(report: Report, links: ReportLinks): ReportLine[] {
  return renderParts(report, links).flat();
}

/** The parts that blank lines separate. */
function renderParts(given: Report, links: ReportLinks): ReportLine[][] {
  // Input is cleaned where it enters; this is a second check before output. Quotes must stay identical to their
  // snapshots, which are clean; `quoteToMarkdown` escapes the rest.
  const report = { ...removeInvisibleDeep(given).value, evidence: given.evidence };
  const { sources, mark } = numbering(report);
  const citesOf = (claim: Claim): string[] => {
    const marks = [...new Set(claim.evidence.map(mark))].filter((n) => n !== null);
    return marks.sort(
      (a, b) =>
        Number(a.split(".")[0]) - Number(b.split(".")[0]) ||
        Number(a.split(".")[1]) - Number(b.split(".")[1]),
    );
  };
  const cite = (claim: Claim): CitedText => {
    const cites = citesOf(claim);
    const text = cites.map((n) => ` [[${n}]](#source-${n.split(".")[0]})`).join("");
    return { text: text + claimMark(claim), cites, verdict: claim.verdict };
  };
  const sentence = (claim: Claim): ReportLine => {
    const text = sentenceToMarkdown(claim.text);
    return citingLine("sentence", text, cite(claim), sentenceFromMarkdown(text).trim());
  };
  const quotes = new Map(
    report.evidence.map(({ id, quote, check }) => [id, check === "grounded" ? null : quote]),
  );
  const paragraphs = (claims: Claim[]): ReportLine[][] =>
    splitAtBlocks(claims).flatMap((group) => {
      const [first] = group;
      const quote = first?.asBlock === true ? (quotes.get(first.evidence[0] ?? "") ?? null) : null;
      return quote === null || first === undefined
        ? [group.map(sentence)]
        : renderBlock(quote, first.language ?? null, cite(first));
    });
  const headings = uniqueHeadings(
    report.title,
    report.sections.map(({ heading }) => heading),
  );
  return [
    frontMatter(report),
    [line("title", `# ${headingToMarkdown(report.title)}`)],
    questionBlock(report),
    ...paragraphs(report.summary),
    ...report.sections.flatMap((section, index) => [
      [line("heading", `## ${headings[index] ?? ""}`)],
      ...section.paragraphs.flatMap(paragraphs),
      renderTable(section, cite),
    ]),
    ...optionalSection("Where the sources disagree", paragraphs(report.disagreements)),
    ...optionalSection("What could not be settled", paragraphs(report.limits)),
    ...renderGoogleAnswers(report.google ?? []).map((lines) => lines.map((text) => line("google", text))),
    [line("heading", "## Sources")],
    ...(sources.length === 0 ? [[line("text", "No source is cited.")]] : []),
    ...sources.flatMap((each, index) => [
      [line("source", `### Source ${index + 1}`, `${index + 1}`)],
      ...sourceLines(renderSourceEntry(each, links), index + 1),
    ]),
  ].filter((lines) => lines.length > 0);
}

/** Citations with the mark behind them, as they follow a sentence. */
interface CitedText {
  text: string;
  cites: string[];
  verdict: Verdict;
}

function line(part: ReportPart, text: string, name = ""): ReportLine {
  return { text, part, name };
}

/** @param plain what the line says, in plain text */
function citingLine(part: ReportPart, text: string, cited: CitedText, plain: string): ReportLine {
  const { cites, verdict } = cited;
  const whole = text + cited.text;
  return cites.length === 0
    ? line("text", whole)
    : { ...line(part, whole), sentence: { text: plain, cites, verdict } };
}

function optionalSection(heading: string, paragraphs: ReportLine[][]): ReportLine[][] {
  return paragraphs.length === 0 ? [] : [[line("heading", `## ${heading}`)], ...paragraphs];
}

/** The first block of a source's entry is its link, snapshot and notes; the second its quotes. */
function sourceLines([head = "", quotes = ""]: string[], source: number): ReportLine[][] {
  const above = head.split("\n").map((text, index) => {
    const part = index === 0 ? "link" : text.startsWith("[Snapshot](") ? "snapshot" : "searches";
    return line(part, text, `${source}`);
  });
  let quote = 0;
  const below = quotes.split("\n").flatMap((text) => {
    if (text.startsWith(`${quote + 1}. "`)) quote++;
    return text === "" ? [] : [line("quote", text, `${source}.${quote}`)];
  });
  return [above, below];
}

/** Groups claims into paragraphs: each block is one, and so are the sentences between two. */
function splitAtBlocks(claims: Claim[]): Claim[][] {
  const groups: Claim[][] = [];
  for (const claim of claims) {
    const last = groups.at(-1);
    if (last === undefined || claim.asBlock === true || last[0]?.asBlock === true) groups.push([claim]);
    else last.push(claim);
  }
  return groups;
}

/** Renders a block with its citation in a line of its own below. */
function renderBlock(quote: string, language: string | null, cited: CitedText): ReportLine[][] {
  const lines = renderQuoteBlock({ text: quote, language }).map((text) => line("block", text));
  return [lines, [citingLine("sentence", "", { ...cited, text: cited.text.trim() }, quote)]];
}

/** The verdict mark after the citations; empty for claims without evidence. */
function claimMark({ evidence, verdict, reason }: Claim): string {
  return evidence.length === 0 ? "" : renderVerdictMark(verdict, reason);
}

/** The mark after a sentence's citations, with a leading space; empty for "supported". */
export function renderVerdictMark(verdict: Verdict, reason: string): string {
  if (verdict === "supported") return "";
  const why = collapseWhitespace(reason);
  return ` *(${VERDICT_WORDS[verdict]}${why === "" ? "" : `: ${escapeInline(why)}`})*`;
}

function frontMatter(report: Report): ReportLine[] {
  const fields: [string, string][] = [
    ["title", report.title],
    ["date", report.date],
    ["engine", report.engine],
    ["depth", report.depth],
    ["session", report.session],
    ...(report.environment === undefined
      ? []
      : [["environment", report.environment] satisfies [string, string]]),
    ...(report.status === "partial" ? [["status", "partial"] satisfies [string, string]] : []),
    ["checked", verdictSummaryLine(report)],
  ];
  return [
    line("text", "---"),
    ...fields.map(([name, value]) => line("field", `${name}: ${formatYamlScalar(value)}`, name)),
    line("text", "---"),
  ];
}

/** Verdict counts of the sentences with citations. */
export function listVerdicts(report: Report): Record<Verdict, number> {
  return countVerdicts(
    listClaims(report).flatMap(({ evidence, verdict }) => (evidence.length > 0 ? [verdict] : [])),
  );
}

export function countVerdicts(all: Verdict[]): Record<Verdict, number> {
  const verdicts = { supported: 0, qualified: 0, contradicted: 0, unsupported: 0, "not-checked": 0 };
  for (const verdict of all) verdicts[verdict]++;
  return verdicts;
}

/** "9 supported, 1 qualified, 1 not checked, 0 unsupported": the report's state at a glance. */
function verdictSummaryLine(report: Report): string {
  return formatVerdictCounts(listVerdicts(report));
}

export function formatVerdictCounts(verdicts: Record<Verdict, number>): string {
  const shown: Verdict[] = ["supported", "qualified", "not-checked", "unsupported"];
  if (verdicts.contradicted > 0) shown.push("contradicted");
  return shown.map((verdict) => `${verdicts[verdict]} ${VERDICT_WORDS[verdict]}`).join(", ");
}

/** A plain scalar where YAML cannot misread it, else a double-quoted one (JSON's is YAML's too). */
export function formatYamlScalar(value: string): string {
  const text = collapseWhitespace(value);
  const isPlain =
    /^[\p{L}\p{N}][\p{L}\p{N} ,.()/?'-]*$/u.test(text) &&
    !/^(true|false|null|yes|no|on|off|[\d.e]+)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** What the report says of an environment that is not production. */
export const ENVIRONMENT_NOTES: Record<MarkedEnvironment, { name: string; says: string }> = {
  development: {
    name: "Development environment",
    says: "This report is for trying out the program, not for use.",
  },
  staging: {
    name: "Staging environment",
    says: "This report was made with few sources and a small budget, and is not for use.",
  },
};

function questionBlock(report: Report): ReportLine[] {
  const notes = (report.clarified ?? []).map(
    ({ question, answer }) =>
      `> **Clarified.** ${sentenceToMarkdown(question)} ${sentenceToMarkdown(answer)}`,
  );
  if (report.environment !== undefined) {
    const { name, says } = ENVIRONMENT_NOTES[report.environment];
    notes.push(`> **${name}.** ${says}`);
  }
  if (report.engine === OFFLINE_PROVIDER) {
    notes.push(
      "> **Offline engine.** No language model took part: the sentences are the sources' own, chosen and ordered by code.",
    );
  }
  if (report.status === "partial") notes.push(`> **Partial report.** ${sentenceToMarkdown(report.partial)}`);
  return [
    line("question", `> **Question.** ${sentenceToMarkdown(report.question)}`),
    ...notes.flatMap((text) => [line("note", ">"), line("note", text)]),
  ];
}

/** Makes headings distinct from each other and from those that the format reserves. */
function uniqueHeadings(title: string, headings: string[]): string[] {
  const taken = new Set([
    "sources",
    "where the sources disagree",
    "what could not be settled",
    headingKey(GOOGLE_HEADING),
  ]);
  return headings.map((heading) => {
    const base = /^source \d+$/.test(headingKey(heading))
      ? `About ${heading}`
      : headingKey(heading) === headingKey(title)
        ? "In detail"
        : heading;
    let unique = base;
    for (let n = 2; taken.has(headingKey(unique)); n++) unique = `${base} (${n})`;
    taken.add(headingKey(unique));
    return headingToMarkdown(unique);
  });
}

/** A heading reduced to letters, digits and spaces, which is what anchors are made of. */
export function headingKey(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}\s]+/gu, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function renderTable({ table }: Section, cite: (claim: Claim) => CitedText): ReportLine[] {
  if (table === null) return [];
  const width = table.columns.length;
  const cell = (text: string): string => sentenceToMarkdown(text).replace(/(?<!\\)\|/g, "\\|");
  const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line("table", row(table.columns.map(cell))),
    line("table", row(table.columns.map(() => "---")).replaceAll(" ", "")),
    ...table.rows.map((each): ReportLine => {
      const cells = Array.from({ length: width }, (_, index) => cell(each.cells[index] ?? ""));
      const { text, cites, verdict } = cite(each);
      const withLast = (after: string): string => row([...cells.slice(0, -1), (cells.at(-1) ?? "") + after]);
      if (cites.length === 0) return line("table", withLast(text));
      // A row is read as its cells with the spaces that stand before its citations and its mark.
      const spaces = " ".repeat(cites.length + (claimMark(each) === "" ? 0 : 1));
      const plain = sentenceFromMarkdown(withLast(spaces)).trim();
      return { ...line("row", withLast(text)), sentence: { text: plain, cites, verdict } };
    }),
  ];
}

/** Renders the blocks below the heading "### Source S". */
export function renderSourceEntry({ source, quotes }: NumberedSource, links: ReportLinks): string[] {
  const read = `read on ${source.readAt.slice(0, 10)}`;
  if (source.place.kind === "grounded") {
    const queries = source.queries.map((query) => `"${escapeInline(query.replace(/\s+/g, " "))}"`).join(", ");
    return [
      `Found with Google Search, not re-checkable: [${linkText(source.title || "page")}](${escapeLinkTarget(source.place.url)}).` +
        (queries === "" ? "" : ` Searches: ${queries}.`),
    ];
  }
  const snapshot =
    source.sha256 === null
      ? []
      : [
          `[Snapshot](${escapePathTarget(links.session)}/sources/${snapshotFileName(source.sha256)}), SHA-256 \`${source.sha256}\`.`,
        ];
  const where = isLocalLocation(source.place)
    ? fileLinks(source, quotes, links)
    : source.pages === null
      ? pageLink(source, quotes)
      : pdfLinks(source, source.place.url, quotes);
  return [
    [`${where}, ${read}.`, ...snapshot, ...authorityLines(source), ...warningLines(source)].join("\n"),
    quotes.map(({ quote }, index) => `${index + 1}. "${quoteToMarkdown(quote)}"`).join("\n"),
  ];
}

function authorityLines({ authority }: Source): string[] {
  return authority === undefined ? [] : [renderAuthority(authority)];
}

function warningLines({ warnings }: Source): string[] {
  return warnings.length === 0 ? [] : [`Note: ${warnings.map((each) => sentenceToMarkdown(each)).join(" ")}`];
}

/** The snapshot's file name: enough of its hash to be unique within a session. */
export function snapshotFileName(sha256: string): string {
  return `${sha256.slice(0, 16)}.md`;
}

function linkText(title: string): string {
  return escapeInline(collapseWhitespace(title));
}

/** Links to a file at the lines of its quotes; quotes far apart get separate links. */
function fileLinks(source: Source, quotes: Evidence[], links: ReportLinks): string {
  const { place } = source;
  const name = formatLocation(place);
  const isNamed = source.title !== name && source.title !== "";
  const title = !isNamed ? name : place.kind === "commit" ? source.title : `${source.title} (${name})`;
  const file = fileTarget(source, links);
  const at = source.commit === null ? "" : ` at \`${source.commit.slice(0, 7)}\``;
  return `${rangeLinks(title, file, source.pages === null ? LINES : PAGES, quotes)}${at}`;
}

/** Where a file can be opened: in the workspace, in what it has installed, or a commit as it was read. */
function fileTarget({ place, sha256 }: Source, links: ReportLinks): string {
  const inWorkspace = (file: string): string =>
    escapePathTarget(`${links.workspace}/${file}`.replace(/^\.\//, ""));
  switch (place.kind) {
    case "package":
      return place.file === null ? escapeLinkTarget(packageUrl(place)) : inWorkspace(place.file);
    case "commit":
      return `${escapePathTarget(links.session)}/sources/${snapshotFileName(sha256 ?? "")}`;
    default:
      return inWorkspace(formatLocation(place));
  }
}

/** Links to a PDF on the web at the pages of its quotes. */
function pdfLinks({ title }: Source, url: string, quotes: Evidence[]): string {
  return rangeLinks(title || url, escapeLinkTarget(url.replace(/#[^]*$/, "")), PAGES, quotes);
}

/** How positions in a source are counted and linked. */
interface Counting {
  one: string;
  many: string;
  of: (quote: Evidence) => [number, number] | null;
  /** Maximum distance between quotes that share one link. */
  near: number;
  anchor: (range: [number, number]) => string;
}

const LINES: Counting = {
  one: "line",
  many: "lines",
  of: ({ lines }) => lines,
  near: 20,
  anchor: ([first, last]) => (first === last ? `#L${first}` : `#L${first}-L${last}`),
};

const PAGES: Counting = {
  one: "page",
  many: "pages",
  of: ({ pages }) => pages,
  near: 0,
  anchor: ([first]) => `#page=${first}`,
};

/** "[Title](target#L3-L9), lines 3 to 9 and [80](target#L80)". */
function rangeLinks(
  title: string,
  target: string,
  { one, many, of, near, anchor }: Counting,
  quotes: Evidence[],
): string {
  const ranges: [number, number][] = [];
  const spans = quotes.map(of).filter((span) => span !== null);
  for (const [first, last] of spans.sort((a, b) => a[0] - b[0])) {
    const open = ranges.at(-1);
    if (open !== undefined && first <= open[1] + near) open[1] = Math.max(open[1], last);
    else ranges.push([first, last]);
  }
  const [questionBlock, ...rest] = ranges;
  if (questionBlock === undefined) return `[${linkText(title)}](${target})`;
  const others = rest.map((range) => `[${rangeWords(range)}](${target}${anchor(range)})`);
  return `[${linkText(title)}](${target}${anchor(questionBlock)}), ${questionBlock[0] === questionBlock[1] ? one : many} ${rangeWords(questionBlock)}${
    others.length === 0 ? "" : ` and ${others.join(", ")}`
  }`;
}

function rangeWords([first, last]: [number, number]): string {
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** Links to a page, and to the quote itself if there is only one. */
function pageLink({ place, title }: Source, quotes: Evidence[]): string {
  const url = isLocalLocation(place) ? "" : place.url;
  const [only] = quotes;
  const at =
    quotes.length === 1 && only !== undefined && !url.includes("#") ? textFragmentUrl(url, only.quote) : url;
  return `[${linkText(title || url)}](${escapeLinkTarget(at)})`;
}

/** A page's URL with a text fragment of the quote's first eight words. */
export function textFragmentUrl(url: string, quote: string): string {
  const first = quote.split("\n")[0]?.trim().split(/\s+/).slice(0, 8).join(" ") ?? "";
  if (first === "") return url;
  const [page = "", fragment = ""] = url.replace(/:~:text=[^]*$/, "").split("#", 2);
  return `${page}#${fragment}:~:text=${encodeURIComponent(first).replaceAll("-", "%2D")}`;
}
