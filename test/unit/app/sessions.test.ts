import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { archiveChosenSessions, archiveFolder, archiveZipPath } from "../../../src/app/archive.js";
import { loadEngineConfig } from "../../../src/app/load-config.js";
import { hasWaitingPlan, isPlanPath, locatePlan, sessionOfPlan } from "../../../src/app/plan-file.js";
import {
  deleteListedSession,
  findChangedSessions,
  findSession,
  findSessionsToDelete,
  listAnsweredSessions,
  locateSession,
  locateSnapshot,
  readSessionOverview,
} from "../../../src/app/sessions.js";
import type { EngineConfig } from "../../../src/app/types.js";
import { lockSession } from "../../../src/storage/sessions/session-lock.js";
import { aSession } from "../../fakes/sessions.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("the sessions of a folder", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let config: EngineConfig;
  let sessions: string;
  let discarded: string[];

  beforeEach(async () => {
    folder = await aFolder();
    config = await loadEngineConfig(folder.path, [], null, {});
    sessions = config.settings.sessionStoragePath;
    discarded = [];
  });
  afterEach(() => folder.remove());

  const discard = (file: string): Promise<void> => {
    discarded.push(path.relative(folder.path, file).split(path.sep).join("/"));
    return Promise.resolve();
  };
  const archive = (...ids: string[]) =>
    archiveChosenSessions(
      config,
      { ids, olderThan: null, keep: null },
      { signal: new AbortController().signal },
    );
  const writeReport = async (id: string): Promise<void> => {
    await mkdir(config.settings.reportOutputPath, { recursive: true });
    await writeFile(path.join(config.settings.reportOutputPath, `${id}.md`), "# A report\n");
  };

  it("are found by their journal, or by their zip where they are archived", async () => {
    const { id, folder: own, sha256, snapshot } = await aSession(sessions);
    assert.equal(await locateSession(config, id), path.join(own, "journal.jsonl"));
    assert.equal(locateSnapshot(config, id, sha256), snapshot);
    for (const wrong of ["", "../../secret", sha256.slice(1)])
      assert.equal(locateSnapshot(config, id, wrong), null, wrong);
    assert.deepEqual((await archive(id)).archived, [id]);
    assert.equal(await locateSession(config, id), archiveZipPath(sessions, id));
    assert.equal(path.dirname(archiveZipPath(sessions, id)), archiveFolder(sessions));
    await assert.rejects(locateSession(config, "../x"), { code: "no-session" });
  });

  it("can be gone on from where they have an answer", async () => {
    const done = await aSession(sessions);
    await aSession(sessions, { status: "failed" });
    await aSession(sessions, { status: "interrupted" });
    assert.deepEqual(
      (await listAnsweredSessions(config)).map(({ id }) => id),
      [done.id],
    );
    const { question, isOffline, isBegun } = await readSessionOverview(config, done.id);
    assert.deepEqual([question, isOffline, isBegun], ["How does it go on?", true, false]);
    await assert.rejects(readSessionOverview(config, "none"), { code: "no-session" });
  });

  it("are deleted with their report, without it, and from the archive, the archive first", async () => {
    const kept = await aSession(sessions);
    const whole = await aSession(sessions);
    const archived = await aSession(sessions);
    for (const { id } of [kept, whole, archived]) await writeReport(id);
    await archive(archived.id);
    for (const { id } of [kept, whole, archived]) {
      const [listed] = await findSessionsToDelete(config, [id]);
      await deleteListedSession(config, listed!, id !== kept.id, discard);
    }
    assert.deepEqual(discarded, [
      `data/sessions/${kept.id}`,
      `data/sessions/${whole.id}`,
      `data/reports/${whole.id}.md`,
      `data/sessions/archive/${archived.id}.zip`,
      `data/reports/${archived.id}.md`,
    ]);
    assert.equal(existsSync(path.join(archiveFolder(sessions), `${archived.id}.json`)), false);
    assert.deepEqual(await findSessionsToDelete(config, ["none"]), []);
  });

  it("are not deleted while they run, nor a report that is no longer there or lies elsewhere", async () => {
    const { id, folder: own } = await aSession(sessions);
    const listed = await findSession(sessions, id);
    await deleteListedSession(config, listed!, true, discard);
    await writeFile(path.join(folder.path, "notes.md"), "");
    await deleteListedSession(config, { ...listed!, report: "notes.md" }, true, discard);
    assert.deepEqual(discarded, [`data/sessions/${id}`, `data/sessions/${id}`]);
    const lock = await lockSession(own);
    try {
      await assert.rejects(findSessionsToDelete(config, [id]), { code: "session-running" });
    } finally {
      await lock.release();
    }
  });

  it("are not deleted through a link", async () => {
    const elsewhere = await aFolder();
    try {
      const { id } = await aSession(elsewhere.path);
      const listed = await findSession(elsewhere.path, id);
      await mkdir(path.dirname(sessions), { recursive: true });
      await symlink(elsewhere.path, sessions, "junction");
      await assert.rejects(deleteListedSession(config, listed!, true, discard), { code: "cannot-write" });
      assert.deepEqual(discarded, []);
    } finally {
      await elsewhere.remove();
    }
  });

  it("have changed with their own files, and all of them may have with the archive or the folder", () => {
    const changed = (...names: string[]) => findChangedSessions(sessions, path.join(sessions, ...names));
    assert.deepEqual(changed("s1"), { id: "s1" });
    assert.deepEqual(changed("s1", "journal.jsonl"), { id: "s1" });
    assert.deepEqual(changed("s1", "lock"), { id: "s1" });
    assert.equal(changed("archive", "s1.json"), "all");
    assert.equal(changed("archive"), "none");
    assert.equal(changed(), "all");
    assert.equal(changed(".."), "all");
  });

  it("have plans that are known by their path", async () => {
    const { id, folder: own } = await aSession(sessions, { status: "interrupted" });
    const plan = locatePlan(config, id);
    assert.equal(plan, path.join(own, "plan.md"));
    assert.ok(isPlanPath(plan));
    assert.equal(sessionOfPlan(config, plan), id);
    assert.equal(sessionOfPlan(config, path.join(folder.path, id, "plan.md")), null);
    for (const other of [
      "docs/plan.md",
      `data/sessions/${id}/plans.md`,
      `data/sessions/${id}/sources/plan.md`,
    ])
      assert.equal(isPlanPath(path.join(folder.path, other)), false, other);
    assert.equal(hasWaitingPlan(config, id), false);
    await writeFile(plan, "# A plan\n");
    assert.equal(hasWaitingPlan(config, id), true);
  });
});
