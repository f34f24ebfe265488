import { formatMessage } from "../../../src/common/messages.js";
import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { EMPTY_READING } from "../../../src/core/domain/empty-reading.js";
import { renderReport, snapshotFileName } from "../../../src/core/report/render-report.js";
import { checkReportFile } from "../../../src/verification/check-report-file.js";
import { SnapshotFiles } from "../../../src/storage/sessions/snapshots.js";
import { aFolder } from "../../fakes/temporary-folder.js";
import { aReport } from "../../fakes/report.js";

const SESSION = "20261122-101500-what-is-it-7f3a";

describe("checking a report", () => {
  const text = "A killed session keeps 30 days of journals.\nIt goes on where the journal ends.\n";
  const quotes = ["A killed session keeps 30 days of journals.", "It goes on where the journal ends."];
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let file: string;
  let snapshot: string;

  beforeEach(async () => {
    folder = await aFolder();
    const sources = path.join(folder.path, "sessions", SESSION, "sources");
    const place = { kind: "workspace" as const, path: "docs/a.md" };
    const reading = { title: "A", text, commit: null, ...EMPTY_READING };
    const source = await new SnapshotFiles(sources).keep(place, reading, new Date("2026-11-22T10:15:00Z"));
    snapshot = path.join(sources, snapshotFileName(source.sha256 ?? ""));
    const report = aReport({
      quotes,
      claims: [{ text: "It keeps 30 days." }, { text: "It goes on." }],
      sources: [source],
    });
    await mkdir(path.join(folder.path, "reports"));
    file = path.join(folder.path, "reports/r.md");
    await writeFile(file, renderReport(report, { workspace: "..", session: `../sessions/${SESSION}` }));
  });
  afterEach(() => folder.remove());

  const edit = async (change: (text: string) => string): Promise<void> =>
    writeFile(file, change(await readFile(file, "utf8")));
  const failures = async (): Promise<string[]> =>
    (await checkReportFile(file)).failed.map(({ n, why }) => `${n} ${formatMessage(why)}`);

  it("passes a sound one", async () => {
    assert.deepEqual(await checkReportFile(file), {
      report: file,
      ok: true,
      citations: 2,
      grounded: 0,
      failed: [],
      since: [],
      // There is no journal beside the snapshots.
      checked: "quotes",
      otherLanguage: 0,
      edited: [],
    });
  });

  it("passes one whose line ends git turned into CRLF, snapshot and all", async () => {
    for (const each of [file, snapshot]) {
      await writeFile(each, (await readFile(each, "utf8")).replaceAll("\n", "\r\n"));
    }
    assert.deepEqual(await failures(), []);
  });

  it("fails a changed quote", async () => {
    await edit((report) => report.replace('"It goes on where', '"It went on where'));
    assert.deepEqual(await failures(), ["1.2 The quote does not appear in the snapshot."]);
  });

  it("fails a changed snapshot, by a byte", async () => {
    await appendFile(snapshot, " ");
    assert.equal((await failures()).length, 2);
    assert.match((await failures())[0] ?? "", /has been changed since it was taken/);
  });

  it("fails a missing snapshot", async () => {
    await rm(snapshot);
    assert.match((await failures())[0] ?? "", /is missing/);
  });

  it("fails a number that the quotes do not hold", async () => {
    await edit((report) => report.replace("It keeps 30 days.", "It keeps 31 days."));
    assert.deepEqual(await failures(), ["1.1 31 does not appear in the cited quotes."]);
  });

  it("fails a line that is too long to be read", async () => {
    await edit((report) => report.replace("It goes on.", "It goes on. ".repeat(10_000)));
    const told = await failures();
    assert.ok(
      told.some((line) =>
        line.endsWith("This line is too long to read: it has more than 100,000 characters."),
      ),
      told.join("\n"),
    );
  });

  it("fails citations of what is not there, and links that say otherwise", async () => {
    await edit((report) =>
      report.replace("[[1.1]](#source-1)", "[[1.9]](#source-1) [[7.1]](#source-7) [[1.2]](#source-2)"),
    );
    assert.deepEqual((await failures()).map((each) => each.split(" ")[0]).slice(0, 3), ["1.9", "7.1", "1.2"]);
  });

  it("reads nothing but snapshots, wherever a report's link leads", async () => {
    const secret = path.join(folder.path, "secret.txt");
    await writeFile(secret, quotes.join("\n"));
    await edit((report) => report.replace(/\[Snapshot\]\([^)]+\)/, "[Snapshot](../secret.txt)"));
    assert.match((await failures())[0] ?? "", /name does not match its hash/);
  });

  it("says of other files that they are no report", async () => {
    await writeFile(file, "# Notes\n");
    await assert.rejects(checkReportFile(file), /not a Deep Research report/);
    await assert.rejects(checkReportFile(path.join(folder.path, "none.md")), /cannot be read: it is missing/);
  });
});
