/*
 * The text of real articles, held against what a person marked as the article: mean F1 over 4-grams,
 * time against Readability and linkedom alone in the same run, and quotes found again.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import * as z from "zod";
import { locateQuote } from "../../src/core/evidence/locate-quote.js";
import { splitSentences } from "../../src/core/text/sentences.js";
import { decodePage } from "../../src/reading/documents/decode-page.js";
import { extractHtmlFileText } from "../../src/reading/documents/html-plain-text.js";
import { extractArticle } from "../../src/reading/documents/html-article.js";
import type { Row } from "./results-table.js";

const Truth = z.record(z.string(), z.object({ articleBody: z.string(), url: z.string() }));

function shingles(text: string): Map<string, number> {
  const tokens = text.match(/[\p{L}\p{N}_\p{M}]+/gu) ?? [];
  const count = new Map<string, number>();
  for (let at = 0; at < Math.max(1, tokens.length - 3); at++) {
    const key = tokens.slice(at, at + 4).join(" ");
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return count;
}

export function f1(truth: string, found: string): number {
  const [a, b] = [shingles(truth), shingles(found)];
  let both = 0;
  for (const [key, count] of a) both += Math.min(count, b.get(key) ?? 0);
  const sum = (counts: Map<string, number>): number =>
    [...counts.values()].reduce((all, each) => all + each, 0);
  return (2 * both) / (sum(a) + sum(b));
}

/** What Readability gives by itself: its text, and its HTML. */
function raw(html: string): { text: string; content: string } {
  const { document } = parseHTML(html) as unknown as { document: object };
  const parsed = new Readability(document).parse();
  return { text: parsed?.textContent ?? "", content: parsed?.content ?? "" };
}

/** A quote as a model would give it back: other blanks, quotation marks, dashes and Unicode form. */
function rewordQuote(quote: string, way: number): string {
  const ways: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.replaceAll(" ", "\n"),
    (text) => text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'").replace(/[–—]/g, "-"),
    (text) => text.normalize("NFD"),
    (text) => text.normalize("NFC").replaceAll('"', "”").replaceAll("'", "’").replaceAll("…", "..."),
  ];
  return ways[way % ways.length]?.(quote) ?? quote;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export async function rows(material: string): Promise<Row[]> {
  const folder = path.join(material, "extraction");
  const what = "article text, 4-gram F1, mean";
  if (!existsSync(folder)) return Promise.resolve([{ what, measured: "–", reach: "≥ .958", ok: null }]);
  const truth = Truth.parse(JSON.parse(readFileSync(path.join(folder, "ground-truth.json"), "utf8")));
  const sums = { ours: 0, raw: 0, broken: 0 };
  const times = { ours: [] as number[], raw: [] as number[] };
  let [quotes, found] = [0, 0];
  const ids = Object.keys(truth);
  for (const [index, id] of ids.entries()) {
    const { articleBody = "", url = "" } = truth[id] ?? {};
    const page = zlib.gunzipSync(readFileSync(path.join(folder, `html/${id}.html.gz`)));
    const html = decodePage(page, null)?.text ?? "";
    const timed = <T>(of: number[], work: () => T): T => {
      const began = performance.now();
      const value = work();
      of.push(performance.now() - began);
      return value;
    };
    extractArticle(html, url);
    // In turns, each first as often as the other.
    const theirsFirst = index % 2 === 0 ? timed(times.raw, () => raw(html)) : null;
    const { text } = timed(times.ours, () => extractArticle(html, url));
    const theirs = theirsFirst ?? timed(times.raw, () => raw(html));
    sums.ours += f1(articleBody, text);
    sums.raw += f1(articleBody, theirs.text);
    sums.broken += f1(articleBody, extractHtmlFileText(theirs.content).text);
    const said = text
      .split("\n")
      .flatMap((line) => splitSentences(line).map(({ start, end }) => line.slice(start, end).trim()))
      .filter((sentence) => sentence.length > 40);
    for (let n = 0; n < Math.min(5, said.length); n++) {
      const quote = said[(index * 31 + n * 17) % said.length] ?? "";
      const located = locateQuote(rewordQuote(quote, index + n), text);
      quotes++;
      if (located !== null) found++;
      else if (process.env["MISSED"] !== undefined) process.stderr.write(`${JSON.stringify(quote)}\n`);
    }
  }
  const mean = (sum: number): string => (sum / ids.length).toFixed(3);
  const ratio = median(times.ours) / median(times.raw);
  return [
    {
      what,
      measured: `${mean(sums.ours)} (Readability raw ${mean(sums.raw)}, with block newlines ${mean(sums.broken)})`,
      reach: "≥ .958",
      ok: sums.ours / ids.length >= 0.958,
    },
    {
      what: "milliseconds a page, median, against raw Readability + linkedom",
      measured: `${ratio.toFixed(2)}×`,
      reach: "≤ 1.3×",
      ok: ratio <= 1.3,
    },
    {
      what: "quotes of the real pages found again",
      measured: `${found} of ${quotes}`,
      reach: "≥ 99.5%",
      ok: quotes > 0 && found / quotes >= 0.995,
    },
  ];
}
