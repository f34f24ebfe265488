/*
 * Planted falsehoods and true rewordings over sentences of many fields, in English and German: what the check by code
 * alone says of them, and what `verify` says of a report that they were written into after it was checked.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { formatMessage } from "../../src/common/messages.js";
import { checkSentence, verdictByCode } from "../../src/core/evidence/check-sentence.js";
import { sentenceToMarkdown } from "../../src/core/text/markdown-escape.js";
import { checkReportFile } from "../../src/verification/check-report-file.js";
import { PLACES, writeCheckedReport } from "../fakes/checked-report.js";
import type { Row } from "./results-table.js";

/** A sentence with the quote that it cites. */
interface Case {
  /** Of a falsehood; of a rewording its set. */
  kind: string;
  /** The file that it stands in. */
  set: string;
  sentence: string;
  quote: string;
  /** The sentence that was checked in its place. */
  truth: string;
}

const SETS = ["english", "german"].flatMap((language) =>
  ["", "-reports", "-unseen", "-rewordings", "-paraphrases", "-held-out"].map((kind) => `${language}${kind}`),
);

/** Reads the sets: "Q:" begins a quote, "=" a true rewording, and a kind a falsehood. */
export function readTruthSets(folder = "test/bench/truth"): { truths: Case[]; falsehoods: Case[] } {
  const truths: Case[] = [];
  const falsehoods: Case[] = [];
  for (const set of SETS) {
    const quotes: { quote: string; field: number }[] = [];
    const rewordings: { sentence: string; at: number }[] = [];
    let field = 0;
    for (const line of readFileSync(path.join(folder, `${set}.txt`), "utf8").split("\n")) {
      const [, mark = "", text = ""] = /^(Q:|=|#|[a-z]+:) (.*)$/.exec(line) ?? [];
      const quote = quotes.at(-1)?.quote ?? "";
      if (mark === "#") field++;
      else if (mark === "Q:") quotes.push({ quote: text, field });
      else if (mark === "=") {
        truths.push({ kind: set, set, sentence: text, quote, truth: text });
        rewordings.push({ sentence: text, at: quotes.length - 1 });
      } else if (mark !== "")
        falsehoods.push({ kind: mark.slice(0, -1), set, sentence: text, quote, truth: quote });
    }
    // Each quote's first rewording, with another quote of its field and with one of another field.
    const first = rewordings.filter(({ at }, index) => at !== rewordings[index - 1]?.at);
    for (const { sentence, at } of first) {
      const own = quotes[at];
      const pick = (fits: (each: (typeof quotes)[number]) => boolean): string | undefined =>
        [...quotes.slice(at + 1), ...quotes.slice(0, at)].find(fits)?.quote;
      const near = pick((each) => each.field === own?.field);
      const far = pick((each) => each.field !== own?.field);
      if (near !== undefined)
        falsehoods.push({ kind: "wrong quote", set, sentence, quote: near, truth: sentence });
      if (far !== undefined)
        falsehoods.push({ kind: "other source", set, sentence, quote: far, truth: sentence });
    }
  }
  return { truths, falsehoods };
}

/** What code alone finds in a sentence; null if nothing. */
function findByCode({ sentence, quote }: Case): string | null {
  return verdictByCode(checkSentence(sentence, [quote]))?.reason ?? null;
}

interface Count {
  all: number;
  byCode: number;
  byVerify: number;
}

/** True if `verify` fails a report into which the falsehood was written after it was checked. */
async function isCaughtByVerify(workspace: string, number: number, each: Case): Promise<boolean> {
  const place = PLACES[number % PLACES.length] ?? "summary";
  const quotes: [string, string] = [
    each.truth,
    each.quote === each.truth ? "It is so and not otherwise." : each.quote,
  ];
  const { file, markdown } = await writeCheckedReport(workspace, number, {
    sentence: each.truth,
    quotes,
    place,
  });
  const sound = await checkReportFile(file);
  if (!sound.ok) {
    const why = sound.failed.map((failure) => formatMessage(failure.why)).join(" ");
    throw new Error(`The report of “${each.truth}” fails as it was written: ${why}`);
  }
  // The last place is the sentence's own; the quote in the list of sources stays.
  const body = markdown.slice(0, markdown.indexOf("\n## Sources\n"));
  const [own, false_] = [sentenceToMarkdown(each.truth), sentenceToMarkdown(each.sentence)];
  const at = body.lastIndexOf(own);
  const isMoved = each.sentence === each.truth;
  const edited = isMoved
    ? body.replace("[[1.1]]", "[[1.2]]")
    : body.slice(0, at) + false_ + body.slice(at + own.length);
  if (edited === body) throw new Error(`“${each.sentence}” changes nothing.`);
  await writeFile(file, edited + markdown.slice(body.length));
  return !(await checkReportFile(file)).ok;
}

function note(text: string): void {
  if (process.env["MISSED"] !== undefined) process.stderr.write(`${text}\n`);
}

export async function rows(): Promise<Row[]> {
  const { truths, falsehoods } = readTruthSets(process.env["TRUTH_SETS"]);
  const byKind = new Map<string, Count>();
  const workspace = await mkdtemp(path.join(os.tmpdir(), "deep-research-truth-"));
  try {
    for (const [number, each] of falsehoods.entries()) {
      const count = byKind.get(each.kind) ?? { all: 0, byCode: 0, byVerify: 0 };
      byKind.set(each.kind, count);
      count.all++;
      if (findByCode(each) !== null) count.byCode++;
      else note(`${each.kind}: ${each.sentence}\n    ${each.quote}`);
      if (await isCaughtByVerify(workspace, number, each)) count.byVerify++;
      else note(`verify, ${each.kind}: ${each.sentence}`);
    }
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  const flagged = truths.filter((each) => {
    const found = findByCode(each);
    if (found !== null) note(`true: ${each.sentence}\n    ${each.quote}\n    ${found}`);
    return found !== null;
  });
  const sum = (of: keyof Count): number => [...byKind.values()].reduce((total, each) => total + each[of], 0);
  const list = (of: keyof Count): string =>
    [...byKind].map(([kind, each]) => `${kind} ${each[of]}/${each.all}`).join(", ");
  const { length } = falsehoods;
  return [
    {
      what: "truth: falsehoods written after the check, caught by verify",
      measured: `${sum("byVerify")} of ${length} (${list("byVerify")})`,
      reach: "all of ≥ 300",
      ok: length >= 300 && sum("byVerify") === length,
    },
    {
      what: "truth: falsehoods caught by code alone",
      measured: `${sum("byCode")} of ${length} (${list("byCode")})`,
      reach: "≥ 65 % of ≥ 300",
      ok: length >= 300 && sum("byCode") >= 0.65 * length,
    },
    {
      what: "truth: true rewordings flagged by code",
      measured: `${flagged.length} of ${truths.length}`,
      reach: "≤ 5 % of ≥ 100",
      ok: truths.length >= 100 && flagged.length <= 0.05 * truths.length,
    },
  ];
}
