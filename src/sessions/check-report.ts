import { readFile } from "node:fs/promises";
import path from "node:path";
import { asResearchError, ResearchError } from "../research/errors.js";
import { missingFacts } from "../research/facts.js";
import { locate } from "../research/quote.js";
import type { Reading } from "../research/reading.js";
import { readReport, type Range, type ReadSource } from "../research/read-report.js";
import { readSnapshot } from "./snapshots.js";

/** What `verify` says of one report. `n` is the citation's number, `why` a sentence for people. */
export interface CheckedReport {
  report: string;
  ok: boolean;
  citations: number;
  /** Citations among them that only Google vouches for: they cannot be checked. */
  grounded: number;
  failed: { n: string; why: string }[];
  /** Quotes whose file in the workspace was edited since: they stand in their snapshots all the same. */
  since: { n: string; state: "moved" | "changed" | "gone"; why: string }[];
}

/** A workspace file as it is today; null where it is gone, undefined where it lies outside and is not looked at. */
export type ReadToday = (
  file: string,
) => Promise<Pick<Reading, "text" | "lines" | "pages"> | null | undefined>;

/**
 * Checks every citation of a report against the snapshots beside it: no model, no network, no
 * settings. A grounded citation cannot be checked; it counts, and the report itself says so.
 *
 * @param file the report; snapshots are found by its links
 * @param today tells moved quotes of workspace files from changed ones; null to leave that out
 * @throws ResearchError "bad-report" if the file is missing or is no report of ours
 */
export async function checkReport(file: string, today: ReadToday | null = null): Promise<CheckedReport> {
  let markdown: string;
  try {
    markdown = await readFile(file, "utf8");
  } catch (error) {
    throw new ResearchError(
      "bad-report",
      `${file} cannot be read.`,
      "Name a report, such as data/reports/NAME.md.",
      {
        cause: error,
      },
    );
  }
  const { citations, sources } = readReport(markdown);
  const texts = new Map<number, { text: string } | { why: string }>();
  for (const [number, source] of sources) texts.set(number, await snapshotText(source, file));

  const failed: CheckedReport["failed"] = [];
  for (const citation of citations) {
    const why = wrongWith(citation);
    if (why !== null) failed.push({ n: citation.n, why });
  }
  // A quote that no sentence cites is still a promise of the report's.
  for (const [number, source] of sources) {
    source.quotes.forEach((quote, index) => {
      const n = `${number}.${index + 1}`;
      if (citations.some((citation) => citation.n === n)) return;
      const why = wrongQuote(texts.get(number), quote);
      if (why !== null) failed.push({ n, why });
    });
  }
  const grounded = citations.filter(({ source }) => sources.get(source)?.grounded === true).length;
  const since = today === null ? [] : await sinceThen(file, sources, today);
  return { report: file, ok: failed.length === 0, citations: citations.length, grounded, failed, since };

  function wrongWith({
    source: number,
    quote,
    target,
    sentence,
    marked,
  }: (typeof citations)[number]): string | null {
    const source = sources.get(number);
    if (source === undefined) return `There is no source ${number} in the report.`;
    if (target !== number)
      return `The citation's number and its link disagree: source ${number}, link to ${target}.`;
    if (quote === null) return source.grounded ? null : `Source ${number} is cited without a quote.`;
    const text = source.quotes[quote - 1];
    if (text === undefined) return `Source ${number} has no quote ${quote}.`;
    const wrong = wrongQuote(texts.get(number), text);
    if (wrong !== null) return wrong;
    if (marked) return null;
    const together = citations
      .filter((each) => each.sentence === sentence)
      .flatMap((each) => sources.get(each.source)?.quotes[(each.quote ?? 0) - 1] ?? []);
    // Beside a grounded source, whose words we do not have, facts cannot be held against anything.
    const grounded = citations.some((each) => each.sentence === sentence && each.quote === null);
    const missing = grounded ? [] : missingFacts(sentence, together);
    return missing.length === 0 ? null : `The sentence says ${missing.join(", ")}, and its quotes do not.`;
  }
}

function wrongQuote(snapshot: { text: string } | { why: string } | undefined, quote: string): string | null {
  if (snapshot === undefined) return "Its source has no snapshot.";
  if ("why" in snapshot) return snapshot.why;
  return locate(quote, snapshot.text) === null ? "The quote does not stand in the snapshot." : null;
}

/** What became of the quotes of workspace files. */
async function sinceThen(
  report: string,
  sources: Map<number, ReadSource>,
  today: ReadToday,
): Promise<CheckedReport["since"]> {
  const since: CheckedReport["since"] = [];
  for (const [number, { file, quotes }] of sources) {
    if (file === null) continue;
    const now = await today(path.resolve(path.dirname(report), file.path));
    if (now === undefined) continue;
    const name = path.basename(file.path);
    quotes.forEach((quote, index) => {
      const n = `${number}.${index + 1}`;
      if (now === null) {
        since.push({ n, state: "gone", why: `${name} is not there any more.` });
        return;
      }
      const found = locate(quote, now.text);
      if (found === null) {
        since.push({ n, state: "changed", why: `${name} no longer says this.` });
      } else if (file.ranges.length > 0 && !file.ranges.some((range) => standsIn(quote, now, range))) {
        const at = lineOf(now.text, found.start);
        const where =
          now.pages === null ? `line ${now.lines?.[at - 1] ?? at}` : `page ${now.pages[at - 1] ?? 1}`;
        since.push({ n, state: "moved", why: `It stands at ${where} of ${name} now.` });
      }
    });
  }
  return since;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** True where the quote begins in the lines or on the pages where it stood. */
function standsIn(
  quote: string,
  { text, lines, pages }: Pick<Reading, "text" | "lines" | "pages">,
  { first, last }: Range,
): boolean {
  const kept = text.split("\n").filter((_, index) => {
    const at = (pages ?? lines)?.[index] ?? index + 1;
    // A link to pages names the first one only.
    return at >= first && (pages === null ? at <= last : at <= last + 1);
  });
  return locate(quote, kept.join("\n")) !== null;
}

/** Snapshots have names of ours: a report that links elsewhere has nothing else read for it. */
const SNAPSHOT = /(^|\/)sources\/([0-9a-f]{16})\.md$/;

async function snapshotText(source: ReadSource, report: string): Promise<{ text: string } | { why: string }> {
  if (source.grounded) return { why: "A grounded source has no quotes to check." };
  if (source.snapshot === null) return { why: "Its source names no snapshot." };
  const { path: link, sha256 } = source.snapshot;
  const named = SNAPSHOT.exec(link)?.[2];
  if (named === undefined || !sha256.startsWith(named))
    return { why: "Its snapshot's name does not fit its hash." };
  try {
    return { text: await readSnapshot(path.resolve(path.dirname(report), link), sha256) };
  } catch (error) {
    return { why: asResearchError(error, "bad-report", "The snapshot cannot be read").message };
  }
}
