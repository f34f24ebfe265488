/*
 * How much of what answers a question the offline engine puts into its evidence: the whole method
 * over sets of questions whose gold is known. Prints one line of JSON a set.
 *
 *   node out/bench/retrieval.js [FOLDER]     folder of sets; RETRIEVAL_SETS, else ../shared/material/questions
 *   … --ask FOLDER QUESTION...               prints what it finds in a folder of your own
 *   … --show SET:N                           prints the N-th question's plan, evidence and report instead
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { documentText } from "../../src/sources/document.js";
import { openOffline } from "../../src/models/offline.js";
import type { ResearchEvent } from "../../src/research/events.js";
import { headingText } from "../../src/research/passages.js";
import { locate } from "../../src/research/quote.js";
import { research } from "../../src/research/research.js";
import type { Report } from "../../src/research/schema.js";
import { openWorkspace } from "../../src/sources/workspace.js";

interface Gold {
  doc: string;
  quote?: string;
  anchor?: string;
}

interface Item {
  question: string;
  answer: string;
  gold: Gold[];
}

interface Asked {
  report: Report;
  texts: string[];
  events: ResearchEvent[];
}

async function ask(root: string, open: ReturnType<typeof openWorkspace>, question: string): Promise<Asked> {
  const signal = AbortSignal.timeout(600_000);
  const texts = new Map<string, string>();
  const events: ResearchEvent[] = [];
  const spare = openOffline();
  const report = await research(
    {
      question,
      depth: "standard",
      maxSources: 10,
      pages: [],
      scope: ["the workspace"],
      session: path.basename(root),
      startedAt: new Date(0),
    },
    {
      model: spare,
      spare,
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
        text: (source) => Promise.resolve(texts.get(source.sha256 ?? "") ?? ""),
      },
      steps: { run: async (step) => (await step.work()).value },
      clock: { now: () => new Date(0) },
      emit: (event) => void events.push(event),
    },
    signal,
  );
  return { report, texts: report.sources.map(({ sha256 }) => texts.get(sha256 ?? "") ?? ""), events };
}

/** Where a page's sections lie, by anchor: the one a heading names, else its slug. */
function sectionsOf(text: string): { anchor: string; start: number; end: number }[] {
  const headings = [...text.matchAll(/^#{1,6} .*$/gm)];
  return headings.map((match, n) => ({
    anchor:
      /\{#([^}]+)\}/.exec(match[0])?.[1] ??
      headingText(match[0])
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-"),
    start: match.index,
    end: headings[n + 1]?.index ?? text.length,
  }));
}

function found({ report, texts }: Asked, gold: Gold, inReport: boolean): boolean {
  const cited = new Set(
    [...report.summary, ...report.sections.flatMap(({ paragraphs }) => paragraphs.flat())].flatMap(
      ({ evidence }) => evidence,
    ),
  );
  return report.evidence.some(({ id, source, start, end }) => {
    const place = report.sources[source]?.place;
    const text = texts[source] ?? "";
    if (place?.kind !== "workspace" || place.path !== gold.doc || (inReport && !cited.has(id))) return false;
    if (gold.quote !== undefined) {
      const at = locate(gold.quote, text);
      return (
        at !== null &&
        start < at.end &&
        end > at.start &&
        Math.min(end, at.end) - Math.max(start, at.start) > (at.end - at.start) / 2
      );
    }
    return sectionsOf(text).some(
      (section) => section.anchor === gold.anchor && start < section.end && end > section.start,
    );
  });
}

function show({ report, events }: Asked, item: Item): void {
  const print = (line = ""): void => void process.stdout.write(`${line}\n`);
  print(`QUESTION ${item.question}\nANSWER   ${item.answer}`);
  for (const { doc, quote, anchor } of item.gold) print(`GOLD     ${doc} ${anchor ?? quote ?? ""}`);
  print();
  for (const event of events) {
    if (event.type === "planned") {
      print(`PLAN [${event.plan.kind}] ${event.plan.title}`);
      for (const { id, question, query } of event.plan.questions) print(`  ${id} ${question}  <${query}>`);
      print(`  cover: ${event.plan.cover.join("; ")}`);
    }
    if (event.type === "outlined")
      print(`OUTLINE ${event.round}: ${event.sections.join(" | ")}; gaps: ${event.gaps.join(" | ")}`);
    if (event.type === "searched") print(`SEARCH ${event.question}: ${event.found}`);
  }
  report.sources.forEach((source, index) => {
    print(
      `SOURCE ${source.place.kind === "workspace" ? source.place.path : source.place.url} (${source.title})`,
    );
    for (const each of report.evidence.filter((one) => one.source === index))
      print(`    ${each.id} [${each.questions.join()}] ${each.claim}`);
  });
  print(`\n# ${report.title}\n`);
  for (const claim of report.summary) print(`${claim.text} ${claim.evidence.join()} ${claim.verdict}`);
  for (const section of report.sections) {
    print(`\n## ${section.heading}`);
    for (const paragraph of section.paragraphs) {
      print();
      for (const claim of paragraph)
        print(
          `${claim.text} [${claim.evidence.join()}]${claim.verdict === "supported" ? "" : ` ${claim.verdict} ${claim.reason}`}`,
        );
    }
  }
  if (report.limits.length > 0) print("\n## What could not be settled");
  for (const claim of report.limits) print(claim.text);
  print("\n==========\n");
}

async function main(args: string[]): Promise<void> {
  const at = args.indexOf("--show");
  const shown = at >= 0 ? (args[at + 1] ?? "") : "";
  const [given] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (args[0] === "--ask") {
    const root = path.resolve(args[1] ?? ".");
    for (const question of args.slice(2)) {
      const item = { question, answer: "", gold: [] };
      show(await ask(root, openWorkspace({ root, exclude: [], text: documentText }), question), item);
    }
    return;
  }
  const folder = given ?? process.env["RETRIEVAL_SETS"] ?? path.resolve("../shared/material/questions");
  if (!existsSync(folder)) {
    process.stdout.write(`skipped: ${folder} is not there\n`);
    return;
  }
  for (const set of ["hotpot100", "anthropicdocs100"]) {
    const [name, numbers = ""] = shown.split(":");
    if (shown !== "" && name !== set) continue;
    const corpus = path.join(folder, set, "corpus");
    if (!existsSync(corpus)) continue;
    const items = readFileSync(path.join(folder, set, "questions.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Item);
    const workspace = openWorkspace({ root: corpus, exclude: [], text: documentText });
    if (shown !== "") {
      for (const number of numbers.split(",")) {
        const item = items[Number(number)];
        if (item !== undefined) show(await ask(corpus, workspace, item.question), item);
      }
      continue;
    }
    const began = performance.now();
    const sums = { gold: 0, docs: 0, evidence: 0, cited: 0, quotes: 0, read: 0, sentences: 0, failed: 0 };
    for (const item of items) {
      const asked = await ask(corpus, workspace, item.question).catch(() => null);
      sums.gold += item.gold.length;
      if (asked === null) {
        sums.failed++;
        continue;
      }
      const { report } = asked;
      const paths = new Set(
        report.sources.map(({ place }) => (place.kind === "workspace" ? place.path : "")),
      );
      const missed = item.gold.filter((gold) => !found(asked, gold, false));
      sums.docs += item.gold.filter(({ doc }) => paths.has(doc)).length;
      sums.evidence += item.gold.length - missed.length;
      sums.cited += item.gold.filter((gold) => found(asked, gold, true)).length;
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
    const share = (count: number, of: number): number => Math.round((count / of) * 1000) / 1000;
    process.stdout.write(
      `${JSON.stringify({
        set,
        questions: items.length,
        failed: sums.failed,
        goldInSourcesRead: share(sums.docs, sums.gold),
        goldInEvidence: share(sums.evidence, sums.gold),
        goldCitedInReport: share(sums.cited, sums.gold),
        sources: share(sums.read, items.length),
        quotes: share(sums.quotes, items.length),
        sentences: share(sums.sentences, items.length),
        seconds: share(performance.now() - began, 1000),
      })}\n`,
    );
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
