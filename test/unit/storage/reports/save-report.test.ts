import assert from "node:assert/strict";
import fs, { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { saveReport } from "../../../../src/storage/reports/save-report.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aReport } from "../../../fakes/report.js";

describe("the file of a report", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  const reports = (): string => path.join(folder.path, "reports");
  const save = (session: string, quote = "It is so."): Promise<string> =>
    saveReport(aReport({ quotes: [quote], session }), {
      workspace: folder.path,
      session: path.join(folder.path, "sessions", session),
      reports: reports(),
    });
  const sessionOf = async (file: string): Promise<string | undefined> =>
    parseReport(await readFile(file, "utf8")).fields.get("session");

  it("is replaced by the same session, and never by another", async () => {
    const first = await save("a");
    assert.equal(path.basename(first), "2026-11-22-a-title.md");
    assert.equal(path.basename(await save("b")), "2026-11-22-a-title-2.md");
    assert.equal(await save("a", "It is otherwise."), first);
    assert.match(await readFile(first, "utf8"), /It is otherwise\./);
    await writeFile(path.join(reports(), "2026-11-22-a-title-3.md"), "My own notes.\n");
    assert.equal(path.basename(await save("c")), "2026-11-22-a-title-4.md");
    assert.equal(await readFile(path.join(reports(), "2026-11-22-a-title-3.md"), "utf8"), "My own notes.\n");
  });

  /** Many sessions that end at once with one title: each has a report of its own then. */
  const manyAtOnce = async (): Promise<void> => {
    const sessions = Array.from({ length: 20 }, (_, n) => `session-${n}`);
    const files = await Promise.all(sessions.map((session) => save(session)));
    assert.equal(new Set(files).size, sessions.length);
    assert.deepEqual(await Promise.all(files.map(sessionOf)), sessions);
    assert.deepEqual((await readdir(reports())).sort(), files.map((file) => path.basename(file)).sort());
  };

  it("is each session's own where many end at once", manyAtOnce);

  it("is each session's own on a file system without links, too", async () => {
    const { link } = fs;
    try {
      fs.link = () => Promise.reject(Object.assign(new Error("no links"), { code: "EPERM" }));
      await manyAtOnce();
    } finally {
      fs.link = link;
    }
  });
});
