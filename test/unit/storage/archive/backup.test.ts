import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../../../src/common/errors.js";
import { archiveSessions, unarchiveSession } from "../../../../src/storage/archive/archive-sessions.js";
import { archiveZipPath, archiveListingPath } from "../../../../src/storage/archive/archived-sessions.js";
import { backUpStorage, newBackupName, type StorageFolders } from "../../../../src/storage/archive/backup.js";
import { parseBackupPath } from "../../../../src/storage/archive/allowed-paths.js";
import { listSessions } from "../../../../src/storage/sessions/list-sessions.js";
import { restoreBackup, type RestoreResult } from "../../../../src/storage/archive/restore.js";
import { journalPath } from "../../../../src/storage/sessions/session.js";
import { ZipReader } from "../../../../src/storage/archive/zip-reader.js";
import { ZipWriter } from "../../../../src/storage/archive/zip-writer.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aSession } from "../../../fakes/sessions.js";
import { aManifest, aZip, type FakeEntry } from "../../../fakes/zip.js";

const now = new Date("2026-11-22T10:15:00Z");
const never = new AbortController().signal;

/** Every file below a folder with its content, links as where they lead. */
async function everything(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) found[path.relative(folder, file)] = (await readFile(file)).toString("base64");
  }
  return found;
}

