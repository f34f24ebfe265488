/*
 * How much of what answers a question the offline engine puts into its evidence: the whole method over
 * a set of questions whose gold is known.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { openOffline } from "../../src/models/offline/offline-provider.js";
import type { ResearchEvent } from "../../src/core/domain/events.js";
import { plainHeadingText } from "../../src/core/text/passages.js";
import { locateQuote } from "../../src/core/evidence/locate-quote.js";
import { runResearch } from "../../src/core/pipeline/research.js";
import type { Reader } from "../../src/core/domain/ports.js";
import type { Reading } from "../../src/core/domain/reading.js";
import type { Report, SourceLocation } from "../../src/core/domain/schema.js";
import { createPageReader } from "../../src/reading/web/page-reader.js";
import { createSiteSearch } from "../../src/search/site/site-search.js";
import { startDocsSite } from "../fakes/docs-site.js";
import { aWorkspace, type SearchedWorkspace } from "../fakes/workspace.js";
import type { Row } from "./results-table.js";

export interface Gold {
  doc: string;
  quote?: string;
  anchor?: string;
}

export interface Item {
  question: string;
  answer: string;
  gold: Gold[];
}

export interface ResearchOutcome {
  report: Report;
  texts: string[];
  events: ResearchEvent[];
}

/** What is searched and read for a question: a folder, or a site. */
type Searched = Pick<SearchedWorkspace, "search" | "close"> & Reader;

/** The document of a set that a place is: its file, or the page that was made of it. */
function documentOf(place: SourceLocation | undefined): string {
  if (place?.kind === "workspace") return place.path;
  const page = place?.kind === "page" ? new URL(place.url).pathname : "";
  return path.posix.basename(page).replace(/\.html$/, ".md");
}

export async function researchOffline(
  root: string,
  open: Searched,
  question: string,
): Promise<ResearchOutcome> {
  const signal = AbortSignal.timeout(600_000);
  const texts = new Map<string, string>();
  const events: ResearchEvent[] = [];
  const fallbackModel = openOffline();
  const report = await runResearch(
    {
      question,
      depth: "standard",
      maxSources: 10,
      pages: [],
      scope: ["workspace"],
      session: path.basename(root),
      day: "1970-01-01",
    },
    {
      model: fallbackModel,
      fallbackModel,
      searches: [open.search],
      reader: open,
      snapshots: {
        keep(place, { title, text, commit, lines, pages, canonical, warnings }, readAt) {
          const hash = createHash("sha256").update(text).digest("hex");
          texts.set(hash, text);
          const hashes = { sha256: hash, textSha256: hash };
          const read = {
            place,
            title,
            readAt: readAt.toISOString(),
            commit,
            lines,
            pages,
            canonical,
            warnings,
          };
          return Promise.resolve({ ...read, ...hashes, queries: [] });
        },
        has: () => Promise.resolve(true),
        text: (source) => Promise.resolve(texts.get(source.sha256 ?? "") ?? ""),
      },
      steps: { run: async (step) => (await step.work()).value, record: () => Promise.resolve() },
      clock: { now: () => new Date(0), turn: () => Promise.resolve() },
      emit: (event) => void events.push(event),
    },
    signal,
  );
  return { report, texts: report.sources.map(({ sha256 }) => texts.get(sha256 ?? "") ?? ""), events };
}

