import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { formatMessage } from "../../../src/common/messages.js";
import { describeVerification } from "../../../src/app/verify-reports.js";
import { checkReportFile } from "../../../src/verification/check-report-file.js";
import { createReportChecker } from "../../../src/verification/report-checker.js";
import { googleReport, type SoundReport } from "../../fakes/sound-report.js";

describe("the section by Google Search", () => {
  let sound: SoundReport;
  afterEach(() => sound.remove());

  const check = (): ReturnType<typeof checkReportFile> =>
    checkReportFile(sound.report, createReportChecker(null, { workspace: sound.workspace }));
  const change = async (edit: (text: string) => string): Promise<void> => {
    const before = await readFile(sound.report, "utf8");
    const after = edit(before);
    assert.notEqual(after, before);
    await writeFile(sound.report, after);
  };
  const SECTION = /^## What Google Search says$[^]*?(?=^## Sources$)/m;

  it("is no citation, and verify says that it was not checked", async () => {
    sound = await googleReport();
    const result = await check();
    assert.deepEqual([result.ok, result.citations, result.grounded, result.failed], [true, 1, 0, []]);
    assert.match(
      describeVerification(result).map(formatMessage).join("\n"),
      /The section by Google Search was not checked\./,
    );
  });

  it("may be all that a report has, as long as it is what the session wrote", async () => {
    sound = await googleReport(true);
    assert.equal((await check()).ok, true);
    await change((text) => text.replace("30 days", "31 days"));
    assert.equal((await check()).ok, false);
  });

  it("may be taken out whole, before a report is published or in a backup, but not changed", async () => {
    sound = await googleReport();
    const original = await readFile(sound.report, "utf8");
    await change((text) => text.replace(SECTION, ""));
    const without = await check();
    assert.deepEqual([without.ok, without.failed, without.google], [true, [], undefined]);
    await writeFile(sound.report, original);
    await change((text) => text.replace("30 days", "31 days"));
    const changed = await check();
    assert.equal(changed.ok, false);
    assert.match(
      changed.failed.map(({ why }) => formatMessage(why)).join("\n"),
      /The section by Google Search has been changed/,
    );
  });

  it("hides no citation of the report that stands in it", async () => {
    sound = await googleReport();
    await change((text) => text.replace("Asked: ", "It was 99 days. [[1.1]](#source-1)\n\nAsked: "));
    assert.equal((await check()).ok, false);
  });
});
