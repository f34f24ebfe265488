import { formatMessage, msg } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { EMPTY_READING } from "../../../../src/core/domain/empty-reading.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import {
  archiveSessions,
  isArchived,
  unarchiveSession,
  type ArchiveSelection,
} from "../../../../src/storage/archive/archive-sessions.js";
import { archiveZipPath, archiveListingPath } from "../../../../src/storage/archive/archived-sessions.js";
import { backUpStorage } from "../../../../src/storage/archive/backup.js";
import { checkReportFile } from "../../../../src/verification/check-report-file.js";
import { listSessions } from "../../../../src/storage/sessions/list-sessions.js";
import { journalPath } from "../../../../src/storage/sessions/session.js";
import { readSnapshot, SnapshotFiles } from "../../../../src/storage/sessions/snapshots.js";
import { recordOfReport } from "../../../fakes/report-record.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aReport } from "../../../fakes/report.js";
import { aSession } from "../../../fakes/sessions.js";

const never = new AbortController().signal;
const now = new Date("2026-11-22T10:15:00Z");
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);

describe("the archive", function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let sessions: string;

  beforeEach(async () => {
    folder = await aFolder();
    sessions = path.join(folder.path, "data/sessions");
  });
  afterEach(() => folder.remove());

  const nobody: (folder: string) => Promise<boolean> = () => Promise.resolve(false);
  const archive = (chosen: Partial<ArchiveSelection>, isRunning = nobody, signal = never) =>
    archiveSessions(
      sessions,
      { ids: [], olderThan: null, keep: null, ...chosen },
      { isRunning, now, signal },
    );
  const files = async (): Promise<string[]> =>
    (await readdir(sessions, { recursive: true })).filter((name) => !name.startsWith(".")).sort();
  const exists = (file: string): Promise<boolean> =>
    stat(file).then(
      () => true,
      () => false,
    );

  it("packs a session away and brings it back byte for byte", async () => {
    const { id, folder: session, snapshot } = await aSession(sessions, { text: "y".repeat(200_000) });
    const before = {
      files: await files(),
      journal: await readFile(journalPath(session)),
      text: await readFile(snapshot),
    };
    assert.deepEqual(await archive({ ids: [id] }), { archived: [id], skipped: [] });
    assert.deepEqual(await files(), ["archive", `archive/${id}.json`, `archive/${id}.zip`]);
    assert.equal(await isArchived(sessions, id), true);

    assert.equal(await unarchiveSession(sessions, id, never), true);
    assert.deepEqual(await files(), [...before.files, "archive"]);
    assert.deepEqual(await readFile(journalPath(session)), before.journal);
    assert.deepEqual(await readFile(snapshot), before.text);
    if (process.platform !== "win32") {
      assert.equal((await stat(journalPath(session))).mode & 0o777, 0o600);
      assert.equal((await stat(session)).mode & 0o777, 0o700);
    }
    assert.equal(await unarchiveSession(sessions, id, never), false);
  });

  it("chooses by age and number, and by name", async () => {
    const made: string[] = [];
    for (const days of [1, 40, 100, 200]) made.push((await aSession(sessions, { at: daysAgo(days) })).id);
    const [newest = "", month = "", quarter = "", oldest = ""] = made;
    assert.deepEqual((await archive({})).archived, []);
    assert.deepEqual((await archive({ olderThan: 90, keep: 3 })).archived, [oldest]);
    assert.deepEqual((await archive({ olderThan: 90 })).archived, [quarter]);
    assert.deepEqual((await archive({ keep: 1 })).archived, [month]);
    assert.deepEqual((await archive({ ids: [newest] })).archived, [newest]);
    assert.deepEqual((await archive({ ids: [newest], keep: 0 })).skipped, [
      { id: newest, why: msg`it is already archived` },
    ]);
    await assert.rejects(archive({ ids: ["20200101-000000-none"] }), /There is no session/);
    await assert.rejects(archive({ ids: ["../x"] }), /There is no session/);
  });

  it("lists archived sessions with all that it lists of others, also where the zip alone is left", async () => {
    await aSession(sessions, { at: daysAgo(2), question: "Second?" });
    const { id } = await aSession(sessions, { at: daysAgo(3), question: "日本語?", status: "failed" });
    await aSession(sessions, { at: daysAgo(4), question: "Fourth?" });
    const before = await listSessions(sessions);
    await archive({ ids: [id] });
    const expected = before.map((each) => (each.id === id ? { ...each, archived: true } : each));
    assert.deepEqual(await listSessions(sessions), expected);
    await rm(archiveListingPath(sessions, id));
    assert.deepEqual(await listSessions(sessions), expected);
    await writeFile(archiveListingPath(sessions, id), '{"id":"another"}');
    assert.deepEqual(await listSessions(sessions), expected);
  });

  it("leaves out what runs, what was cut off unless it is named, and what holds other things", async () => {
    const running = await aSession(sessions, { at: daysAgo(1) });
    const cut = await aSession(sessions, { at: daysAgo(2), status: "interrupted" });
    const mine = await aSession(sessions, { at: daysAgo(3) });
    await writeFile(path.join(mine.folder, "notes.txt"), "mine");
    const before = await files();
    const isRunning = (session: string): Promise<boolean> => Promise.resolve(session === running.folder);
    const { archived, skipped } = await archive({ keep: 0 }, isRunning);
    assert.deepEqual(archived, []);
    assert.deepEqual(
      skipped.map(({ id, why }) => [id, formatMessage(why).slice(0, 15)]),
      [
        [running.id, "it is running"],
        [cut.id, "it was interrup"],
        [mine.id, "its folder cont"],
      ],
    );
    assert.deepEqual(await files(), before);
    await appendFile(journalPath(cut.folder), '{"type":"torn');
    assert.deepEqual((await archive({ ids: [cut.id] })).archived, [cut.id]);
    assert.deepEqual((await archive({ ids: [running.id] }, isRunning)).archived, []);
  });

  it("leaves the folder where the session began to run or changed while it was packed", async () => {
    const { id, folder: session } = await aSession(sessions);
    const before = await files();
    let asked = 0;
    const begins = (): Promise<boolean> => Promise.resolve(++asked > 1);
    assert.deepEqual((await archive({ ids: [id] }, begins)).skipped, [{ id, why: msg`it is running` }]);
    const writes = async (): Promise<boolean> => {
      await appendFile(journalPath(session), '{"type":"resumed","at":""}\n');
      return false;
    };
    assert.match(
      formatMessage((await archive({ ids: [id] }, writes)).skipped[0]!.why),
      /changed while it was packed/,
    );
    assert.deepEqual(await files(), [...before, "archive"]);
  });

  it("is cancelled between and within sessions without losing one", async () => {
    const ids = [(await aSession(sessions)).id, (await aSession(sessions)).id];
    for (let after = 0; after < 4; after++) {
      const controller = new AbortController();
      let asked = 0;
      const isRunning = (): Promise<boolean> => {
        if (asked++ === after) controller.abort();
        return Promise.resolve(false);
      };
      await archive({ keep: 0 }, isRunning, controller.signal).catch((error: unknown) => {
        assert.equal((error as Error).name, "AbortError");
      });
      assert.deepEqual((await listSessions(sessions)).map(({ id }) => id).sort(), [...ids].sort());
      assert.equal((await files()).filter((name) => name.includes(".part-")).length, 0);
      for (const id of ids) await unarchiveSession(sessions, id, never);
    }
  });

  describe("after a kill", () => {
    it("that left both, counts the folder and packs it again", async () => {
      const { id, folder: session } = await aSession(sessions);
      await cp(session, path.join(folder.path, "copy"), { recursive: true });
      await archive({ ids: [id] });
      await cp(path.join(folder.path, "copy"), session, { recursive: true });
      await appendFile(journalPath(session), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
      const [listed, ...more] = await listSessions(sessions);
      assert.deepEqual([listed?.status, listed?.archived, more.length], ["interrupted", undefined, 0]);
      assert.equal(await unarchiveSession(sessions, id, never), false);
      assert.deepEqual((await archive({ ids: [id] })).archived, [id]);
      await unarchiveSession(sessions, id, never);
      assert.match(await readFile(journalPath(session), "utf8"), /"resumed"/);
    });

    it("that left both, keeps an archive that the folder does not go on from", async () => {
      const { id, folder: session } = await aSession(sessions, { status: "interrupted" });
      await cp(session, path.join(folder.path, "copy"), { recursive: true });
      await appendFile(journalPath(session), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
      await archive({ ids: [id] });
      await rename(path.join(folder.path, "copy"), session);
      const newer = await readFile(archiveZipPath(sessions, id));
      const { archived, skipped } = await archive({ ids: [id] });
      assert.deepEqual(archived, []);
      assert.match(formatMessage(skipped[0]!.why), /\.zip already exists and is not an earlier state of it/);
      assert.deepEqual(await readFile(archiveZipPath(sessions, id)), newer);
    });

    it("that left both, keeps the archive where the folder cannot be packed away", async () => {
      const { id, folder: session } = await aSession(sessions);
      await cp(session, path.join(folder.path, "copy"), { recursive: true });
      await archive({ ids: [id] });
      await rename(path.join(folder.path, "copy"), session);
      const earlier = await readFile(archiveZipPath(sessions, id));
      let asked = 0;
      const begins = (): Promise<boolean> => Promise.resolve(++asked > 1);
      assert.deepEqual((await archive({ ids: [id] }, begins)).skipped, [{ id, why: msg`it is running` }]);
      assert.deepEqual(await readFile(archiveZipPath(sessions, id)), earlier);
      const blocks = async (): Promise<boolean> => {
        const gone = path.join(sessions, "archive", `.gone-${id}`);
        await mkdir(gone, { recursive: true });
        await writeFile(path.join(gone, "x"), "");
        return false;
      };
      assert.match(formatMessage((await archive({ ids: [id] }, blocks)).skipped[0]!.why), /cannot be moved/);
      assert.deepEqual(await readFile(archiveZipPath(sessions, id)), earlier);
      const left = await readdir(path.join(sessions, "archive"));
      assert.equal(left.filter((name) => name.includes(".part-")).length, 0);
    });

    /** An archived session whose folder was put away, and not removed any more. */
    const halfRemoved = async (): Promise<{ id: string; gone: string }> => {
      const { id, folder: session } = await aSession(sessions);
      await cp(session, path.join(folder.path, "copy"), { recursive: true });
      await archive({ ids: [id] });
      const gone = path.join(sessions, "archive", `.gone-${id}`);
      await rename(path.join(folder.path, "copy"), gone);
      return { id, gone };
    };

    it("that left a folder half removed, counts the archive and sweeps the rest", async () => {
      const { id, gone } = await halfRemoved();
      await rm(path.join(gone, "journal.jsonl"));
      assert.equal((await listSessions(sessions))[0]?.archived, true);
      await archive({ keep: 5 });
      assert.equal(await exists(gone), false);
      assert.equal(await unarchiveSession(sessions, id, never), true);
    });

    it("that left a file half written, archives all the same", async () => {
      const { id, snapshot } = await aSession(sessions);
      await writeFile(`${snapshot}.${randomUUID()}`, "half");
      const rooms = { workspace: folder.path, sessions, reports: path.join(folder.path, "data/reports") };
      const made = await backUpStorage(rooms, path.join(folder.path, "b.zip"), { signal: never, now });
      assert.deepEqual(made.leftOut, []);
      assert.deepEqual(await archive({ ids: [id] }), { archived: [id], skipped: [] });
      assert.equal(await exists(path.join(sessions, id)), false);
    });

    it("that left a folder half removed, archives the session again once it was brought back", async () => {
      const { id, gone } = await halfRemoved();
      assert.equal(await unarchiveSession(sessions, id, never), true);
      assert.deepEqual(await archive({ ids: [id] }), { archived: [id], skipped: [] });
      assert.equal(await exists(gone), false);
      assert.equal(await unarchiveSession(sessions, id, never), true);
    });

    it("sweeps no folder away whose archive is not there", async () => {
      const gone = path.join(sessions, "archive/.gone-20261122-101500-7f3a");
      await mkdir(gone, { recursive: true });
      await archive({ keep: 5 });
      assert.equal(await exists(gone), true);
    });
  });

  it("brings back no archive that was changed, and leaves it where it is", async () => {
    const { id } = await aSession(sessions);
    const other = await aSession(sessions);
    await archive({ ids: [id, other.id] });
    await cp(archiveZipPath(sessions, other.id), archiveZipPath(sessions, id));
    await assert.rejects(unarchiveSession(sessions, id, never), /belongs to another session/);
    const bytes = await readFile(archiveZipPath(sessions, id));
    await writeFile(archiveZipPath(sessions, id), bytes.subarray(0, bytes.length - 40));
    const before = await files();
    await assert.rejects(unarchiveSession(sessions, id, never), /truncated/);
    assert.deepEqual(await files(), before);
    await assert.rejects(unarchiveSession(sessions, "20200101-000000-none", never), /There is no session/);
    await assert.rejects(unarchiveSession(sessions, "archive", never), /is not a session id/);
  });

  it("lets reports be verified against snapshots in it, and notices one that was changed", async () => {
    const { id, folder: session, snapshot, sha256 } = await aSession(sessions);
    const place = { kind: "workspace" as const, path: "docs/a.md" };
    const text = "A killed session keeps 30 days of journals.\n";
    const source = await new SnapshotFiles(path.join(session, "sources")).keep(
      place,
      { title: "A", text, commit: null, ...EMPTY_READING },
      now,
    );
    const report = path.join(folder.path, "data/reports/r.md");
    await mkdir(path.dirname(report));
    const quotes = ["A killed session keeps 30 days of journals."];
    const given = { quotes, claims: [{ text: "It keeps 30 days." }], sources: [source], session: id };
    const markdown = renderReport(aReport(given), { workspace: "../..", session: `../sessions/${id}` });
    await writeFile(report, markdown);
    const written = recordOfReport(markdown);
    const line = { type: "written", at: now.toISOString(), ...written };
    await appendFile(path.join(session, "journal.jsonl"), `${JSON.stringify(line)}\n`);
    const before = await checkReportFile(report);
    assert.deepEqual([before.ok, before.citations, before.checked], [true, 1, "all"]);
    await archive({ ids: [id] });
    const packed = await files();
    assert.deepEqual(await checkReportFile(report), before);
    assert.equal(await readSnapshot(snapshot, sha256), "It goes on where the journal ends.\n");
    assert.deepEqual(await files(), packed);
    await assert.rejects(readSnapshot(snapshot, "0".repeat(64)), /has been changed since/);
    await rm(archiveZipPath(sessions, id));
    assert.match(formatMessage((await checkReportFile(report)).failed[0]!.why), /is missing/);
  });

  it("goes into backups as it is", async () => {
    const { id } = await aSession(sessions);
    await archive({ ids: [id] });
    const rooms = { workspace: folder.path, sessions, reports: path.join(folder.path, "data/reports") };
    const made = await backUpStorage(rooms, path.join(folder.path, "b.zip"), { signal: never, now });
    assert.deepEqual([made.sessions, made.files, made.leftOut], [1, 2, []]);
  });
});
