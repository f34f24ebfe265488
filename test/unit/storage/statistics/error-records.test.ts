import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  addErrorRecords,
  MOST_ERROR_RECORDS,
  readErrorRecords,
} from "../../../../src/storage/statistics/error-records.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));

describe("error records", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let sessions: string;
  beforeEach(async () => {
    folder = await aFolder();
    sessions = path.join(folder.path, "data", "sessions");
  });
  afterEach(() => folder.remove());
  const file = (): string => path.join(folder.path, "data", "statistics", "errors.json");
  const add = (number: number, ...seen: [where: string, code: string][]): Promise<void> =>
    addErrorRecords(
      sessions,
      folder.path,
      seen.map(([where, code]) => ({ where, code })),
      day(number),
    );

  it("count each code and place, with when it was first and last seen, last seen first", async () => {
    assert.deepEqual(await readErrorRecords(sessions), []);
    await add(1, ["read:page", "timeout"], ["read:page", "timeout"], ["settings", "bad-settings"]);
    await add(3, ["read:page", "timeout"]);
    assert.deepEqual(await readErrorRecords(sessions), [
      {
        code: "timeout",
        where: "read:page",
        count: 3,
        first: day(1).toISOString(),
        last: day(3).toISOString(),
      },
      {
        code: "bad-settings",
        where: "settings",
        count: 1,
        first: day(1).toISOString(),
        last: day(1).toISOString(),
      },
    ]);
    assert.equal(await readFile(path.join(path.dirname(file()), ".gitignore"), "utf8"), "*\n");
  });

  it("hold no text: what is neither a code nor a place is not written", async () => {
    await add(
      1,
      ["How much do I earn?", "timeout"],
      ["read:page", "How much?"],
      ["model:plan", "overloaded"],
    );
    assert.deepEqual(
      (await readErrorRecords(sessions)).map(({ where }) => where),
      ["model:plan"],
    );
  });

  it("are bounded: those that were seen last stay", async () => {
    for (let index = 0; index < MOST_ERROR_RECORDS + 50; index++) {
      const letters = String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26));
      await addErrorRecords(
        sessions,
        folder.path,
        [{ where: `search:${letters}`, code: "timeout" }],
        new Date(index),
      );
    }
    const records = await readErrorRecords(sessions);
    assert.equal(records.length, MOST_ERROR_RECORDS);
    assert.equal(records.at(-1)?.last, new Date(50).toISOString());
  });

  it("leave out what is damaged, and go on", async () => {
    await mkdir(path.dirname(file()), { recursive: true });
    for (const text of ["", "{", "null", '[{"code":"timeout"},7]', "[".repeat(1000)]) {
      await writeFile(file(), text);
      assert.deepEqual(await readErrorRecords(sessions), [], text);
    }
    await add(1, ["run", "timeout"]);
    assert.equal((await readErrorRecords(sessions)).length, 1);
  });

  it("are written through no link", async () => {
    const outside = path.join(folder.path, "outside");
    await mkdir(outside);
    await mkdir(path.dirname(sessions), { recursive: true });
    await symlink(outside, path.join(folder.path, "data", "statistics"));
    await assert.rejects(add(1, ["run", "timeout"]), { code: "cannot-write" });
  });
});
