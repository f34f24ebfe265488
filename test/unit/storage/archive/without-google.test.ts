import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { backUpStorage } from "../../../../src/storage/archive/backup.js";
import { restoreBackup } from "../../../../src/storage/archive/restore.js";
import { withoutGoogleAnswers } from "../../../../src/storage/archive/without-google.js";
import { checkReportFile } from "../../../../src/verification/check-report-file.js";
import { createReportChecker } from "../../../../src/verification/report-checker.js";
import { googleReport, type SoundReport } from "../../../fakes/sound-report.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const SECRET = "Journals stay for 30 days.";
const outcome = (task: object, value: object): string =>
  JSON.stringify({ type: "outcome", key: "k", kind: "search", task, at: "a", value });
const grounded = { text: SECRET, pages: [], spans: [], queries: [], suggestions: "" };

describe("a backup", () => {
  let sound: SoundReport | null = null;
  let folder: Awaited<ReturnType<typeof aFolder>> | null = null;
  afterEach(async () => {
    await sound?.remove();
    await folder?.remove();
  });

  it("has a report without the section by Google Search, which verifies where it is restored", async () => {
    sound = await googleReport();
    folder = await aFolder();
    const foldersIn = (workspace: string) => ({
      workspace,
      sessions: path.join(workspace, "data/sessions"),
      reports: path.join(workspace, "data/reports"),
    });
    const zip = path.join(folder.path, "b.zip");
    const signal = new AbortController().signal;
    const now = new Date("2026-11-22T10:15:00Z");
    await backUpStorage(foldersIn(sound.workspace), zip, { signal, now });
    const to = foldersIn(path.join(folder.path, "to"));
    const restore = (folders: typeof to) =>
      restoreBackup(zip, {
        workspace: folders.workspace,
        folders: () => Promise.resolve(folders),
        isRunning: () => Promise.resolve(false),
        overwrite: false,
        signal,
      });
    await restore(to);
    // Where the whole report still is, it counts as present and stays whole.
    const { restored, replaced, present } = await restore(foldersIn(sound.workspace));
    assert.deepEqual([restored, replaced, present > 0], [0, 0, true]);
    const file = path.join(to.reports, path.basename(sound.report));
    const text = await readFile(file, "utf8");
    assert.ok(!text.includes(SECRET) && text.includes("## Sources"), text);
    assert.match(await readFile(sound.report, "utf8"), /30 days/);
    const result = await checkReportFile(file, createReportChecker(null, { workspace: to.workspace }));
    assert.deepEqual([result.ok, result.failed], [true, []]);
  });

  it("has a journal and a report's data without what Google said, and all else to the letter", () => {
    const header = JSON.stringify({ schema: 6, id: "s", scope: ["web", "google"] });
    const page = outcome({ type: "read" }, { text: '"grounded":{' });
    const journal = [
      header,
      outcome({ type: "search", search: "google" }, { hits: [], grounded }),
      page,
      "{half",
      "",
    ];
    const left = withoutGoogleAnswers("sessions/s/journal.jsonl", journal.join("\n"))?.split("\n") ?? [];
    assert.ok(!left.join().includes(SECRET));
    assert.deepEqual([left[0], ...left.slice(2)], [header, page, "{half", ""]);
    const data = JSON.stringify({ schema: 1, report: { title: "t", google: [{ text: SECRET }] }, gaps: [] });
    assert.deepEqual(JSON.parse(withoutGoogleAnswers("sessions/s/report.json", data) ?? ""), {
      schema: 1,
      report: { title: "t" },
      gaps: [],
    });
    const other = JSON.stringify({ schema: 6, id: "s", scope: ["web"] });
    assert.equal(
      withoutGoogleAnswers("sessions/s/journal.jsonl", [other, ...journal.slice(1)].join("\n")),
      null,
    );
    for (const text of ["{", "[]", '{"google":1}']) {
      assert.equal(withoutGoogleAnswers("sessions/s/report.json", text), null);
    }
  });
});
