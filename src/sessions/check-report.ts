import { readFile } from "node:fs/promises";
import path from "node:path";
import { asResearchError, ResearchError } from "../research/errors.js";
import { locate, missingFigures } from "../research/quote.js";
import { readReport, type ReadSource } from "../research/read-report.js";
import { readSnapshot } from "./snapshots.js";

/** What `verify` says of one report. `n` is the citation's number, `why` a sentence for people. */
export interface CheckedReport {
  report: string;
  ok: boolean;
  citations: number;
  /** Citations among them that only Google vouches for: they cannot be checked. */
  grounded: number;
  failed: { n: string; why: string }[];
}

/**
 * Checks every citation of a report against the snapshots beside it: no model, no network, no
 * settings. A grounded citation cannot be checked; it counts, and the report itself says so.
 *
 * @param file the report; snapshots are found by its links
 * @throws ResearchError "bad-report" if the file is missing or is no report of ours
 */
export async function checkReport(file: string): Promise<CheckedReport> {
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
  return { report: file, ok: failed.length === 0, citations: citations.length, grounded, failed };

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
    // Beside a grounded source, whose words we do not have, figures cannot be held against anything.
    const grounded = citations.some((each) => each.sentence === sentence && each.quote === null);
    const missing = grounded ? [] : missingFigures(sentence, together);
    return missing.length === 0 ? null : `The sentence says ${missing.join(", ")}, and its quotes do not.`;
  }
}

function wrongQuote(snapshot: { text: string } | { why: string } | undefined, quote: string): string | null {
  if (snapshot === undefined) return "Its source has no snapshot.";
  if ("why" in snapshot) return snapshot.why;
  return locate(quote, snapshot.text) === null ? "The quote does not stand in the snapshot." : null;
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
