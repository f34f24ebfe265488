import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  openReportCheckThread,
  type CheckRequest,
  type ReportCheckThread,
} from "../../../src/verification/report-check-thread.js";
import { offlineReport, type SoundReport } from "../../fakes/sound-report.js";

describe("the thread that checks reports", function () {
  this.timeout(60_000);
  let sound: SoundReport;
  let request: CheckRequest;
  let thread: ReportCheckThread | null = null;
  const never = new AbortController().signal;

  before(async () => {
    sound = await offlineReport();
    const { workspace, report, session } = sound;
    request = {
      root: workspace,
      workspace,
      sessions: path.dirname(session),
      markdown: await readFile(report, "utf8"),
      file: report,
    };
  });
  afterEach(() => thread?.close());
  after(() => sound.remove());

  it("finds nothing in a sound report, and what was changed in another", async () => {
    thread = openReportCheckThread();
    const { findings, checked, quotes } = await thread.check(request, never);
    assert.deepEqual(findings, []);
    assert.equal(checked, "all");
    assert.ok(quotes.size > 0);
    const changed = request.markdown.replace("45 days", "54 days");
    const found = await thread.check({ ...request, markdown: changed }, never);
    assert.ok(found.findings.some(({ severity }) => severity === "error"));
    await assert.rejects(thread.check({ ...request, markdown: "# No report" }, never), {
      code: "bad-report",
    });
  });

  it("says that a check took too long, ends the thread, and checks the next report", async () => {
    thread = openReportCheckThread({ milliseconds: 1, heap: 512 });
    const { findings } = await thread.check(request, never);
    assert.deepEqual(
      findings.map(({ kind, severity }) => [kind, severity]),
      [["unchecked", "error"]],
    );
    await thread.close();
    thread = openReportCheckThread();
    assert.deepEqual((await thread.check(request, never)).findings, []);
  });

  it("never begins a check that was cancelled while it waited", async () => {
    thread = openReportCheckThread();
    const cancel = new AbortController();
    const first = thread.check(request, never);
    const second = thread.check(request, cancel.signal);
    cancel.abort();
    await assert.rejects(second, { name: "AbortError" });
    assert.deepEqual((await first).findings, []);
  });
});
