/*
 * How many of the facts that a person would want stand in the offline engine's reports: questions about
 * documentation with patterns that an answer must hold above its sources.
 *
 *   node out/bench/answers.js KEYS.jsonl FOLDER      FOLDER holds a workspace for each set
 *   … --only PATTERN                                 questions that match; prints sources and reports, too
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { formatLocation, type Claim, type Report } from "../../src/core/domain/schema.js";
import { aWorkspace, type SearchedWorkspace } from "../fakes/workspace.js";
import { researchOffline } from "./recall.js";

interface AnswerKey {
  set: string;
  question: string;
  must: string[];
}

/** A report above its sources, in the form it has in the file, but for links. */
function bodyOf({ title, summary, sections, disagreements, limits }: Report): string {
  const told = ({ text, evidence, asBlock }: Claim): string =>
    `${asBlock === true ? `\n~~~\n${text}\n~~~\n` : text} [${evidence.join()}]`;
  return [
    `# ${title}`,
    ...summary.map(told),
    ...sections.flatMap(({ heading, paragraphs }) => [
      `\n## ${heading}`,
      ...paragraphs.flatMap((paragraph) => ["", ...paragraph.map(told)]),
    ]),
    ...(disagreements.length > 0 ? ["\n## Where the sources disagree", ...disagreements.map(told)] : []),
    ...(limits.length > 0 ? ["\n## What could not be settled", ...limits.map(told)] : []),
  ].join("\n");
}

async function main(args: string[]): Promise<void> {
  const at = args.indexOf("--only");
  const only = at < 0 ? null : new RegExp(args[at + 1] ?? "", "i");
  const [keys = "", folder = ""] = args;
  const open = new Map<string, SearchedWorkspace>();
  const sums = { full: 0, facts: 0, all: 0, words: 0, questions: 0 };
  for (const line of readFileSync(keys, "utf8").trim().split("\n")) {
    const { set, question, must } = JSON.parse(line) as AnswerKey;
    if (only !== null && !only.test(`${set}: ${question}`)) continue;
    const root = path.join(path.resolve(folder), set);
    const workspace = open.get(set) ?? aWorkspace(root);
    open.set(set, workspace);
    const asked = await researchOffline(root, workspace, question).catch((error: unknown) => {
      process.stdout.write(`${String(error)}\n`);
      return null;
    });
    const body = asked === null ? "" : bodyOf(asked.report);
    const missed = must.filter((pattern) => !new RegExp(pattern).test(body));
    const words = body.split(/\s+/).length;
    sums.questions++;
    sums.all += must.length;
    sums.facts += must.length - missed.length;
    sums.words += words;
    if (missed.length === 0) sums.full++;
    process.stdout.write(
      `${missed.length === 0 ? "ok" : "- "} ${must.length - missed.length}/${must.length} ${words} words ${set}: ${question} ${missed.join(" ~ ")}\n`,
    );
    if (only !== null && asked !== null) {
      for (const [n, { place, title }] of asked.report.sources.entries()) {
        const count = asked.report.evidence.filter(({ source }) => source === n).length;
        process.stdout.write(`SOURCE ${formatLocation(place)} (${title}) ${count}\n`);
      }
      process.stdout.write(`${body}\n\n==========\n`);
    }
  }
  for (const workspace of open.values()) await workspace.close();
  process.stdout.write(
    `${sums.full} of ${sums.questions} questions answered in full, ${sums.facts} of ${sums.all} facts; ${Math.round(sums.words / sums.questions)} words a report\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
