import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { verifyReports } from "../../../src/app/verify-reports.js";
import { runProgram } from "../../fakes/run-program.js";

/* The sample report that is shipped: it stands, it is small, and it is what the engine of today writes. */

const SAMPLE = path.resolve("media/sample");

/** The one report in a folder of reports. */
function reportIn(folder: string): string {
  const [name, ...others] = readdirSync(path.join(folder, "data/reports"));
  assert.ok(name !== undefined && others.length === 0, "one report");
  return path.join(folder, "data/reports", name);
}

/** A report without what differs from run to run: its session's id, its day, and the snapshots' hashes. */
const settled = (report: string): string =>
  readFileSync(report, "utf8")
    .replace(/\d{8}-\d{6}-[a-z0-9-]+/g, "ID")
    .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{16}\b/g, "HASH")
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, "DAY");

describe("the sample report", () => {
  it("stands, and its files say today what it quotes", async () => {
    const report = reportIn(SAMPLE);
    const { checked } = await verifyReports([report], SAMPLE, new AbortController().signal);
    const [result] = checked;
    assert.equal(result?.ok, true);
    assert.ok(result.citations >= 6);
    assert.deepEqual(result.since, []);
  });

  it("is what the engine of today would write (else: npm run sample)", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "deep-research-sample-"));
    try {
      for (const name of ["README.md", "docs"]) {
        cpSync(path.join(SAMPLE, name), path.join(folder, name), { recursive: true });
      }
      const [, question = ""] =
        /^> \*\*Question\.\*\* (.+)$/m.exec(readFileSync(reportIn(SAMPLE), "utf8")) ?? [];
      const { code, stderr } = await runProgram(folder, [question, "--no-cache"]);
      assert.equal(code, 0, stderr);
      assert.equal(settled(reportIn(folder)), settled(reportIn(SAMPLE)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(60_000);

  it("is small, and knows nothing of the machine that made it", () => {
    let bytes = 0;
    for (const name of readdirSync(SAMPLE, { recursive: true })) {
      const file = path.join(SAMPLE, String(name));
      if (!statSync(file).isFile()) continue;
      bytes += statSync(file).size;
      assert.doesNotMatch(readFileSync(file, "utf8"), /\/(?:tmp|home|Users|root|work)\//, file);
    }
    assert.ok(bytes < 60_000, `${bytes} bytes`);
  });
});