async function* slices(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe("backup and restore", function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let from: StorageFolders;
  let to: StorageFolders;
  let zip: string;

  const foldersIn = (name: string): StorageFolders => {
    const workspace = path.join(folder.path, name);
    return {
      workspace,
      sessions: path.join(workspace, "data/sessions"),
      reports: path.join(workspace, "data/reports"),
    };
  };
  const REPORT = "---\nsession: s\n---\n\n# Ein Bericht\n";

  beforeEach(async () => {
    folder = await aFolder({
      "from/data/reports/2026-11-22-ä b.md": REPORT,
      "from/data/reports/old/one.md": REPORT,
      "from/data/reports/notes.md": "# No report\n",
      "from/data/reports/picture.png": Buffer.from([1, 2, 3]),
      "from/deep-research.yaml": "depth: quick\n",
      "from/.env": "GEMINI_API_KEY=secret-secret-secret\n",
      "from/README.md": REPORT,
    });
    from = foldersIn("from");
    to = foldersIn("to");
    await mkdir(to.workspace);
    zip = path.join(folder.path, "b.zip");
  });
  afterEach(() => folder.remove());

  const save = (target = zip) => backUpStorage(from, target, { signal: never, now });
  const bring = (
    options: Partial<Parameters<typeof restoreBackup>[1]> = {},
    file = zip,
  ): Promise<RestoreResult> =>
    restoreBackup(file, {
      workspace: to.workspace,
      folders: () => Promise.resolve(to),
      overwrite: false,
      isRunning: () => Promise.resolve(false),
      signal: never,
      ...options,
    });

  /** A restore that is cancelled after so many files. */
  const leavesAllAsItWas = async (cancelledAfter: number): Promise<void> => {
    const before = await everything(to.workspace);
    const controller = new AbortController();
    const cancelled = bring({
      overwrite: true,
      signal: controller.signal,
      onFile: (files) => files === cancelledAfter && controller.abort(),
    });
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.deepEqual(await everything(to.workspace), before);
  };

  it("brings sessions, reports and settings back byte for byte, and nothing else", async () => {
    const one = await aSession(from.sessions, { text: "x".repeat(300_000) + "\nÜber 3 Slices\n" });
    const two = await aSession(from.sessions, { status: "interrupted", question: "日本語?" });
    await writeFile(path.join(one.folder, "lock"), "1234");
    await writeFile(path.join(one.folder, "journal.jsonl.123456"), "half");
    await mkdir(path.join(from.sessions, "archive"));
    await writeFile(path.join(from.sessions, "archive/20250101-000000-old.zip"), Buffer.alloc(90_000, 7));
    const made = await save();
    assert.deepEqual(made, { sessions: 3, reports: 2, files: 8, bytes: (await stat(zip)).size, leftOut: [] });

    const result = await bring();
    assert.deepEqual(
      [result.restored, result.present, result.replaced, result.sessions, result.reports],
      [8, 0, 0, 3, 2],
    );
    const expected = await everything(from.workspace);
    for (const left of [
      ".env",
      "README.md",
      "data/reports/notes.md",
      "data/reports/picture.png",
      `data/sessions/${one.id}/lock`,
      `data/sessions/${one.id}/journal.jsonl.123456`,
    ]) {
      assert.ok(left in expected);
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the key is one of this list
      delete expected[left];
    }
    assert.deepEqual(await everything(to.workspace), expected);
    if (process.platform !== "win32") {
      const restored = journalPath(path.join(to.sessions, two.id));
      assert.equal((await stat(restored)).mode & 0o777, 0o600);
      assert.equal((await stat(path.dirname(restored))).mode & 0o777, 0o700);
      assert.equal((await stat(zip)).mode & 0o777, 0o600);
    }
    assert.deepEqual((await bring()).present, 8);
  });

  it("has a manifest with schema, time, version, and each file's size and hash", async () => {
    const { id } = await aSession(from.sessions);
    await save();
    const reader = await ZipReader.open(zip);
    const entry = reader.entries.find(({ name }) => name === "manifest.json")!;
    const manifest = JSON.parse((await reader.whole(entry, 1e6, never)).toString()) as {
      schema: number;
      made: string;
      by: string;
      files: { path: string; bytes: number; sha256: string }[];
    };
    await reader.close();
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    assert.deepEqual(
      [manifest.schema, manifest.made, manifest.by],
      [1, now.toISOString(), `Deep Research ${version}`],
    );
    const journal = manifest.files.find((file) => file.path === `sessions/${id}/journal.jsonl`);
    assert.equal(journal?.bytes, (await stat(journalPath(path.join(from.sessions, id)))).size);
    assert.match(journal.sha256, /^[0-9a-f]{64}$/);
  });

  it("can be read by other programs", async function () {
    await aSession(from.sessions);
    await save();
    try {
      execFileSync("unzip", ["-v"]);
    } catch {
      this.skip();
    }
    assert.match(execFileSync("unzip", ["-t", zip]).toString(), /No errors detected/);
  });

  it("takes a growing journal up to its last whole line", async () => {
    const { id, folder: session } = await aSession(from.sessions);
    const whole = await readFile(journalPath(session), "utf8");
    await appendFile(journalPath(session), `{"type":"intent","label":"${"x".repeat(200_000)}`);
    await save();
    await bring();
    assert.equal(await readFile(journalPath(path.join(to.sessions, id)), "utf8"), whole);
  });

  it("follows no link out of the folders, and says what it left out", async () => {
    const { folder: session } = await aSession(from.sessions);
    await symlink(path.join(from.workspace, ".env"), path.join(session, "sources/abc.md"));
    await symlink(from.workspace, path.join(from.reports, "link"));
    await writeFile(path.join(session, "notes.txt"), "mine");
    const { leftOut, reports } = await save();
    assert.deepEqual(leftOut, [path.join(session, "notes.txt"), path.join(session, "sources/abc.md")]);
    assert.equal(reports, 2);
  });

  it("takes reports by any name, in folders by any name", async () => {
    const names = [
      "2026.11/x.md",
      "v1.2/x.md",
      "cache/x.md",
      "lock.md",
      "lock/a.lock/x.md",
      "a.part-0f/x.md",
    ];
    for (const name of names) {
      await mkdir(path.dirname(path.join(from.reports, name)), { recursive: true });
      await writeFile(path.join(from.reports, name), REPORT);
    }
    const { reports, leftOut } = await save();
    assert.deepEqual([reports, leftOut], [2 + names.length, []]);
    await bring();
    for (const name of names) assert.equal(await readFile(path.join(to.reports, name), "utf8"), REPORT, name);
  });

  it("names a file that stands where a folder should", async () => {
    const noFolder = path.join(from.sessions, "20260101-000000-none");
    await mkdir(from.sessions, { recursive: true });
    await writeFile(noFolder, "");
    const rooms = { ...from, reports: path.join(from.reports, "notes.md") };
    const { leftOut } = await backUpStorage(rooms, zip, { signal: never, now });
    assert.deepEqual(leftOut, [noFolder, rooms.reports]);
  });

  it("names folders and reports that cannot be read", async function () {
    // Nothing is closed to an administrator, and Windows has no such modes.
    if (process.platform === "win32" || process.getuid?.() === 0) this.skip();
    const { folder: session } = await aSession(from.sessions);
    const closed = [path.join(session, "sources"), path.join(from.reports, "old")];
    const report = path.join(from.reports, "2026-11-22-ä b.md");
    for (const each of [...closed, report]) await chmod(each, 0);
    try {
      const { leftOut, reports } = await save();
      assert.deepEqual([[...leftOut].sort(), reports], [[...closed, report].sort(), 0]);
    } finally {
      for (const each of closed) await chmod(each, 0o700);
    }
  });

  it("never overwrites a file, and leaves none when it fails or is cancelled", async () => {
    await aSession(from.sessions);
    await writeFile(zip, "mine");
    await assert.rejects(save(), /already exists and is not overwritten/);
    assert.equal(await readFile(zip, "utf8"), "mine");
    await rm(zip);
    const before = await readdir(folder.path);
    const controller = new AbortController();
    const cancelled = backUpStorage(from, zip, {
      signal: controller.signal,
      now,
      onFile: (files) => files === 2 && controller.abort(),
    });
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.deepEqual(await readdir(folder.path), before);
    await assert.rejects(save(path.join(folder.path, "none/b.zip")), /The folder .* does not exist/);
  });

  it("is named after the time", () => {
    assert.equal(newBackupName(new Date(2026, 0, 2, 3, 4, 5)), "deep-research-backup-20260102-030405.zip");
  });

  it("counts beyond the 65,535 files of a plain zip", async () => {
    const writer = new ZipWriter(zip, now);
    for (let n = 0; n < 66_000; n++) await writer.add(`reports/${n}.md`, slices(), true);
    await writer.add("reports/last.md", slices("a line\n"));
    await writer.finish();
    const reader = await ZipReader.open(zip);
    assert.equal(reader.entries.length, 66_001);
    const last = reader.entries.at(-1)!;
    assert.equal((await reader.whole(last, 100, never)).toString(), "a line\n");
    await reader.close();
  }).timeout(120_000);

  it("says why the disk took no more, and leaves the caller no wait", async () => {
    const writer = new ZipWriter(path.join(folder.path, "none/b.zip"), now);
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) yield await Promise.resolve(Buffer.alloc(64 * 1024));
    };
    await assert.rejects(writer.add("reports/a.md", endless()), /its folder no longer exists/);
    await assert.rejects(writer.add("reports/b.md", slices("b")), /its folder no longer exists/);
    await assert.rejects(writer.finish(), { code: "cannot-write" });
    await writer.abandon();
  });

  it("holds no more than some slices of a file, however slowly they are written", async () => {
    const writer = new ZipWriter(zip, now);
    let made = 0;
    const many = async function* (): AsyncGenerator<Buffer> {
      for (; made < 200; made++) {
        const { size } = await stat(zip).catch(() => ({ size: 0 }));
        assert.ok(made * 64 * 1024 - size < 2 * 1024 * 1024, `${made} slices, ${size} bytes`);
        yield Buffer.alloc(64 * 1024);
      }
    };
    await writer.add("reports/a.md", many(), true);
    assert.ok((await writer.finish()) > 200 * 64 * 1024);
  });

  it("restores what an earlier version packed, archived sessions and large files among it", async () => {
    const result = await bring({}, "test/fixtures/backups/schema-1.zip");
    assert.deepEqual([result.restored, result.sessions, result.reports], [6, 2, 2]);
    const [archived = "", id = ""] = (await listSessions(to.sessions)).map((session) => session.id).sort();
    assert.match(await readFile(journalPath(path.join(to.sessions, id)), "utf8"), /What is a snapshot\?/);
    assert.equal((await stat(path.join(to.reports, "long.md"))).size, 258_038);
    assert.equal(await unarchiveSession(to.sessions, archived, never), true);
    assert.match(await readFile(journalPath(path.join(to.sessions, archived)), "utf8"), /"status":"done"/);
  });

  describe("with files that are there", () => {
    let id: string;
    const journal = () => journalPath(path.join(to.sessions, id));

    beforeEach(async () => {
      ({ id } = await aSession(from.sessions));
      await save();
      await bring();
    });

    it("writes nothing at all where one has other content, and names it", async () => {
      await rm(path.join(to.reports, "old/one.md"));
      await appendFile(journal(), "{}\n");
      const before = await everything(to.workspace);
      await assert.rejects(bring(), (error: unknown) => {
        assert.ok(error instanceof ResearchError && error.code === "conflict");
        assert.match(error.line, new RegExp(`1 file exists with different content: .*${id}.journal.jsonl`));
        return true;
      });
      assert.deepEqual(await everything(to.workspace), before);
    });

    it("replaces on demand, and keeps each replaced file beside", async () => {
      const packed = await readFile(journal(), "utf8");
      await appendFile(journal(), "{}\n");
      const first = await bring({ overwrite: true });
      assert.deepEqual([first.replaced, first.restored, first.kept], [1, 0, [`${journal()}.before-restore`]]);
      assert.equal(await readFile(`${journal()}.before-restore`, "utf8"), `${packed}{}\n`);
      assert.equal(await readFile(journal(), "utf8"), packed);
      await writeFile(journal(), "another");
      await bring({ overwrite: true });
      assert.equal(await readFile(`${journal()}.before-restore`, "utf8"), `${packed}{}\n`);
      assert.equal(await readFile(`${journal()}.before-restore-2`, "utf8"), "another");
    });

    it("leaves the workspace's own settings as they are", async () => {
      await writeFile(path.join(to.workspace, "deep-research.yaml"), "depth: deep\n");
      const result = await bring({ overwrite: true });
      assert.equal(result.ownSettings, true);
      assert.equal(await readFile(path.join(to.workspace, "deep-research.yaml"), "utf8"), "depth: deep\n");
    });

    it("does not touch a session that is running", async () => {
      await appendFile(journal(), "{}\n");
      const isRunning = (session: string): Promise<boolean> => Promise.resolve(session.endsWith(id));
      const before = await everything(to.workspace);
      await assert.rejects(bring({ overwrite: true, isRunning }), /is running/);
      assert.deepEqual(await everything(to.workspace), before);
    });

    it("writes through no link, out of the folder or at a file's place", async () => {
      const elsewhere = path.join(folder.path, "elsewhere");
      await mkdir(elsewhere);
      await rm(path.join(to.sessions, id), { recursive: true });
      await symlink(elsewhere, path.join(to.sessions, id));
      await assert.rejects(bring({ overwrite: true }), /is a link that leads to .*elsewhere/);
      await rm(path.join(to.sessions, id));
      await rm(path.join(to.reports, "old/one.md"));
      await symlink(path.join(to.workspace, "deep-research.yaml"), path.join(to.reports, "old/one.md"));
      await assert.rejects(bring({ overwrite: true }), /other than a file/);
      assert.deepEqual(await readdir(elsewhere), []);
    });

    it("says so where a folder stands in a file's place, and writes nothing", async () => {
      await rm(journal());
      await mkdir(journal());
      await assert.rejects(bring({ overwrite: true }), /Something other than a file exists at/);
    });
  });

  describe("with a session that is archived on one side only", () => {
    let id: string;
    const inTo = () => path.join(to.sessions, id);
    const packAway = (sessions: string) =>
      archiveSessions(
        sessions,
        { ids: [id], olderThan: null, keep: null },
        { isRunning: () => Promise.resolve(false), now, signal: never },
      );
    const shown = async (): Promise<(boolean | undefined)[]> =>
      (await listSessions(to.sessions)).map(({ archived }) => archived);

    beforeEach(async () => {
      ({ id } = await aSession(from.sessions));
    });

    describe("here", () => {
      beforeEach(async () => {
        await save();
        await bring();
      });

      it("writes no older folder over it, and names its archive", async () => {
        await appendFile(journalPath(inTo()), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
        await packAway(to.sessions);
        const before = await everything(to.workspace);
        await assert.rejects(bring(), (error: unknown) => {
          assert.ok(error instanceof ResearchError && error.code === "conflict");
          assert.match(
            error.line,
            new RegExp(
              `^1 session is archived only here or only in the backup: .*archive.${id}.zip. Nothing was`,
            ),
          );
          return true;
        });
        assert.deepEqual(await everything(to.workspace), before);
        await appendFile(path.join(to.reports, "old/one.md"), "mine\n");
        await assert.rejects(
          bring(),
          /1 file exists with different content: .* 1 session is archived only here/,
        );
      });

      it("restores the folder on demand, and keeps the archive beside", async () => {
        await appendFile(journalPath(inTo()), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
        await packAway(to.sessions);
        const archive = archiveZipPath(to.sessions, id);
        const newer = await readFile(archive);
        const result = await bring({ overwrite: true });
        assert.deepEqual(
          [result.restored, result.replaced, result.kept],
          [2, 1, [`${archive}.before-restore`]],
        );
        assert.deepEqual(await readFile(`${archive}.before-restore`), newer);
        assert.deepEqual(await shown(), [undefined]);
        assert.equal((await stat(archiveListingPath(to.sessions, id)).catch(() => null)) === null, true);
        assert.deepEqual((await packAway(to.sessions)).archived, [id]);
        assert.deepEqual(await readFile(`${archive}.before-restore`), newer);
      });

      it("takes that back where it is cancelled", async () => {
        await appendFile(journalPath(inTo()), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
        await packAway(to.sessions);
        await leavesAllAsItWas(2);
      });

      it("counts it as there where the archive holds the same", async () => {
        await packAway(to.sessions);
        const before = await everything(to.workspace);
        const result = await bring();
        assert.deepEqual([result.restored, result.present, result.replaced], [0, 5, 0]);
        assert.deepEqual(await everything(to.workspace), before);
      });
    });

    describe("in the backup", () => {
      beforeEach(async () => {
        await packAway(from.sessions);
        await save();
        await bring();
        await unarchiveSession(to.sessions, id, never);
        await appendFile(journalPath(inTo()), '{"type":"resumed","at":"2026-11-23T00:00:00Z"}\n');
      });

      it("adds no archive beside the folder, and names it", async () => {
        const before = await everything(to.workspace);
        await assert.rejects(bring(), new RegExp(`1 session is archived only here or .*sessions.${id}\\.`));
        assert.deepEqual(await everything(to.workspace), before);
      });

      it("restores the archive on demand, and keeps the folder beside", async () => {
        const newer = await readFile(journalPath(inTo()), "utf8");
        const result = await bring({ overwrite: true });
        assert.deepEqual(
          [result.restored, result.replaced, result.kept],
          [2, 1, [`${inTo()}.before-restore`]],
        );
        assert.equal(await readFile(journalPath(`${inTo()}.before-restore`), "utf8"), newer);
        assert.deepEqual(await shown(), [true]);
        const made = await backUpStorage(to, path.join(folder.path, "c.zip"), { signal: never, now });
        assert.deepEqual(made.leftOut, [`${inTo()}.before-restore`]);
      });

      it("does not move it away while it runs", async () => {
        const before = await everything(to.workspace);
        const isRunning = (session: string): Promise<boolean> => Promise.resolve(session === inTo());
        await assert.rejects(bring({ overwrite: true, isRunning }), /is running/);
        assert.deepEqual(await everything(to.workspace), before);
      });
    });
  });

  it("puts sessions where the restored settings say", async () => {
    const { id } = await aSession(from.sessions);
    await save();
    const seen: (string | null)[] = [];
    const rooms = (settings: string | null): Promise<StorageFolders> => {
      seen.push(settings);
      return Promise.resolve({ ...to, sessions: path.join(to.workspace, "kept") });
    };
    await bring({ folders: rooms });
    assert.deepEqual(seen, ["depth: quick\n"]);
    assert.ok((await stat(journalPath(path.join(to.workspace, "kept", id)))).isFile());
  });

  it("takes everything back when it is cancelled in the middle", async () => {
    await aSession(from.sessions);
    await save();
    await cp(path.join(from.reports, "old"), path.join(to.reports, "old"), { recursive: true });
    await writeFile(path.join(to.reports, "old/one.md"), "mine");
    await leavesAllAsItWas(4);
    assert.deepEqual(await readdir(path.join(to.workspace, "data")), ["reports"]);
  });

  describe("refuses, and writes nothing for,", () => {
    const report: FakeEntry = { name: "reports/a.md", content: Buffer.from(REPORT) };
    const withName = (name: string): Buffer => {
      const entry = { ...report, name };
      return aZip([entry, aManifest([entry])]);
    };
    const both = (...entries: FakeEntry[]): Buffer => aZip([...entries, aManifest(entries)]);
    const sound = both(report);
    const bomb: FakeEntry = { name: "reports/b.md", content: Buffer.alloc(8_000_000, 32) };

    const hostile: Record<string, [Buffer | (() => Buffer), RegExp]> = {
      "a file that is no zip": [Buffer.from("PK, but no zip at all"), /not a zip file/],
      "an empty file": [Buffer.alloc(0), /not a zip file/],
      "a zip that is cut off": [sound.subarray(0, sound.length - 30), /truncated/],
      "a zip with something before it": [Buffer.concat([Buffer.alloc(10), sound]), /damaged/],
      "a changed byte": [
        Buffer.from(sound.map((byte, index) => (index === 45 ? byte ^ 0xff : byte))),
        /cannot be unpacked|was changed|than announced/,
      ],
      "no manifest": [aZip([report]), /no manifest/],
      "a manifest that is no JSON": [
        aZip([report, { name: "manifest.json", content: Buffer.from("{") }]),
        /manifest cannot be read/,
      ],
      "a manifest of another shape": [
        aZip([report, aManifest([report], { files: [{ path: "reports/a.md" }] })]),
        /manifest cannot be read/,
      ],
      "a newer schema": [
        aZip([report, aManifest([report], { schema: 2 })]),
        /newer version of Deep Research/,
      ],
      "a file that is missing": [aZip([aManifest([report])]), /a\.md is missing/],
      "a file too many": [
        aZip([report, { ...report, name: "reports/b.md" }, aManifest([report])]),
        /not in its manifest/,
      ],
      "another content": [
        aZip([{ ...report, content: Buffer.from(REPORT.replace("E", "e")) }, aManifest([report])]),
        /was changed/,
      ],
      "another size": [
        aZip([{ ...report, content: Buffer.from(`${REPORT}!`) }, aManifest([report])]),
        /size of .* does not match/,
      ],
      "a size that is too small": [both({ ...report, bytes: 3 }), /size of .* does not match/],
      "a bomb that announces little": [
        aZip([{ ...bomb, bytes: 100 }, aManifest([{ ...bomb, content: Buffer.alloc(100) }])]),
        /cannot be unpacked|larger than declared/,
      ],
      "a large bomb that announces little": [
        aZip([{ ...bomb, bytes: 2_000_000 }, aManifest([{ ...bomb, content: Buffer.alloc(2_000_000) }])]),
        /larger than declared/,
      ],
      "a bomb that announces itself": [
        () => both({ name: "reports/b.md", content: Buffer.alloc(100_000_000, 32) }),
        /unpack to far more/,
      ],
      "a manifest that is a bomb": [
        () => aZip([report, { name: "manifest.json", content: Buffer.alloc(50_000_000, 32) }]),
        /manifest.json is too large/,
      ],
      "entries that share bytes": [
        aZip([report, { ...report, name: "reports/b.md", at: "reports/a.md" }, aManifest([report])]),
        /overlap/,
      ],
      "the same name twice": [both(report, report), /listed twice/],
      "names that differ by case": [both(report, { ...report, name: "reports/A.md" }), /listed twice/],
      "folders that differ by case": [
        both({ ...report, name: "reports/x/a.md" }, { ...report, name: "reports/X/b.md" }),
        /listed in two spellings/,
      ],
      "names that differ by a letter's other case alone": [
        both({ ...report, name: "reports/\u017f.md" }, { ...report, name: "reports/s.md" }),
        /listed twice/,
      ],
      "names that differ by composition": [
        both({ ...report, name: "reports/\u00e4.md" }, { ...report, name: "reports/a\u0308.md" }),
        /listed twice/,
      ],
      "a file that is a folder, too": [
        both({ ...report, name: "reports/x.md" }, { ...report, name: "reports/x.md/y.md" }),
        /a file and a folder/,
      ],
      "a link": [both({ ...report, mode: 0o120777 }), /is a link/],
      "a folder": [both({ ...report, mode: 0o040755 }), /is a link or a folder/],
      "two names for one entry": [
        both({ ...report, local: "reports/b.md" }),
        /does not match the zip directory/,
      ],
      "an encrypted entry": [both({ ...report, flags: 0x0801 }), /encrypted/],
      "a packing that is not known": [both({ ...report, method: 9 }), /unsupported compression method/],
      "a name that is no UTF-8": [
        both({ ...report, name: "reports/ä.md", flags: 0 }),
        /name in it cannot be read/,
      ],
    };
    for (const name of [
      "../a.md",
      "reports/../../a.md",
      "reports/./a.md",
      "/etc/a.md",
      "C:/a.md",
      "reports/C:a.md",
      "reports\\a.md",
      "reports/..\\a.md",
      "reports//a.md",
      "reports/a\u0000.md",
      "reports/a\n.md",
      "reports/con.md",
      "reports/COM1.md",
      "reports/a.md ",
      "reports/con .md",
      "reports/CONIN$.md",
      "reports/lpt¹.md",
      "reports/a\u202edm.md",
      "reports/a\u2066b.md",
      "reports/a\u200b.md",
      "reports/a\ufeff.md",
      "reports/a\u{e0061}.md",
      "reports/a\u2028.md",
      "reports/a\u2800.md",
      "reports/\u00a0a.md",
      "reports/a\u3000/b.md",
      "reports/a./b.md",
      "reports/a.",
      "reports/.md",
      "reports/.git/a.md",
      "reports/a.txt",
      "reports/1/2/3/4/5/6/7/8/9/a.md",
      "sessions/x.md",
      "sessions/../x/journal.jsonl",
      "sessions/s/.env",
      "sessions/s/lock",
      "sessions/s/a/b/c.md",
      "sessions/s/run.sh",
      "sessions/nul/journal.jsonl",
      "sessions/archive/x/journal.jsonl",
      "sessions/archive/x.sh",
      "settings/.env",
      "settings/other.yaml",
      ".env",
      "a.md",
      "",
    ]) {
      hostile[`the name ${JSON.stringify(name)}`] = [withName(name), /is not a valid path in a backup/];
    }

    for (const [what, [bytes, why]] of Object.entries(hostile)) {
      it(what, async () => {
        await writeFile(zip, typeof bytes === "function" ? bytes() : bytes);
        await assert.rejects(bring(), (error: unknown) => {
          assert.ok(error instanceof ResearchError, String(error));
          assert.match(error.message, why);
          return true;
        });
        assert.deepEqual(await readdir(to.workspace), []);
      });
    }

    it("a sound one not", async () => {
      await writeFile(zip, sound);
      assert.equal((await bring()).restored, 1);
    });

    it("a backup cut off anywhere", async () => {
      await aSession(from.sessions);
      await save();
      const { size } = await stat(zip);
      for (let kept = size - 1; kept > 0; kept -= 97) {
        await truncate(zip, kept);
        await assert.rejects(bring(), ResearchError);
      }
      assert.deepEqual(await readdir(to.workspace), []);
    });
  });

  it("accepts every name that it gives", () => {
    for (const name of [
      "sessions/20261122-101500-how-7f3a/journal.jsonl",
      "sessions/20261122-101500-7f3a/sources/0123456789abcdef.md",
      "sessions/20261122-101500-7f3a/journal.jsonl.before-restore-2",
      "sessions/archive/20261122-101500-7f3a.zip",
      "sessions/archive/20261122-101500-7f3a.json",
      "reports/2026-11-22-日本語 (2).md",
      // Joiners and variants that a script or a picture needs are no invisible characters.
      "reports/\u0646\u0645\u06cc\u200c\u0634\u0648\u062f.md",
      "reports/\u2764\ufe0f.md",
      "settings/deep-research.yaml",
    ]) {
      assert.notEqual(parseBackupPath(name), null, name);
    }
  });
});
