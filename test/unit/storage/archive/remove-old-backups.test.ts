import assert from "node:assert/strict";
import { mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { listBackups, removeOldBackups } from "../../../../src/storage/archive/remove-old-backups.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

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

  const remove = async (keep: number | null, maxAgeDays: number | null): Promise<string[]> =>
    (await removeOldBackups(folder.path, { keep, maxAgeDays }, now)).map((file) => path.basename(file));

  it("are listed newest first, with the time of their names", async () => {
    const [newest, ...others] = await listBackups(folder.path);
    assert.deepEqual(newest?.made, new Date(2026, 10, 29, 2, 0, 0));
    assert.equal(path.basename(others.at(-1)?.file ?? ""), named("25"));
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
    const removed = await removeOldBackups(folder.path, { keep: 1, maxAgeDays: 1 }, later);
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
    const [fresh, stale] = ["a", "b"].map((digit) => `${named("28")}.part-${digit.repeat(12)}`) as [
      string,
      string,
    ];
    for (const name of [fresh, stale]) await writeFile(path.join(folder.path, name), "half");
    const before = (hours: number): Date => new Date(now.getTime() - hours * 60 * 60_000);
    await utimes(path.join(folder.path, fresh), before(23), before(23));
    await utimes(path.join(folder.path, stale), before(25), before(25));
    await remove(null, null);
    const left = await readdir(folder.path);
    assert.deepEqual([left.includes(fresh), left.includes(stale)], [true, false]);
  });

  it("say which folder is not there", async () => {
    await assert.rejects(listBackups(path.join(folder.path, "none")), {
      code: "cannot-write",
      message: /none cannot be read/,
    });
  });
});
