import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { aFolder } from "../../fakes/temporary-folder.js";
import { runProgram, type Ended } from "../../fakes/run-program.js";

/* Reports and files that were made, or grew, so that checking them never ends. The canary is the clock. */

/** Milliseconds on a machine that does much else; what these took before is minutes to hours. */
const LONGEST = 100_000;

describe("a stranger's folder whose texts are slow to check", function () {
  this.timeout(3 * LONGEST);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
    await mkdir(path.join(folder.path, "docs"));
    await writeFile(path.join(folder.path, "docs/keep.md"), "# Keeping\n\nJournals are kept for 30 days.\n");
  });
  afterEach(() => folder.remove());

  const run = (args: string[]): Promise<Ended> =>
    runProgram(folder.path, args, {}, (kill) => {
      setTimeout(() => kill("SIGKILL"), LONGEST).unref();
    });

  /** A report of the folder's own file. */
  const aReport = async (): Promise<string> => {
    const ended = await run(["How long are journals kept?", "--json"]);
    assert.equal(ended.code, 0, ended.stderr);
    const { report } = JSON.parse(ended.stdout) as { report: string };
    return report;
  };

  it("verifies quotes that no longer stand in a file that grew", async () => {
    const report = await aReport();
    const line = "This line of the file says nothing at all about what was quoted from it, and goes on. ";
    await writeFile(path.join(folder.path, "docs/keep.md"), `${line.repeat(30)}\n`.repeat(120));
    const ended = await run(["verify", report]);
    assert.equal(ended.signal, null, "it was still checking");
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /changed since/);
  });

  for (const [name, unit] of Object.entries({
    "opened links": "](",
    "opened marks": "*(qualified: ",
    figures: "17, ",
    capitals: "Ab ",
    "citations of one sentence": "[[1.1]](#source-1) ",
    "combining marks": "\u0301\u0323",
    backticks: "` ",
  })) {
    it(`verifies a report that is full of ${name}`, async () => {
      const report = await aReport();
      const file = path.join(folder.path, report);
      const sound = await readFile(file, "utf8");
      const line = unit.repeat(20_000 / unit.length);
      const hostile = `x ${line} x. [[1.1]](#source-1) ${line}\n\n`.repeat(5);
      await writeFile(file, sound.replace("\n## ", `\n${hostile}\n## `));
      const ended = await run(["verify", report]);
      assert.equal(ended.signal, null, "it was still checking");
      assert.ok(ended.code === 0 || ended.code === 4, `${ended.code}: ${ended.stderr}`);
    });
  }

  it("verifies a report whose quotes have thousands of hard breaks", async () => {
    const report = await aReport();
    const file = path.join(folder.path, report);
    const sound = await readFile(file, "utf8");
    await writeFile(file, sound.replace('1. "', `1. "${"x\\\n   ".repeat(40_000)}`));
    const ended = await run(["verify", report]);
    assert.equal(ended.signal, null, "it was still checking");
    assert.equal(ended.code, 4, ended.stderr);
  });

  it("says that a line is too long, and does not pass the report", async () => {
    const report = await aReport();
    const file = path.join(folder.path, report);
    const sound = await readFile(file, "utf8");
    const long = `${"x ".repeat(100_000)}It is kept for 31 days. [[1.1]](#source-1)\n`;
    await writeFile(file, sound.replace("\n## ", `\n${long}\n## `));
    const ended = await run(["verify", report]);
    assert.equal(ended.code, 4, ended.stderr);
    assert.match(ended.stdout, /line \d+: This line is too long to read/);
  });
});
