// The sample report in a workspace, changed by hand, so that its sentences have every kind of state.
import fs from "node:fs";
import path from "node:path";
import { root } from "./workspace.mjs";

const SAMPLE = path.join(root, "media/sample");

/**
 * Copies the sample with its session and sources, and changes sentences, a source file and a citation.
 * @param {string} folder the workspace
 * @returns {string} the report's path
 */
export function writeMixedReport(folder) {
  for (const name of ["data", "docs"])
    fs.cpSync(path.join(SAMPLE, name), path.join(folder, name), { recursive: true });
  const reports = path.join(folder, "data/reports");
  const [name] = fs.readdirSync(reports).filter((each) => each.endsWith(".md"));
  const report = path.join(reports, name);
  change(report, [
    ["every 20 seconds", "every 25 seconds"],
    ["Another worker then takes the job from its beginning: Ferry keeps no half of a job. [[1.4]](#source-1)", "Another worker then takes the job from its beginning: Ferry keeps no half of a job. [[1.4]](#source-1) *(qualified: the source says so of whole jobs)*"],
    ["looks at it. [[2.2]](#source-2)", "looks at it. [[2.9]](#source-2)"],
    [
      "## Stopping a worker",
      "| what | how long |\n|---|---|\n| the lease | 60 seconds [[1.1]](#source-1) |\n| `ferry.tries` | set in the file [[2.4]](#source-2) |\n\n```sh\n# Stop a worker\nferry stop --wait 30 \"worker 1\"\n```\n\n[[1.5]](#source-1)\n\n## Stopping a worker",
    ],
  ]); // prettier-ignore
  change(path.join(folder, "docs/workers.md"), [["has 30 seconds to finish", "has 45 seconds to finish"]]);
  return report;
}

function change(file, changes) {
  let text = fs.readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path.basename(file)} does not say “${from}”.`);
    text = text.replace(from, to);
  }
  fs.writeFileSync(file, text);
}