/** The anchor that a heading's text makes. */
function slugOf(heading: string): string {
  return plainHeadingText(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}

const HEADING = /^#{1,6} .*$/gm;

/**
 * The slugs of a set's anchors, by document: a heading may name its anchor ("## Cookbooks {#recipes}"), which is no part of
 * the text that is read.
 */
function readSlugs(corpus: string, golds: Gold[]): Map<string, string> {
  const documents = [...new Set(golds.flatMap(({ doc, anchor }) => (anchor === undefined ? [] : [doc])))];
  return new Map(
    documents.flatMap((doc) =>
      [...readFileSync(path.join(corpus, doc), "utf8").matchAll(HEADING)].flatMap(([heading]) => {
        const [label = "", anchor] = /\{#([^}]+)\}/.exec(heading) ?? [];
        return anchor === undefined
          ? []
          : [[`${doc}#${anchor}`, slugOf(heading.replace(label, "").trim())] as const];
      }),
    ),
  );
}

/**
 * Where the sections of a text lie, by slug. A page's heading that repeats its title is left out when it is read: what
 * stands above the next heading is the section of the title.
 */
function sectionsOf(text: string, title: string | null): { slug: string; start: number; end: number }[] {
  const headings = [...text.matchAll(HEADING)];
  const lead =
    title === null ? [] : [{ slug: slugOf(title), start: 0, end: headings[0]?.index ?? text.length }];
  const sections = headings.map((match, n) => ({
    slug: slugOf(match[0]),
    start: match.index,
    end: headings[n + 1]?.index ?? text.length,
  }));
  return [...lead, ...sections];
}

export function holdsGold(
  { report, texts }: ResearchOutcome,
  gold: Gold,
  slugs: ReadonlyMap<string, string>,
  inReport: boolean,
): boolean {
  const cited = new Set(
    [...report.summary, ...report.sections.flatMap(({ paragraphs }) => paragraphs.flat())].flatMap(
      ({ evidence }) => evidence,
    ),
  );
  return report.evidence.some(({ id, source, start, end }) => {
    const text = texts[source] ?? "";
    if (documentOf(report.sources[source]?.place) !== gold.doc || (inReport && !cited.has(id))) return false;
    if (gold.quote !== undefined) {
      const at = locateQuote(gold.quote, text);
      return (
        at !== null &&
        start < at.end &&
        end > at.start &&
        Math.min(end, at.end) - Math.max(start, at.start) > (at.end - at.start) / 2
      );
    }
    const { place, title } = report.sources[source] ?? {};
    const slug = slugs.get(`${gold.doc}#${gold.anchor}`) ?? gold.anchor;
    return sectionsOf(text, place?.kind === "page" ? (title ?? null) : null).some(
      (section) => section.slug === slug && start < section.end && end > section.start,
    );
  });
}

/** The questions of a set; none where the set is not there. */
export function itemsOf(folder: string, set: string): Item[] {
  const file = path.join(folder, set, "questions.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Item);
}

/** Figures of one set, as shares. @param searched what is searched in place of the set's own files */
export async function measure(folder: string, set: string, searched?: Searched) {
  const items = itemsOf(folder, set);
  const corpus = path.join(folder, set, "corpus");
  const slugs = readSlugs(
    corpus,
    items.flatMap(({ gold }) => gold),
  );
  const workspace = searched ?? aWorkspace(corpus);
  const began = performance.now();
  const sums = { gold: 0, docs: 0, evidence: 0, cited: 0, quotes: 0, read: 0, sentences: 0, failed: 0 };
  const whole = { inEvidence: 0, cited: 0 };
  for (const item of items) {
    const asked = await researchOffline(corpus, workspace, item.question).catch(() => null);
    sums.gold += item.gold.length;
    if (asked === null) {
      sums.failed++;
      continue;
    }
    const { report } = asked;
    const paths = new Set(report.sources.map(({ place }) => documentOf(place)));
    const missed = item.gold.filter((gold) => !holdsGold(asked, gold, slugs, false));
    sums.docs += item.gold.filter(({ doc }) => paths.has(doc)).length;
    sums.evidence += item.gold.length - missed.length;
    const cited = item.gold.filter((gold) => holdsGold(asked, gold, slugs, true)).length;
    sums.cited += cited;
    if (missed.length === 0) {
      whole.inEvidence++;
      if (cited === item.gold.length) whole.cited++;
    }
    sums.quotes += report.evidence.length;
    sums.read += report.sources.length;
    sums.sentences += report.sections.flatMap(({ paragraphs }) => paragraphs.flat()).length;
    if (process.env["MISSED"] !== undefined) {
      for (const { doc, anchor, quote } of missed)
        process.stdout.write(
          `${items.indexOf(item)} ${paths.has(doc) ? "read" : "not read"} ${doc} ${anchor ?? quote ?? ""}\n`,
        );
    }
  }
  await workspace.close();
  const share = (count: number, of: number): number => Math.round((count / of) * 1000) / 1000;
  return {
    set,
    questions: items.length,
    failed: sums.failed,
    goldInSourcesRead: share(sums.docs, sums.gold),
    goldInEvidence: share(sums.evidence, sums.gold),
    goldCitedInReport: share(sums.cited, sums.gold),
    allCitedOfAllInEvidence: share(whole.cited, whole.inEvidence),
    sources: share(sums.read, items.length),
    quotes: share(sums.quotes, items.length),
    sentences: share(sums.sentences, items.length),
    seconds: share(performance.now() - began, 1000),
  };
}

/** The pages of a set as a site, with one kind of list of them. */
async function openSite(web: string, list: "index" | "sitemap"): Promise<Searched> {
  const site = await startDocsSite(web, list);
  const pages = createPageReader({
    allowedPrivateHosts: [site.host],
    text: async (document) =>
      (await import("../../src/reading/documents/extract-text.js")).extractDocumentText(document),
  });
  // As the cache does: a page is fetched once for all questions.
  const known = new Map<string, Promise<Reading>>();
  const reader: Reader = {
    read: (place, signal) => {
      const key = place.kind === "page" ? place.url.replace(/#.*$/, "") : "";
      const reading = known.get(key) ?? pages.read(place, signal);
      known.set(key, reading);
      return reading;
    },
  };
  const search = createSiteSearch([`${site.address}/docs/`], {
    fetch: (address, signal) => pages.fetch(address, signal),
    reader,
  });
  return { ...reader, search, close: site.close };
}

/** The same pages as a site: as good as the files. */
export async function siteRows(material: string): Promise<Row[]> {
  const set = "anthropicdocs100";
  const reach = 0.88;
  const folder = path.join(material, "questions");
  const web = path.join(folder, set, "web");
  const found: Row[] = [];
  for (const list of ["index", "sitemap"] as const) {
    const figures = existsSync(web) ? await measure(folder, set, await openSite(web, list)) : null;
    process.stderr.write(`${set} with ${list}: ${figures?.goldInEvidence ?? "–"}\n`);
    found.push({
      what: `gold section, ${set} as a site with ${list === "index" ? "an index of MkDocs" : "a sitemap"}, 10 sources`,
      measured: figures === null ? "–" : describeFigures(figures),
      reach: `≥ ${reach}`,
      ok: figures === null ? null : figures.goldInEvidence >= reach,
    });
  }
  return found;
}

/** The figures that are to be reached. */
export async function rows(material: string): Promise<Row[]> {
  const folder = path.join(material, "questions");
  const asked = [
    {
      set: "hotpot100",
      what: "gold evidence among the offline engine's evidence, hotpot100, 10 sources",
      reach: 0.92,
    },
    { set: "anthropicdocs100", what: "gold section, anthropicdocs100, 10 sources", reach: 0.88 },
  ];
  const found: Row[] = [];
  for (const { set, what, reach } of asked) {
    const isThere = itemsOf(folder, set).length > 0;
    const figures = isThere ? await measure(folder, set) : null;
    found.push({
      what,
      measured: figures === null ? "–" : describeFigures(figures),
      reach: `≥ ${reach}`,
      ok: figures === null ? null : figures.goldInEvidence >= reach,
    });
  }
  return found;
}

function describeFigures(figures: Awaited<ReturnType<typeof measure>>): string {
  const { questions, failed, goldInEvidence, goldInSourcesRead, goldCitedInReport, allCitedOfAllInEvidence } =
    figures;
  const { sources, quotes, sentences, seconds } = figures;
  const all = `${goldInEvidence} of ${questions} questions (${goldInSourcesRead} in sources read, ${goldCitedInReport} cited, all of it in ${allCitedOfAllInEvidence} of the questions whose gold is all in evidence`;
  return `${all}; ${quotes} quotes of ${sources} sources, ${sentences} sentences; ${failed} failed; ${seconds} s)`;
}
