import { OFFLINE_PROVIDER } from "../domain/schema.js";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import {
  escapeInline,
  headingToMarkdown,
  escapeLinkTarget,
  escapePathTarget,
  quoteToMarkdown,
  sentenceToMarkdown,
} from "../text/markdown-escape.js";
import type { Claim, Evidence, Report, Section, Source, Verdict } from "../domain/schema.js";

/*
 * The report as Markdown. Its format is a contract: people keep reports in git for years, and
 * `readReport` must read every one of them. Code writes each number, link and path.
 */

/** Where things are, seen from the report's folder, with forward slashes and no slash at the end. */
export interface ReportLinks {
  workspace: string;
  session: string;
}

/** A citation as it stands in the report: quote `quote` of source `source`, both 1-based. */
export interface CitationMark {
  /** "S.Q", or "S" for a grounded source, which has no quotes. */
  n: string;
  claim: Claim;
  evidence: Evidence[];
}

/** A source with the quotes that the report takes from it. */
export interface NumberedSource {
  source: Source;
  /** Distinct quotes in the order of the text; a quote may stand for several pieces of evidence. */
  quotes: Evidence[];
}

/** The report's numbering: sources in the order they are first cited, quotes in the order of the text. */
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

/** Every claim of the report, in the order of the text. */
export function listClaims(report: Report): Claim[] {
  return [
    ...report.summary,
    ...report.sections.flatMap(({ paragraphs, table }) => [...paragraphs.flat(), ...(table?.rows ?? [])]),
    ...report.disagreements,
    ...report.limits,
  ];
}

/** Every citation of the report, in the order of the text. */
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

/** Writes the report. @returns Markdown, LF line ends, one at its end. */
export function renderReport(given: Report, links: ReportLinks): string {
  // Whatever came in was cleaned where it came in; this is the last door out.
  // Quotes stay as they stand in their snapshots, which are clean; `quoteToMarkdown` sees to the rest.
  const report = { ...removeInvisibleDeep(given).value, evidence: given.evidence };
  const { sources, mark } = numbering(report);
  const cite = (claim: Claim): string => {
    const marks = [...new Set(claim.evidence.map(mark))].filter((n) => n !== null);
    marks.sort(
      (a, b) =>
        Number(a.split(".")[0]) - Number(b.split(".")[0]) ||
        Number(a.split(".")[1]) - Number(b.split(".")[1]),
    );
    return marks.map((n) => ` [[${n}]](#source-${n.split(".")[0]})`).join("");
  };
  const sentence = (claim: Claim): string => sentenceToMarkdown(claim.text) + cite(claim) + stateOf(claim);
  const headings = uniqueHeadings(
    report.title,
    report.sections.map(({ heading }) => heading),
  );
  return [
    frontMatter(report),
    `# ${headingToMarkdown(report.title)}`,
    head(report),
    report.summary.map(sentence).join("\n"),
    ...report.sections.flatMap((section, index) => [
      `## ${headings[index] ?? ""}`,
      ...section.paragraphs.map((paragraph) => paragraph.map(sentence).join("\n")),
      tableOf(section, cite),
    ]),
    ...optional("Where the sources disagree", report.disagreements.map(sentence)),
    ...optional("What could not be settled", report.limits.map(sentence)),
    "## Sources",
    ...(sources.length === 0 ? ["No source is cited."] : []),
    ...sources.flatMap((each, index) => [`### Source ${index + 1}`, ...renderSourceEntry(each, links)]),
  ]
    .filter((block) => block !== "")
    .join("\n\n")
    .concat("\n");
}

function optional(heading: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`## ${heading}`, lines.join("\n")];
}

const VERDICT_WORDS: Record<Verdict, string> = {
  supported: "supported",
  qualified: "qualified",
  contradicted: "contradicted",
  unsupported: "unsupported",
  "not-checked": "not checked",
};

/** In italics behind the citations: what the check said, where it is not a plain yes. */
function stateOf({ evidence, verdict, reason }: Claim): string {
  return evidence.length === 0 ? "" : renderVerdictMark(verdict, reason);
}

/** What stands behind a sentence's citations, with a blank before it; nothing where it is plainly supported. */
export function renderVerdictMark(verdict: Verdict, reason: string): string {
  if (verdict === "supported") return "";
  const why = reason.replace(/\s+/g, " ").trim();
  return ` *(${VERDICT_WORDS[verdict]}${why === "" ? "" : `: ${escapeInline(why)}`})*`;
}

function frontMatter(report: Report): string {
  const fields: [string, string][] = [
    ["title", report.title],
    ["date", report.date],
    ["engine", report.engine],
    ["depth", report.depth],
    ["session", report.session],
    ...(report.status === "partial" ? [["status", "partial"] satisfies [string, string]] : []),
    ["checked", verdictSummaryLine(report)],
  ];
  return ["---", ...fields.map(([name, value]) => `${name}: ${formatYamlScalar(value)}`), "---"].join("\n");
}

/** How the sentences of a report that cite were judged. */
export function listVerdicts(report: Report): Record<Verdict, number> {
  return countVerdicts(
    listClaims(report).flatMap(({ evidence, verdict }) => (evidence.length > 0 ? [verdict] : [])),
  );
}

/** How many there are of each verdict. */
export function countVerdicts(all: Verdict[]): Record<Verdict, number> {
  const verdicts = { supported: 0, qualified: 0, contradicted: 0, unsupported: 0, "not-checked": 0 };
  for (const verdict of all) verdicts[verdict]++;
  return verdicts;
}

/** "9 supported, 1 qualified, 1 not checked, 0 unsupported": the report's state at a glance. */
function verdictSummaryLine(report: Report): string {
  return formatVerdictCounts(listVerdicts(report));
}

