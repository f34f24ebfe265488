import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { SCHEMA } from "../../../../src/storage/sessions/journal-schema.js";
import { journalBackupPath, migrateJournal } from "../../../../src/storage/sessions/migrations.js";
import { journalPath, readSession, reopenSession } from "../../../../src/storage/sessions/session.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const now = new Date("2026-12-01T00:00:00Z");

describe("a session of an earlier version", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let id: string;
  let file: string;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/fixtures/sessions/schema-2/data/sessions", folder.path, { recursive: true });
    id = (await readdir(folder.path)).sort()[0] ?? "";
    file = journalPath(path.join(folder.path, id));
  });
  afterEach(() => folder.remove());

  /** Goes on with it after its lines were changed. @returns what is said of its damage */
  const goOn = async (change: (lines: string[]) => void): Promise<string[]> => {
    const lines = (await readFile(file, "utf8")).split("\n");
    change(lines);
    const old = lines.join("\n");
    await writeFile(file, old);
    const { header, journal, lock, damage } = await reopenSession(folder.path, id, now);
    await journal.close();
    await lock.release();
    assert.equal(header.schema, SCHEMA);
    assert.equal(await readFile(journalBackupPath(file, 2), "utf8"), old);
    return damage.map(formatMessage);
  };

  it("goes on from the copy of its first line where that is damaged", async () => {
    const { header, outcomes } = await readSession(folder.path, id);
    const original = await readFile(file, "utf8");
    for (const first of ['{"schema":2,"id":"2026', '{"schema":2}', "", "null"]) {
      await writeFile(file, original);
      await rm(journalBackupPath(file, 2), { force: true });
      assert.deepEqual(await goOn((lines) => (lines[0] = first)), [
        "Line 1 is unreadable and was ignored; it is kept in journal.schema-2.jsonl.",
      ]);
      const read = await readSession(folder.path, id);
      assert.deepEqual(read.header, { ...header, schema: SCHEMA, firstSchema: 2 });
      assert.deepEqual([...read.outcomes.keys()], [...outcomes.keys()]);
      assert.deepEqual(read.damage, []);
      assert.ok((await readFile(file, "utf8")).startsWith(`{"schema":${SCHEMA},`));
    }
  });

  it("says which of its lines cannot be read, be they no JSON or of no known kind", async () => {
    const damage = await goOn((lines) => lines.splice(2, 0, '{"type":"unheard"}', "{half"));
    assert.deepEqual(damage, [
      "Line 4 is unreadable and was ignored; it is kept in journal.schema-2.jsonl.",
      "Line 3 is unreadable and was ignored.",
    ]);
  });

  it("has a copy that is whole as soon as it has its name", async () => {
    const intent = {
      type: "intent",
      key: "k",
      kind: "model",
      label: "a".repeat(16e6),
      at: now.toISOString(),
    };
    await writeFile(file, `${await readFile(file, "utf8")}${JSON.stringify(intent)}\n`);
    const backup = journalBackupPath(file, 2);
    const { size } = statSync(file);
    const look = { on: true };
    const migrated = migrateJournal(file, 2).finally(() => (look.on = false));
    // A kill may come at any moment.
    for (; look.on; await new Promise((resolve) => setImmediate(resolve))) {
      if (existsSync(backup)) assert.equal(statSync(backup).size, size);
    }
    assert.deepEqual(await migrated, []);
    assert.equal(statSync(backup).size, size);
    assert.deepEqual(
      (await readdir(path.dirname(file))).sort(),
      ["journal.jsonl", "journal.schema-2.jsonl", "sources"],
      "nothing half written is left",
    );
  });
});
