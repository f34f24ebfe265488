import assert from "node:assert/strict";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { listBackups, removeOldBackups } from "../../../../src/storage/archive/remove-old-backups.js";
import { DiskStore } from "../../../../src/storage/files/disk-store.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const { signal } = new AbortController();
const now = new Date(2026, 10, 29, 12, 0, 0);
const named = (day: string): string => `deep-research-backup-202611${day}-020000.zip`;

describe("old backups", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder(
      Object.fromEntries(["25", "26", "27", "28", "29"].map((day) => [named(day), "x"])),
    );
  });
  afterEach(() => folder.remove());

  const remove = (keep: number | null, maxAgeDays: number | null): Promise<string[]> =>
    removeOldBackups(new DiskStore(folder.path), { keep, maxAgeDays }, now, signal);

  it("are listed newest first, with the time of their names", async () => {
    const [newest, ...others] = await listBackups(new DiskStore(folder.path), signal);
    assert.deepEqual(newest?.made, new Date(2026, 10, 29, 2, 0, 0));
    assert.equal(others.at(-1)?.name, named("25"));
  });

  it("go by number, by age, and by whichever comes first", async () => {
    assert.deepEqual(await remove(null, null), []);
    assert.deepEqual(await remove(4, null), [named("25")]);
    assert.deepEqual(await remove(null, 3), [named("26")]);
    assert.deepEqual(await remove(2, 30), [named("27")]);
    assert.deepEqual((await readdir(folder.path)).sort(), [named("28"), named("29")]);
  });

  it("never are the newest, however old it is", async () => {
    const later = new Date(2027, 10, 29);
    const removed = await removeOldBackups(
      new DiskStore(folder.path),
      { keep: 1, maxAgeDays: 1 },
      later,
      signal,
    );
    assert.equal(removed.length, 4);
    assert.deepEqual(await readdir(folder.path), [named("29")]);
  });

  it("are files of our names: nothing else is touched", async () => {
    const others = [
      "deep-research-backup-mine.zip",
      "deep-research-backup-20261101-020000.zip.txt",
      "notes.md",
    ];
    for (const name of others) await writeFile(path.join(folder.path, name), "mine");
    await mkdir(path.join(folder.path, named("01")));
    await symlink(path.join(folder.path, "notes.md"), path.join(folder.path, named("02")));
    await remove(1, 1);
    assert.deepEqual(
      (await readdir(folder.path)).sort(),
      [...others, named("01"), named("02"), named("29")].sort(),
    );
  });

  it("include what killed backups left, a day later", async () => {
    const part = (time: string): string => `deep-research-backup-${time}.zip.part-${"a".repeat(12)}`;
    const [fresh, stale] = [part("20261128-130000"), part("20261128-110000")];
    for (const name of [fresh, stale]) await writeFile(path.join(folder.path, name), "half");
    await remove(null, null);
    const left = await readdir(folder.path);
    assert.deepEqual([left.includes(fresh), left.includes(stale)], [true, false]);
  });
});