/** Counts of verdicts in words. */
export function formatVerdictCounts(verdicts: Record<Verdict, number>): string {
  const shown: Verdict[] = ["supported", "qualified", "not-checked", "unsupported"];
  if (verdicts.contradicted > 0) shown.push("contradicted");
  return shown.map((verdict) => `${verdicts[verdict]} ${VERDICT_WORDS[verdict]}`).join(", ");
}

/** A plain scalar where YAML cannot misread it, else a double-quoted one (JSON's is YAML's too). */
export function formatYamlScalar(value: string): string {
  const text = value.replace(/\s+/g, " ").trim();
  const isPlain =
    /^[\p{L}\p{N}][\p{L}\p{N} ,.()/?'-]*$/u.test(text) &&
    !/^(true|false|null|yes|no|on|off|[\d.e]+)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

function head(report: Report): string {
  const lines = [`> **Question.** ${sentenceToMarkdown(report.question)}`];
  if (report.engine === OFFLINE_PROVIDER) {
    lines.push(
      "> **Offline engine.** No language model took part: the sentences are the sources' own, chosen and ordered by code.",
    );
  }
  if (report.status === "partial") lines.push(`> **Partial report.** ${sentenceToMarkdown(report.partial)}`);
  return lines.join("\n>\n");
}

/** Headings that are told apart, from each other and from those that the format itself uses. */
function uniqueHeadings(title: string, headings: string[]): string[] {
  const taken = new Set(["sources", "where the sources disagree", "what could not be settled"]);
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

/** What a heading reads as: links lead to one by its letters and digits alone. */
export function headingKey(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}\s]+/gu, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function tableOf({ table }: Section, cite: (claim: Claim) => string): string {
  if (table === null) return "";
  const width = table.columns.length;
  const cell = (text: string): string => sentenceToMarkdown(text).replace(/(?<!\\)\|/g, "\\|");
  const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(table.columns.map(cell)),
    row(table.columns.map(() => "---")).replaceAll(" ", ""),
    ...table.rows.map((each) => {
      const cells = Array.from({ length: width }, (_, index) => cell(each.cells[index] ?? ""));
      const last = cells.pop() ?? "";
      return row([...cells, last + cite(each) + stateOf(each)]);
    }),
  ].join("\n");
}

/** The blocks under the heading "### Source S". */
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
  const where =
    source.place.kind === "workspace"
      ? fileLinks(source, quotes, links)
      : source.pages === null
        ? pageLink(source, quotes)
        : pdfLinks(source, source.place.url, quotes);
  return [
    [`${where}, ${read}.`, ...snapshot, ...warningsOf(source)].join("\n"),
    quotes.map(({ quote }, index) => `${index + 1}. "${quoteToMarkdown(quote)}"`).join("\n"),
  ];
}

function warningsOf({ warnings }: Source): string[] {
  return warnings.length === 0 ? [] : [`Note: ${warnings.map((each) => sentenceToMarkdown(each)).join(" ")}`];
}

/** The snapshot's file name: enough of its hash to tell it from every other one of a session. */
export function snapshotFileName(sha256: string): string {
  return `${sha256.slice(0, 16)}.md`;
}

function linkText(title: string): string {
  return escapeInline(title.replace(/\s+/g, " ").trim());
}

/** The file at the lines of its quotes; quotes that stand far apart each get a link of their own. */
function fileLinks(source: Source, quotes: Evidence[], links: ReportLinks): string {
  const path = source.place.kind === "workspace" ? source.place.path : "";
  const file = escapePathTarget(`${links.workspace}/${path}`.replace(/^\.\//, ""));
  const title = source.title === path || source.title === "" ? path : `${source.title} (${path})`;
  const at = source.commit === null ? "" : ` at \`${source.commit.slice(0, 7)}\``;
  return `${linksTo(title, file, source.pages === null ? LINES : PAGES, quotes)}${at}`;
}

/** A PDF on the web, at the pages of its quotes. */
function pdfLinks({ title }: Source, url: string, quotes: Evidence[]): string {
  return linksTo(title || url, escapeLinkTarget(url.replace(/#[^]*$/, "")), PAGES, quotes);
}

/** How places in a source are counted, and linked to. */
interface Counting {
  one: string;
  many: string;
  of: (quote: Evidence) => [number, number] | null;
  /** Quotes at most this far apart share one link. */
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
function linksTo(
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
  const [head, ...rest] = ranges;
  if (head === undefined) return `[${linkText(title)}](${target})`;
  const others = rest.map((range) => `[${words(range)}](${target}${anchor(range)})`);
  return `[${linkText(title)}](${target}${anchor(head)}), ${head[0] === head[1] ? one : many} ${words(head)}${
    others.length === 0 ? "" : ` and ${others.join(", ")}`
  }`;
}

function words([first, last]: [number, number]): string {
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** The page; with one quote, at that quote. */
function pageLink({ place, title }: Source, quotes: Evidence[]): string {
  const url = place.kind === "workspace" ? "" : place.url;
  const [only] = quotes;
  const at =
    quotes.length === 1 && only !== undefined && !url.includes("#") ? textFragmentUrl(url, only.quote) : url;
  return `[${linkText(title || url)}](${escapeLinkTarget(at)})`;
}

/** A page's address at a quote, by a text fragment of its first words. */
export function textFragmentUrl(url: string, quote: string): string {
  const first = quote.split("\n")[0]?.trim().split(/\s+/).slice(0, 8).join(" ") ?? "";
  if (first === "") return url;
  const [page = "", fragment = ""] = url.replace(/:~:text=[^]*$/, "").split("#", 2);
  return `${page}#${fragment}:~:text=${encodeURIComponent(first).replaceAll("-", "%2D")}`;
}
