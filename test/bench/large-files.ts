/*
 * How much of what answers stands in the evidence where files are large, and where they are code, in characters, against
 * BM25 over passages of a fixed length with as many characters.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import MiniSearch from "minisearch";
import { locateQuote } from "../../src/core/evidence/locate-quote.js";
import { aWorkspace } from "../fakes/workspace.js";
import { researchOffline, itemsOf } from "./recall.js";
import type { Row } from "./results-table.js";

interface Range {
  file: string;
  start: number;
  end: number;
}

interface GoldQuestion {
  question: string;
  gold: Range[];
}

/** A folder of files with questions whose answers are ranges of them. */
interface GoldSet {
  folder: string;
  questions: GoldQuestion[];
}

/** Characters of a passage of BM25's. */
const PASSAGE = 800;
/** Files that the documents of a set are joined to. */
const FILES = 8;

/** The documents of a set, joined to a few large files without headings of their own. */
function joinDocuments(material: string, most: number): GoldSet | null {
  const set = path.join(material, "questions", "hotpot100");
  const items = itemsOf(path.join(material, "questions"), "hotpot100").slice(0, most);
  if (items.length === 0) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), "large-files-"));
  const names = readdirSync(path.join(set, "corpus")).sort();
  const texts = Array.from({ length: FILES }, () => "");
  const places = new Map<string, { file: number; start: number; end: number }>();
  for (const [n, name] of names.entries()) {
    const file = n % FILES;
    const text = readFileSync(path.join(set, "corpus", name), "utf8")
      .replace(/^# .*\n/, "")
      .trim();
    const start = (texts[file] ?? "").length;
    texts[file] = `${texts[file] ?? ""}${text}\n\n`;
    places.set(name, { file, start, end: start + text.length });
  }
  texts.forEach((text, n) => writeFileSync(path.join(folder, `part-${n}.txt`), text));
  const questions = items.map(({ question, gold }) => ({
    question,
    gold: gold.flatMap(({ doc, quote = "" }): Range[] => {
      const place = places.get(doc);
      const at =
        place === undefined
          ? null
          : locateQuote(quote, (texts[place.file] ?? "").slice(place.start, place.end));
      if (place === undefined || at === null) return [];
      return [{ file: `part-${place.file}.txt`, start: place.start + at.start, end: place.start + at.end }];
    }),
  }));
  return { folder, questions };
}

interface CodeQuestion {
  package: string;
  file: string;
  begins: string;
  lines: number;
  question: string;
}

/** Programs of installed packages, without their documentation. */
function copyPrograms(): GoldSet[] {
  const all = JSON.parse(readFileSync("test/bench/code-questions.json", "utf8")) as CodeQuestion[];
  return [...new Set(all.map((each) => each.package))].map((name) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "programs-"));
    cpSync(path.join("node_modules", name), folder, {
      recursive: true,
      filter: (source) =>
        !/\.(?:md|map|d\.ts)$|\/node_modules$|(?<=node_modules\/.*)\/node_modules\//i.test(source),
    });
    const questions = all
      .filter((each) => each.package === name)
      .map(({ question, file, begins, lines }) => {
        const text = readFileSync(path.join(folder, file), "utf8");
        const start = text.indexOf(begins);
        if (start < 0) throw new Error(`${name}/${file} has no line that begins "${begins}"`);
        const end = text
          .split("\n")
          .slice(0, text.slice(0, start).split("\n").length - 1 + lines)
          .join("\n").length;
        return { question, gold: [{ file, start, end }] };
      });
    return { folder, questions };
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** The passages that BM25 ranks best, of no more characters than the evidence has. */
function rankByWords(folder: string): (question: string, characters: number) => Range[] {
  const passages: (Range & { id: number; text: string })[] = [];
  for (const file of filesOf(folder)) {
    const text = readFileSync(path.join(folder, file), "utf8");
    for (let start = 0; start < text.length; start += PASSAGE) {
      const end = Math.min(text.length, start + PASSAGE);
      passages.push({ id: passages.length, file, start, end, text: text.slice(start, end) });
    }
  }
  const index = new MiniSearch<(typeof passages)[number]>({ fields: ["text"] });
  index.addAll(passages);
  return (question, characters) => {
    const found: Range[] = [];
    let length = 0;
    for (const { id } of index.search(question)) {
      const passage = passages[Number(id)];
      if (passage === undefined || length >= characters) break;
      found.push(passage);
      length += passage.end - passage.start;
    }
    return found;
  };
}

/** Characters of the gold that lie in ranges. */
function countHeldCharacters(gold: Range, ranges: Range[]): number {
  const marks = new Uint8Array(gold.end - gold.start);
  for (const { file, start, end } of ranges)
    if (file === gold.file)
      marks.fill(1, Math.max(0, start - gold.start), Math.max(0, Math.min(end, gold.end) - gold.start));
  return marks.reduce((sum, mark) => sum + mark, 0);
}

async function measure(
  sets: GoldSet[],
): Promise<{ ours: number; words: number; characters: number; questions: number }> {
  const sums = { ours: 0, words: 0, gold: 0, characters: 0, questions: 0 };
  for (const { folder, questions } of sets) {
    const workspace = aWorkspace(folder);
    const rank = rankByWords(folder);
    for (const { question, gold } of questions) {
      const { report } = await researchOffline(folder, workspace, question);
      const ranges = report.evidence.flatMap(({ source, start, end }): Range[] => {
        const place = report.sources[source]?.place;
        return place?.kind === "workspace" ? [{ file: place.path, start, end }] : [];
      });
      const characters = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
      const others = rank(question, characters);
      const all = gold.reduce((sum, { start, end }) => sum + end - start, 0);
      const [mine, theirs] = [ranges, others].map((each) =>
        gold.reduce((sum, one) => sum + countHeldCharacters(one, each), 0),
      );
      if (process.env["MISSED"] !== undefined && (mine ?? 0) < all / 2)
        process.stdout.write(`${(mine ?? 0) / all} against ${(theirs ?? 0) / all}: ${question}\n`);
      // Each question counts alike, however long what answers it.
      sums.ours += (mine ?? 0) / Math.max(1, all);
      sums.words += (theirs ?? 0) / Math.max(1, all);
      sums.gold += all;
      sums.characters += characters;
      sums.questions++;
    }
    await workspace.close();
    rmSync(folder, { recursive: true });
  }
  const { ours, words, characters, questions } = sums;
  return { ours: ours / questions, words: words / questions, characters: characters / questions, questions };
}

/** Gold characters in the evidence, against BM25 with as many. */
export async function rows(material: string): Promise<Row[]> {
  const large = existsSync(material) ? joinDocuments(material, 50) : null;
  const found: Row[] = [];
  for (const [what, sets] of [
    [`gold characters in evidence, ${FILES} large files of text`, large === null ? [] : [large]],
    ["gold characters in evidence, programs of packages", copyPrograms()],
  ] as const) {
    const figures = sets.length === 0 ? null : await measure([...sets]);
    found.push({
      what,
      measured:
        figures === null
          ? "–"
          : `${figures.ours.toFixed(3)} of ${figures.questions} questions (BM25 with as many characters, ${Math.round(figures.characters)}: ${figures.words.toFixed(3)})`,
      reach: "above BM25",
      ok: figures === null ? null : figures.ours > figures.words,
    });
  }
  return found;
}
