import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { isDraftPath, listReportFiles, readReportText, readSavedReport } from "../../../src/app/reports.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("the reports on disk", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder({
      "reports/2026-11-21-a.md": "# No report\n",
      "reports/2026-11-23-c.md": "",
      "reports/2026-11-22-b.md": "x".repeat(5 * 1024 ** 2 + 1),
      "reports/notes.txt": "",
    });
    await mkdir(path.join(folder.path, "reports", "folder.md"));
    await symlink(
      path.join(folder.path, "reports", "notes.txt"),
      path.join(folder.path, "reports", "link.md"),
    );
  });
  afterEach(() => folder.remove());

  const at = (name: string): string => path.join(folder.path, "reports", name);

  it("are listed newest first, without links, folders and other files", async () => {
    assert.deepEqual(
      await listReportFiles(path.join(folder.path, "reports")),
      ["2026-11-23-c.md", "2026-11-22-b.md", "2026-11-21-a.md"].map(at),
    );
    assert.deepEqual(await listReportFiles(path.join(folder.path, "none")), []);
  });

  it("are read up to a limit, and are none without a report's front matter", async () => {
    assert.equal(await readReportText(at("2026-11-21-a.md")), "# No report\n");
    assert.equal(await readSavedReport(at("2026-11-21-a.md")), null);
    await assert.rejects(readReportText(at("2026-11-22-b.md")));
    await assert.rejects(readReportText(at("link.md")));
    const sample = path.resolve("media/sample/data/reports");
    const [file] = await listReportFiles(sample);
    const saved = await readSavedReport(file ?? "");
    assert.ok(saved !== null && saved.title !== "" && saved.session !== "" && saved.markdown.includes("## "));
    assert.match(saved.date, /^\d{4}-\d\d-\d\d$/);
  });

  it("are drafts in a session's folder alone", () => {
    assert.ok(isDraftPath("/w/data/sessions/20261122-101500-how-7f3a/refreshed.md"));
    assert.ok(isDraftPath("C:\\w\\sessions\\20261122-101500-how-7f3a\\refreshed.md"));
    for (const other of ["/w/refreshed.md", "/w/20261122-101500-how-7f3a/report.md", "refreshed.md"])
      assert.equal(isDraftPath(other), false, other);
  });
});
