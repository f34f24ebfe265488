/*
 * How much of what answers a question the offline engine puts into its evidence: the whole method
 * over sets of questions whose gold is known. Prints one line of JSON a set.
 *
 *   node out/bench/retrieval.js [FOLDER]     folder of sets; RETRIEVAL_SETS, else ../shared/material/questions
 *   … --ask FOLDER QUESTION...               prints what it finds in a folder of your own
 *   … --show SET:N                           prints the N-th question's plan, evidence and report instead
 */
import { formatLocation } from "../../src/core/domain/schema.js";
import { existsSync } from "node:fs";
import path from "node:path";
import { aWorkspace } from "../fakes/workspace.js";
import { researchOffline, itemsOf, measure, type ResearchOutcome, type Item } from "./recall.js";

function printOutcome({ report, events }: ResearchOutcome, item: Item): void {
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
    print(`SOURCE ${formatLocation(source.place)} (${source.title})`);
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
    const workspace = aWorkspace(root);
    for (const question of args.slice(2)) {
      printOutcome(await researchOffline(root, workspace, question), { question, answer: "", gold: [] });
    }
    await workspace.close();
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
    const items = itemsOf(folder, set);
    const workspace = aWorkspace(corpus);
    if (shown !== "") {
      for (const number of numbers.split(",")) {
        const item = items[Number(number)];
        if (item !== undefined) printOutcome(await researchOffline(corpus, workspace, item.question), item);
      }
      await workspace.close();
      continue;
    }
    process.stdout.write(`${JSON.stringify(await measure(folder, set))}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
