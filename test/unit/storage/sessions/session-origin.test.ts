import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { archiveSessions } from "../../../../src/storage/archive/archive-sessions.js";
import { createSessionStatsReader } from "../../../../src/storage/statistics/session-stats.js";
import { readJournal } from "../../../../src/storage/sessions/journal.js";
import { Header, SCHEMA } from "../../../../src/storage/sessions/journal-schema.js";
import { listSession } from "../../../../src/storage/sessions/list-sessions.js";
import { journalEvents } from "../../../../src/storage/sessions/journal-events.js";
import { isOwnSession, journalPath, reopenSession } from "../../../../src/storage/sessions/session.js";
import { isLocalSession } from "../../../../src/app/session-consent.js";
import { hasValidSeal, createSeal } from "../../../../src/storage/sessions/session-origin.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aSession } from "../../../fakes/sessions.js";

const NOW = new Date("2026-11-22T12:00:00Z");

describe("the origin of a session", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  const before = process.env["DEEP_RESEARCH_STATE"];
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(async () => {
    process.env["DEEP_RESEARCH_STATE"] = before;
    await folder.remove();
  });

  const sessions = (): string => path.join(folder.path, "sessions");
  const isOurs = async (id: string): Promise<boolean> =>
    isOwnSession(await readJournal(journalPath(path.join(sessions(), id))));
  /** Changes both copies of what was asked. */
  const alter = async (id: string, change: (header: Record<string, unknown>) => void): Promise<void> => {
    const file = journalPath(path.join(sessions(), id));
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const altered = lines.map((text, index) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      if (index === 0) change(line);
      if (line["type"] === "asked") change(line["header"] as Record<string, unknown>);
      return JSON.stringify(line);
    });
    await writeFile(file, `${altered.join("\n")}\n`);
  };
  const elsewhere = (): void => {
    process.env["DEEP_RESEARCH_STATE"] = path.join(folder.path, "another-machine");
  };
  const reopened = async (id: string, check?: () => Promise<boolean>) => {
    const session = await reopenSession(sessions(), id, NOW, check === undefined ? {} : { check });
    await session.journal.close();
    await session.lock.release();
    return session;
  };

  it("is this machine's where it was begun here, and nobody altered what it asks", async () => {
    const { id } = await aSession(sessions());
    assert.equal(await isOurs(id), true);
    const changes: ((header: Record<string, unknown>) => void)[] = [
      (header) => (header["scope"] = ["workspace", "web"]),
      (header) => (header["engine"] = "gemini"),
      (header) => (header["pages"] = ["https://a.example/"]),
      (header) => (header["question"] = "Another?"),
      (header) => (header["follows"] = "20260101-000000-x"),
      (header) => (header["origin"] = "0".repeat(64)),
      (header) => (header["origin"] = "short"),
      (header) => delete header["origin"],
    ];
    for (const change of changes) {
      const { id: other } = await aSession(sessions());
      await alter(other, change);
      assert.equal(await isOurs(other), false, change.toString());
    }
    // Today's form of an older session is the same session.
    const { id: older } = await aSession(sessions());
    await alter(older, (header) => (header["schema"] = SCHEMA - 1));
    assert.equal(await isOurs(older), true);
    assert.equal((await reopened(older)).isOurs, true);
    elsewhere();
    assert.equal(await isOurs(id), false);
  });

  it("is asked about once: what was agreed to here is known here, and nowhere else", async () => {
    const { id } = await aSession(sessions());
    elsewhere();
    assert.equal((await reopened(id)).isOurs, false, "nobody was asked");
    assert.equal((await reopened(id, () => Promise.resolve(true))).isOurs, true);
    assert.equal(await isOurs(id), true);
    await alter(id, (header) => (header["scope"] = ["workspace", "web"]));
    assert.equal(await isOurs(id), false, "what was agreed to was something else");
    process.env["DEEP_RESEARCH_STATE"] = path.join(folder.path, "a-third");
    assert.equal(await isOurs(id), false);
  });

  it("decides on the cost, too: an agreement counts with the seal of this machine alone", async () => {
    const { id } = await aSession(sessions());
    const file = journalPath(path.join(sessions(), id));
    const at = NOW.toISOString();
    await appendFile(file, `${JSON.stringify({ type: "approved", at })}\n`);
    assert.equal((await reopened(id)).approved, false, "no seal");
    const { header } = await readJournal(file);
    const mark = await createSeal("approved", header, at);
    for (const wrong of [
      await createSeal("begun", header, at),
      await createSeal("resumed", header, at),
      header.origin,
    ]) {
      await appendFile(file, `${JSON.stringify({ type: "approved", at, mark: wrong })}\n`);
    }
    assert.equal((await reopened(id)).approved, false, "the seal of something else");
    await appendFile(file, `${JSON.stringify({ type: "approved", at, mark })}\n`);
    assert.equal((await reopened(id)).approved, true);
    elsewhere();
    assert.equal((await reopened(id)).approved, false);
  });

  it("is not known where no secret can be kept, and a session is begun all the same", async () => {
    const file = path.join(folder.path, "a-file");
    await writeFile(file, "");
    process.env["DEEP_RESEARCH_STATE"] = path.join(file, "state");
    const { id } = await aSession(sessions());
    assert.equal(await isOurs(id), false);
    const { header } = await readJournal(journalPath(path.join(sessions(), id)));
    assert.equal(header.origin, undefined);
    assert.equal(await hasValidSeal("0".repeat(64), "begun", header), false);
  });

  it("does not matter where nothing is sent", () => {
    assert.equal(isLocalSession({ engine: "offline", scope: ["workspace"], pages: [] }), true);
    assert.equal(isLocalSession({ engine: "gemini", scope: ["workspace"], pages: [] }), false);
    assert.equal(isLocalSession({ engine: "offline", scope: ["web"], pages: [] }), false);
    assert.equal(isLocalSession({ engine: "offline", scope: [], pages: ["https://a.example/"] }), false);
  });

  it("gives no money back: usage below nothing, or beyond measure, is damage", async () => {
    const { id } = await aSession(sessions());
    const file = journalPath(path.join(sessions(), id));
    const sound = { in: 10, out: 5, usd: 0.01 };
    const about = {
      key: "k",
      kind: "model",
      task: { type: "plan", withAnswers: false },
      at: NOW.toISOString(),
    };
    const outcome = { type: "outcome", ...about, by: "x", usage: sound, milliseconds: 5, value: null };
    await appendFile(file, `${JSON.stringify(outcome)}\n`);
    const { spent, damage } = await readJournal(file);
    assert.deepEqual([spent.usage, damage.length], [sound, 0]);
    const wrong: object[] = [
      { usage: { ...sound, usd: -100 } },
      { usage: { ...sound, in: -1 } },
      { usage: { ...sound, out: -1 } },
      { usage: { ...sound, usd: 1e7 } },
      { usage: { ...sound, in: 1e10 } },
      { milliseconds: -1 },
      { milliseconds: 1e12 },
    ];
    for (const each of wrong) await appendFile(file, `${JSON.stringify({ ...outcome, ...each })}\n`);
    // JSON has no such numbers, but some come so.
    await appendFile(file, `${JSON.stringify(outcome).replace('"usd":0.01', '"usd":1e999')}\n`);
    await appendFile(file, `${JSON.stringify(outcome).replace('"usd":0.01', '"usd":-1e999')}\n`);
    const failure = { type: "failure", ...about, error: "x", usage: { ...sound, usd: -5 } };
    await appendFile(file, `${JSON.stringify(failure)}\n`);
    const read = await readJournal(file);
    assert.deepEqual(read.spent.usage, sound);
    assert.equal(read.damage.length, wrong.length + 3);
  });

  it("is of no newer version, wherever that is read: in the first line or in its copy", async () => {
    for (const where of ["the first line", "its copy"]) {
      const { id } = await aSession(sessions(), { question: `In ${where}?` });
      const file = journalPath(path.join(sessions(), id));
      const [first = "", ...rest] = (await readFile(file, "utf8")).split("\n");
      const newer = { ...Header.parse(JSON.parse(first)), schema: SCHEMA + 1 };
      const lines =
        where === "the first line"
          ? [JSON.stringify(newer), ...rest]
          : ["damaged", JSON.stringify({ type: "asked", header: newer }), ...rest.slice(1)];
      await writeFile(file, lines.join("\n"));
      await assert.rejects(readJournal(file), { code: "newer-session" }, where);
      await assert.rejects(
        async () => {
          for await (const told of journalEvents(file)) assert.ok(told);
        },
        { code: "newer-session" },
        where,
      );
      assert.equal((await listSession(sessions(), id))?.status, "newer", where);
      const figures = createSessionStatsReader(id, NOW.toISOString());
      for (const line of lines) figures.add(line);
      assert.equal(figures.close(false).outcome, "newer", where);
      const chosen = { ids: [id], olderThan: null, keep: null };
      const options = {
        isRunning: () => Promise.resolve(false),
        now: NOW,
        signal: new AbortController().signal,
      };
      const { archived, skipped } = await archiveSessions(sessions(), chosen, options);
      assert.deepEqual([archived, skipped.map(({ id: each }) => each)], [[], [id]], where);
      assert.match(formatMessage(skipped[0]!.why), /newer version of Deep Research/);
    }
  });
});
