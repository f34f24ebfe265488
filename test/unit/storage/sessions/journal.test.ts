import { formatMessage, msg, StoredMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { ResearchEvent } from "../../../../src/core/domain/events.js";
import { ResearchError } from "../../../../src/common/errors.js";
import { Journal, readJournal } from "../../../../src/storage/sessions/journal.js";
import { Budget } from "../../../../src/storage/sessions/budget.js";
import { isSessionId } from "../../../../src/storage/archive/allowed-paths.js";
import { listSessions } from "../../../../src/storage/sessions/list-sessions.js";
import {
  createSession,
  journalPath,
  createSessionId,
  slug,
  reopenSession,
  resolveSessionFolder,
} from "../../../../src/storage/sessions/session.js";
import { JournaledSteps, stepKey } from "../../../../src/storage/sessions/journaled-steps.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const now = new Date("2026-11-22T10:15:00Z");
const asked = {
  question: "How does it go on?",
  engine: "offline" as const,
  depth: "standard" as const,
  maxSources: 10,
  pages: [],
  scope: ["workspace" as const],
  environment: "production",
};

describe("sessions", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  const stepsOf = (
    session: Awaited<ReturnType<typeof createSession>>,
    events: ResearchEvent[] = [],
  ): JournaledSteps =>
    new JournaledSteps({
      ...session,
      budget: new Budget({ calls: 0, tokens: 0, usd: 0, minutes: 0 }, session.spent),
      clock: { now: () => now, turn: () => Promise.resolve() },
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
    });
  const close = async ({ journal, lock }: Awaited<ReturnType<typeof createSession>>): Promise<void> => {
    await journal.close();
    await lock.release();
  };
  const step = (input: unknown, work: () => Promise<number>) => ({
    kind: "model" as const,
    task: { type: "other" as const, label: "Counting" },
    input,
    outcome: z.number(),
    work: async () => ({ value: await work(), usage: { in: 1, out: 2, usd: 0.5 }, by: "a model" }),
  });

  it("has an id that sorts by time and is safe in a path", () => {
    const id = createSessionId("Café: how does ../it $(work)? 日本語", now);
    assert.match(id, /^20261122-101500-cafe-how-does-it-work-日本語-[0-9a-f]{4}$/u);
  });

  it("keeps the letters of every script in names, composed, in lower case", () => {
    const names: [text: string, name: string][] = [
      ["如何安装？", "如何安装"],
      ["データベースの設定は？", "データベースの設定は"],
      ["설치하려면 어떻게 하나요?".normalize("NFD"), "설치하려면-어떻게-하나요"],
      ["كيف أثبّت الحزمة؟", "كيف-أثبّت-الحزمة"],
      ["पैकेज कैसे स्थापित करें?", "पैकेज-कैसे-स्थापित-करें"],
      ["ติดตั้งอย่างไร", "ติดตั้งอย่างไร"],
      ["Как установить ПАКЕТ?", "как-установить-пакет"],
      ["Πώς εγκαθίσταται;", "πώς-εγκαθίσταται"],
      ["İstanbul’da ÜBER Ångström", "istanbul-da-uber-angstrom"],
      ["a\u202eb\u3164c\u200bd", "abcd"],
      ["²½ ﬁ ㊙", "21-2-fi-秘"],
      ["👍 !!! …", ""],
    ];
    for (const [text, name] of names) {
      assert.equal(slug(text), name.normalize("NFC"), text);
      const id = createSessionId(text, now);
      assert.ok(isSessionId(id) && isSessionId(id.normalize("NFD")), id);
    }
  });

  it("bounds the bytes of a name and parts no letter from its marks", () => {
    for (const text of [
      "漢".repeat(300),
      "𠮷".repeat(300),
      "ก้".repeat(300),
      "a".repeat(300),
      "한".repeat(300).normalize("NFD"),
    ]) {
      const name = slug(text);
      assert.ok(Buffer.byteLength(name) <= 96 && name.length <= 40 && name !== "", name);
      assert.ok(!/[\ud800-\udbff]$/.test(name));
      assert.ok(isSessionId(createSessionId(text, now)));
    }
    assert.equal(slug("ก้".repeat(300)).length % 2, 0);
  });

  it("takes no name for an id that another name may stand for", () => {
    for (const id of [
      "20261122-Ä",
      "20261122-ä\u202e",
      "20261122-\u3164",
      "é",
      `20261122-${"漢".repeat(90)}`,
      "20261122-a／b",
    ])
      assert.ok(!isSessionId(id), id);
  });

  it("refuses an id that climbs out of the folder", () => {
    for (const id of ["../x", "a/b", "", ".", "x".repeat(200), "A\u0000"]) {
      assert.throws(() => resolveSessionFolder(folder.path, id), ResearchError);
    }
  });

  it("writes the intent before the work and the outcome before the value", async () => {
    const session = await createSession(folder.path, asked, now);
    let during = "";
    const value = await stepsOf(session).run(
      step({ a: 1 }, async () => {
        during = await readFile(journalPath(session.folder), "utf8");
        return 7;
      }),
    );
    assert.equal(value, 7);
    const types = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { type?: string }).type);
    assert.deepEqual(types(during), [undefined, "asked", "intent"]);
    assert.deepEqual(types(await readFile(journalPath(session.folder), "utf8")), [
      undefined,
      "asked",
      "intent",
      "outcome",
    ]);
    await close(session);
  });

  it("does not run again what has an outcome, in this process or a later one", async () => {
    const session = await createSession(folder.path, asked, now);
    let runs = 0;
    const work = (): Promise<number> => Promise.resolve(++runs);
    const steps = stepsOf(session);
    assert.deepEqual(
      await Promise.all([steps.run(step({ a: 1, b: 2 }, work)), steps.run(step({ b: 2, a: 1 }, work))]),
      [1, 1],
    );
    await close(session);

    const events: ResearchEvent[] = [];
    const again = await reopenSession(folder.path, session.header.id, now);
    assert.equal(await stepsOf(again, events).run(step({ a: 1, b: 2 }, work)), 1);
    assert.equal(runs, 1);
    assert.deepEqual(
      events.map(
        (event) => event.type === "step" && event.phase === "done" && [event.reused, event.usage.usd],
      ),
      [[true, 0.5]],
    );
    assert.equal(await stepsOf(again).run(step({ a: 2 }, work)), 2);
    await close(again);
  });

  it("runs again what failed, and keeps what the failure said", async () => {
    const session = await createSession(folder.path, asked, now);
    const steps = stepsOf(session);
    await assert.rejects(
      steps.run(step(1, () => Promise.reject(new Error("no luck\nat line 5")))),
      /no luck/,
    );
    assert.equal(await steps.run(step(1, () => Promise.resolve(3))), 3);
    await close(session);
    const lines = (await readFile(journalPath(session.folder), "utf8"))
      .trim()
      .split("\n")
      .slice(2)
      .map((line) => JSON.parse(line) as { type: string; error?: string });
    assert.deepEqual(
      lines.map(({ type }) => type),
      ["intent", "failure", "intent", "outcome"],
    );
    assert.equal(formatMessage(StoredMessage.parse(lines[1]?.error)), "Counting: no luck");
  });

  it("goes on after every cut of the journal's end", async () => {
    const session = await createSession(folder.path, asked, now);
    const steps = stepsOf(session);
    for (let n = 1; n <= 3; n++) await steps.run(step(n, () => Promise.resolve(n)));
    await close(session);
    const file = journalPath(session.folder);
    const whole = await readFile(file);
    const header = whole.indexOf(0x0a) + 1;
    for (let cut = header; cut <= whole.length; cut += 7) {
      await writeFile(file, whole.subarray(0, cut));
      const again = await reopenSession(folder.path, session.header.id, now);
      const resumed = stepsOf(again);
      for (let n = 1; n <= 3; n++) assert.equal(await resumed.run(step(n, () => Promise.resolve(n))), n);
      await close(again);
      const { damage } = await readJournal(file);
      assert.deepEqual(damage, [], `cut at ${cut}`);
    }
  });

  it("has ended until it is gone on with, whatever is noted of it later", async () => {
    const session = await createSession(folder.path, asked, now);
    const ended = {
      type: "ended",
      at: "",
      status: "done",
      report: "data/reports/x.md",
      error: null,
    } as const;
    await session.journal.append(ended);
    await stepsOf(session).run(step(1, () => Promise.resolve(1)));
    await close(session);
    const read = () => readJournal(journalPath(session.folder));
    assert.deepEqual((await read()).ended, ended);
    await close(await reopenSession(folder.path, session.header.id, now));
    assert.equal((await read()).ended, null);
  });

  it("counts what was paid for, the same as it runs and when it is read", async () => {
    const session = await createSession(folder.path, asked, now);
    const steps = stepsOf(session);
    const free = { in: 0, out: 0, usd: 0 };
    await steps.run(step(1, () => Promise.resolve(1)));
    await steps.run({
      ...step(2, () => Promise.resolve(2)),
      work: () => Promise.resolve({ value: 2, usage: free, by: "cache" }),
    });
    await steps.run({
      ...step(3, () => Promise.resolve(3)),
      kind: "search",
      work: () => Promise.resolve({ value: 3, usage: free, by: "workspace" }),
    });
    const dear = Object.assign(new ResearchError("bad-answer", "No answer."), {
      usage: { in: 5, out: 5, usd: 1 },
    });
    await assert.rejects(steps.run(step(4, () => Promise.reject(dear))));
    await assert.rejects(steps.run(step(5, () => Promise.reject(new Error("no luck")))));
    await close(session);
    assert.deepEqual([session.spent.paid, session.spent.calls], [2, { model: 2, search: 1, read: 0 }]);
    assert.deepEqual((await readJournal(journalPath(session.folder))).spent, session.spent);
  });

  it("names damage and uses the rest", async () => {
    const session = await createSession(folder.path, asked, now);
    await stepsOf(session).run(step(1, () => Promise.resolve(1)));
    await close(session);
    await appendFile(journalPath(session.folder), '{"type":"nonsense"}\nnot json\n{"torn');
    const read = await readJournal(journalPath(session.folder));
    assert.equal(read.damage.length, 3);
    assert.equal(read.outcomes.size, 1);
  });

  it("survives a first line that cannot be read, by its copy", async () => {
    const session = await createSession(folder.path, asked, now);
    await stepsOf(session).run(step(1, () => Promise.resolve(1)));
    await close(session);
    const file = journalPath(session.folder);
    const text = await readFile(file, "utf8");
    await writeFile(file, `{"schema":2,"id\u0000${text.slice(12)}`);
    assert.deepEqual(
      (await listSessions(folder.path)).map(({ question, status }) => [question, status]),
      [[asked.question, "interrupted"]],
    );
    const again = await reopenSession(folder.path, session.header.id, now);
    assert.deepEqual(again.header, session.header);
    assert.deepEqual(again.damage.map(formatMessage), ["Line 1 is unreadable."]);
    assert.equal(await stepsOf(again).run(step(1, () => Promise.resolve(2))), 1);
    await close(again);
  });

  it("lists one of which nothing can be read as damaged", async () => {
    const session = await createSession(folder.path, asked, now);
    await close(session);
    await writeFile(journalPath(session.folder), "nothing\nof it\n");
    assert.deepEqual(await listSessions(folder.path), [
      {
        id: session.header.id,
        question: "",
        status: "damaged",
        started: "2026-11-22T10:15:00.000Z",
        report: null,
        why: msg`Its journal does not begin with a valid header.`,
      },
    ]);
  });

  it("flushes many lines together, each whole and in order", async () => {
    const session = await createSession(folder.path, asked, now);
    const steps = stepsOf(session);
    const values = await Promise.all(
      Array.from({ length: 200 }, (_, n) => steps.run(step(n, () => Promise.resolve(n)))),
    );
    assert.deepEqual(
      values,
      Array.from({ length: 200 }, (_, n) => n),
    );
    await close(session);
    const { outcomes, damage, spent } = await readJournal(journalPath(session.folder));
    assert.equal(outcomes.size, 200);
    assert.deepEqual(damage, []);
    assert.deepEqual(spent, {
      calls: { model: 200, search: 0, read: 0 },
      paid: 200,
      usage: { in: 200, out: 400, usd: 100 },
    });
    const again = await reopenSession(folder.path, session.header.id, now);
    for (const n of [0, 99, 199])
      assert.equal(await stepsOf(again).run(step(n, () => Promise.resolve(-1))), n);
    await close(again);
  });

  it("loses no outcome to a full disk that gets room again, and leaves no half line", async () => {
    const session = await createSession(folder.path, asked, now);
    const { handle } = session.journal as unknown as {
      handle: { appendFile: (bytes: Buffer) => Promise<void> };
    };
    const append = handle.appendFile.bind(handle);
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    let isFull = false;
    handle.appendFile = async (bytes) => {
      if (!isFull) return append(bytes);
      await append(bytes.subarray(0, 20));
      throw full;
    };
    const steps = stepsOf(session);
    const failing = steps.run(
      step(1, () => {
        isFull = true;
        return Promise.resolve(1);
      }),
    );
    await assert.rejects(failing, { code: "cannot-write", message: /the disk is full/ });
    isFull = false;
    await session.journal.append({ type: "resumed", at: now.toISOString() });
    await close(session);
    const { outcomes, damage } = await readJournal(journalPath(session.folder));
    assert.deepEqual(damage, []);
    assert.equal(outcomes.size, 1);
  });

  it("gives its lock back where its journal cannot be begun", async () => {
    const { create } = Journal;
    Journal.create = () => Promise.reject(new ResearchError("cannot-write", "The disk is full."));
    try {
      await assert.rejects(createSession(folder.path, asked, now), { code: "cannot-write" });
    } finally {
      Journal.create = create;
    }
    // Half a beginning would be listed as a damaged session.
    assert.deepEqual(await readdir(folder.path), []);
  });

  it("takes no line once it is no longer ours to write", async () => {
    const session = await createSession(folder.path, asked, now);
    await close(session);
    const file = journalPath(session.folder);
    const before = await readFile(file, "utf8");
    const lost = new AbortController();
    const journal = await Journal.reopen(file, Buffer.byteLength(before), lost.signal);
    lost.abort(new ResearchError("session-running", "It is another's."));
    await assert.rejects(journal.append({ type: "resumed", at: "" }), { code: "session-running" });
    await journal.close();
    assert.equal(await readFile(file, "utf8"), before);
  });

  it("says that its file was removed meanwhile", async () => {
    const session = await createSession(folder.path, asked, now);
    await rm(session.folder, { recursive: true });
    await assert.rejects(stepsOf(session).run(step(1, () => Promise.resolve(1))), {
      code: "cannot-write",
      message: /its folder no longer exists/,
    });
    await close(session);
  });

  it("says that the clock was set back, and goes on", async () => {
    const session = await createSession(folder.path, asked, now);
    await close(session);
    const again = await reopenSession(folder.path, session.header.id, new Date("2026-11-21T00:00:00Z"));
    assert.match(
      again.damage.map(formatMessage).join(" "),
      /The system clock is earlier than this session's last entry/,
    );
    await close(again);
  });

  it("gives many that begin in one second an id each", async () => {
    const many = await Promise.all(Array.from({ length: 300 }, () => createSession(folder.path, asked, now)));
    assert.equal(new Set(many.map(({ header }) => header.id)).size, 300);
    assert.equal((await listSessions(folder.path)).filter(({ status }) => status === "running").length, 300);
    await Promise.all(many.map(close));
  });

  it("takes an outcome for none that no longer holds", async () => {
    const session = await createSession(folder.path, asked, now);
    let runs = 0;
    const work = (): Promise<number> => Promise.resolve(++runs);
    await stepsOf(session).run(step(1, work));
    const holds = (): Promise<boolean> => Promise.resolve(false);
    assert.equal(await stepsOf(session).run({ ...step(1, work), holds }), 2);
    await close(session);
  });

  it("refuses kindly a session of a newer version, a damaged one and a missing one", async () => {
    const file = path.join(folder.path, "journal.jsonl");
    const code = async (text: string): Promise<string> => {
      await writeFile(file, text);
      return readJournal(file).then(
        () => "read",
        (error: unknown) => (error instanceof ResearchError ? error.code : "?"),
      );
    };
    assert.equal(await code('{"schema":99,"id":"x"}\n'), "newer-session");
    assert.equal(await code("garbage\n"), "damaged-session");
    assert.equal(await code(""), "damaged-session");
    await assert.rejects(reopenSession(folder.path, "20261122-nothing-here", now), /no session/);
  });

  it("lists sessions newest first, with how they ended, and passes over what is none", async () => {
    const first = await createSession(folder.path, asked, new Date("2026-11-22T10:15:00Z"));
    await first.journal.append({
      type: "ended",
      at: "",
      status: "done",
      report: "data/reports/x.md",
      error: null,
    });
    await close(first);
    const second = await createSession(
      folder.path,
      { ...asked, question: "Next?" },
      new Date("2026-11-22T10:16:00Z"),
    );
    await close(second);
    await writeFile(path.join(folder.path, "stray"), "x");
    const listed = await listSessions(folder.path);
    assert.deepEqual(
      listed.map(({ question, status, report }) => [question, status, report]),
      [
        ["Next?", "interrupted", null],
        [asked.question, "done", "data/reports/x.md"],
      ],
    );
    assert.deepEqual(await listSessions(path.join(folder.path, "nowhere")), []);
  });

  it("keeps its files to the user", async function () {
    if (process.platform === "win32") this.skip();
    const session = await createSession(folder.path, asked, now);
    await close(session);
    assert.equal((await stat(journalPath(session.folder))).mode & 0o777, 0o600);
    assert.equal((await stat(session.folder)).mode & 0o777, 0o700);
    await truncate(journalPath(session.folder), 0);
  });

  it("knows a step by its kind and input, whatever the order of names", () => {
    assert.equal(
      stepKey("model", { a: 1, b: { c: 2, d: 3 } }),
      stepKey("model", { b: { d: 3, c: 2 }, a: 1 }),
    );
    assert.notEqual(stepKey("model", { a: 1 }), stepKey("search", { a: 1 }));
    assert.notEqual(stepKey("model", [1, 2]), stepKey("model", [2, 1]));
  });
});
