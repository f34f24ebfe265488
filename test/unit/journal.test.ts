import assert from "node:assert/strict";
import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { ResearchEvent } from "../../src/research/events.js";
import { ResearchError } from "../../src/research/errors.js";
import { readJournal } from "../../src/sessions/journal.js";
import { Budget } from "../../src/sessions/budget.js";
import { listSessions } from "../../src/sessions/list.js";
import { createSession, journalOf, newId, reopenSession, sessionFolder } from "../../src/sessions/session.js";
import { JournaledSteps, stepKey } from "../../src/sessions/steps.js";
import { aFolder } from "../fakes/folder.js";

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
      clock: { now: () => now },
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
    });
  const close = async ({ journal, lock }: Awaited<ReturnType<typeof createSession>>): Promise<void> => {
    await journal.close();
    await lock.release();
  };
  const step = (input: unknown, work: () => Promise<number>) => ({
    kind: "model" as const,
    label: "Counting",
    input,
    outcome: z.number(),
    work: async () => ({ value: await work(), usage: { in: 1, out: 2, usd: 0.5 }, by: "a model" }),
  });

  it("has an id that sorts by time and is safe in a path", () => {
    const id = newId("Café: how does ../it $(work)? 日本語", now);
    assert.match(id, /^20261122-101500-cafe-how-does-it-work-[0-9a-f]{4}$/);
    assert.match(newId("日本語", now), /^20261122-101500-[0-9a-f]{4}$/);
  });

  it("refuses an id that climbs out of the folder", () => {
    for (const id of ["../x", "a/b", "", ".", "x".repeat(200), "A\u0000"]) {
      assert.throws(() => sessionFolder(folder.path, id), ResearchError);
    }
  });

  it("writes the intent before the work and the outcome before the value", async () => {
    const session = await createSession(folder.path, asked, now);
    let during = "";
    const value = await stepsOf(session).run(
      step({ a: 1 }, async () => {
        during = await readFile(journalOf(session.folder), "utf8");
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
    assert.deepEqual(types(await readFile(journalOf(session.folder), "utf8")), [
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
    const lines = (await readFile(journalOf(session.folder), "utf8"))
      .trim()
      .split("\n")
      .slice(2)
      .map((line) => JSON.parse(line) as { type: string; error?: string });
    assert.deepEqual(
      lines.map(({ type }) => type),
      ["intent", "failure", "intent", "outcome"],
    );
    assert.equal(lines[1]?.error, "Counting: no luck");
  });

  it("goes on after every cut of the journal's end", async () => {
    const session = await createSession(folder.path, asked, now);
    const steps = stepsOf(session);
    for (let n = 1; n <= 3; n++) await steps.run(step(n, () => Promise.resolve(n)));
    await close(session);
    const file = journalOf(session.folder);
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

  it("names damage and uses the rest", async () => {
    const session = await createSession(folder.path, asked, now);
    await stepsOf(session).run(step(1, () => Promise.resolve(1)));
    await close(session);
    await appendFile(journalOf(session.folder), '{"type":"nonsense"}\nnot json\n{"torn');
    const read = await readJournal(journalOf(session.folder));
    assert.equal(read.damage.length, 3);
    assert.equal(read.outcomes.size, 1);
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
    assert.equal((await stat(journalOf(session.folder))).mode & 0o777, 0o600);
    assert.equal((await stat(session.folder)).mode & 0o777, 0o700);
    await truncate(journalOf(session.folder), 0);
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
