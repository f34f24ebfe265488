import { toMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { loadRunProgress } from "../../../../src/app/session-progress.js";
import {
  elapsedMilliseconds,
  RunProgressReducer,
  initialProgress,
} from "../../../../src/core/progress/run-progress.js";
import { formatProgress } from "../../../../src/core/progress/progress-line.js";
import type { ResearchEvent } from "../../../../src/core/domain/events.js";
import { parseStepLabel } from "../../../../src/storage/sessions/legacy-step-labels.js";
import { NO_USAGE } from "../../../../src/core/domain/schema.js";
import { listSession, listSessions } from "../../../../src/storage/sessions/list-sessions.js";
import { writePlanFile } from "../../../../src/storage/sessions/plan-file.js";
import { MAX_NAME_LENGTH, renameSession } from "../../../../src/storage/sessions/rename-session.js";
import { journalPath } from "../../../../src/storage/sessions/session.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aSession } from "../../../fakes/sessions.js";

const at = new Date("2026-11-22T10:15:00Z");
const later = (seconds: number): Date => new Date(at.getTime() + seconds * 1000);
const never = new AbortController().signal;

const started: ResearchEvent = {
  type: "started",
  session: "20261122-101500-how-7f3a",
  question: "How long are journals kept?",
  engine: "gemini",
  depth: "standard",
  maxSources: 10,
  resumed: false,
};
const estimate = { calls: [5, 20], tokens: [1000, 9000], usd: [0.01, 0.1] } as const;
const planned: ResearchEvent = {
  type: "planned",
  estimate: { calls: [...estimate.calls], tokens: [...estimate.tokens], usd: [...estimate.usd] },
  plan: {
    title: "Journals",
    kind: "lookup",
    questions: [
      { id: "q1", question: "What is the default?", query: "default" },
      { id: "q2", question: "What is never removed?", query: "removed" },
    ],
    cover: [],
  },
};
const begun = (key: string, label: string): ResearchEvent => ({
  type: "step",
  phase: "started",
  key,
  kind: label.startsWith("Reading") ? "read" : label.startsWith("Searching") ? "search" : "model",
  task: parseStepLabel(label),
});
const done = (key: string, label: string): ResearchEvent => ({
  ...(begun(key, label) as Extract<ResearchEvent, { phase: "started" }>),
  phase: "done",
  by: "a model",
  usage: { in: 10, out: 5, usd: 0.001 },
  milliseconds: 5,
  reused: false,
});
const failed = (key: string, label: string, error: string): ResearchEvent => ({
  ...(begun(key, label) as Extract<ResearchEvent, { phase: "started" }>),
  phase: "failed",
  error: toMessage(error),
  usage: NO_USAGE,
});

describe("a run as it is followed, event by event", () => {
  const follow = (...events: ResearchEvent[]): RunProgressReducer => {
    const following = new RunProgressReducer();
    events.forEach((event, index) => following.tell(event, later(index)));
    return following;
  };

  it("shows where in the method it is, and what each question waits for", () => {
    const search = "Searching google: What is the default?";
    const following = follow(started, begun("p", "Planning"));
    assert.deepEqual([following.live.phase, following.live.questions], ["planning", []]);
    following.tell(planned, later(2));
    following.tell(begun("s", search), later(3));
    following.tell(begun("s2", search.replace("google", "searxng")), later(3));
    const states = (): string[] => following.live.questions.map(({ state }) => state);
    assert.deepEqual([following.live.phase, states()], ["gathering", ["searching", "waiting"]]);
    following.tell(done("s", search), later(4));
    assert.deepEqual(states(), ["searching", "waiting"]);
    following.tell(failed("s2", search.replace("google", "searxng"), "It is busy."), later(4));
    assert.deepEqual(states(), ["read", "waiting"]);
    const gap = { id: "q3", question: "Who decides?", query: "decides" };
    following.tell({ type: "gaps", round: 2, questions: [gap] }, later(5));
    assert.deepEqual(states(), ["read", "waiting", "waiting"]);
    assert.equal(following.live.estimate!.calls[1], 20);
  });

  it("shows what became of each source", () => {
    const place = { kind: "workspace", path: "docs/a.md" } as const;
    const page = "https://one.example/a";
    const following = follow(started, begun("r", "Reading docs/a.md"), begun("r2", `Reading ${page}`));
    const states = (): string[] => following.live.sources.map(({ state }) => state);
    assert.deepEqual(states(), ["reading", "reading"]);
    following.tell(failed("r2", `Reading ${page}`, "It does not answer."), later(4));
    following.tell({ type: "source", state: "read", place, title: "A", sha256: "ab" }, later(4));
    following.tell({ type: "evidence", place, kept: 3, dropped: 0 }, later(4));
    assert.deepEqual(states(), ["read", "failed"]);
    assert.deepEqual(following.live.sources[0]?.quotes, 3);
    assert.deepEqual(following.live.sources[1]?.why, toMessage("It does not answer."));
    following.tell({ type: "source", state: "duplicate", place, title: "A", sha256: "ab" }, later(5));
    assert.deepEqual([states()[0], following.live.sources[0].quotes], ["copy", null]);
  });

  it("ends with the report's own count, and with what was left", () => {
    const verdicts = { supported: 2, qualified: 0, contradicted: 0, unsupported: 0, "not-checked": 1 };
    const following = follow(
      started,
      begun("r", "Reading docs/a.md"),
      { type: "outlined", round: 1, sections: ["On it"], gaps: [] },
      { type: "section", heading: "On it", state: "verified", verdicts },
      { type: "section", heading: "On it", state: "verified", verdicts },
    );
    assert.equal(following.live.verdicts?.supported, 4);
    following.tell({ type: "ended", status: "partial", report: "r.md", error: null, verdicts }, later(9));
    const { live } = following;
    assert.deepEqual([live.status, live.report, live.verdicts?.supported], ["partial", "r.md", 2]);
    assert.deepEqual([live.sources[0]?.state, live.began], ["left", null]);
    assert.equal(elapsedMilliseconds(live, later(1000)), 9000);
  });

  it("goes on after a cut without counting the time between", () => {
    const following = follow(started, begun("s", "Searching google: What is the default?"));
    following.tell({ ...started, resumed: true }, later(500));
    following.tell({ type: "ended", status: "done", report: "r.md", error: null }, later(510));
    assert.equal(elapsedMilliseconds(following.live, later(1000)), 11_000);
  });

  it("is one line for a terminal", () => {
    const following = follow(started, begun("p", "Planning"), done("p", "Planning"));
    assert.equal(formatProgress(following.live), "Planning · 0 sources · 1 call · $0.0010");
    assert.equal(formatProgress(initialProgress()), "Starting · 0 sources · 0 calls · $0");
  });
});

describe("a journal that is told again", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  for (const schema of [1, 2, 3, 4, 5]) {
    it(`of schema ${schema} gives plan, sources, spend and end`, async () => {
      await cp(`test/fixtures/sessions/schema-${schema}/data/sessions`, folder.path, { recursive: true });
      for (const { id, status, report } of await listSessions(folder.path)) {
        const live = await loadRunProgress(folder.path, id, false, never);
        if (status === "interrupted") assert.equal(live.status, null);
        else assert.deepEqual([live.status, live.report], [status, report]);
        assert.ok(live.questions.length > 0, id);
        assert.ok(live.calls.search > 0, id);
        assert.equal(live.began, null);
        assert.ok(live.sources.every(({ state }) => state !== "reading"));
        if (status === "done")
          assert.ok(live.sources.some(({ state, quotes }) => state === "read" && (quotes ?? 1) > 0));
      }
    });
  }

  it("survives a first line that cannot be read, a torn last one, and one that is none of ours", async () => {
    const { id, folder: session } = await aSession(folder.path);
    const file = journalPath(session);
    const [, ...rest] = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, ["{broken", ...rest].join("\n"));
    await appendFile(file, '{"type":"news"}\n{"type":"ended","at":"2026');
    const live = await loadRunProgress(folder.path, id, false, never);
    assert.deepEqual([live.question, live.status], ["How does it go on?", "done"]);
    await writeFile(file, "{broken\n");
    await assert.rejects(loadRunProgress(folder.path, id, false, never), /damaged/);
    await writeFile(file, '{"schema":99}\n');
    await assert.rejects(loadRunProgress(folder.path, id, false, never), /newer/);
  });
});

describe("a session whose plan waits", () => {
  it("is planned for whoever lists all sessions, or looks at it alone", async () => {
    const folder = await aFolder();
    try {
      const cut = await aSession(folder.path, { status: "interrupted" });
      const ended = await aSession(folder.path, { status: "failed", question: "And then?" });
      const done = await aSession(folder.path, { question: "Why?" });
      for (const each of [cut, ended, done]) await writePlanFile(each.folder, "# A plan\n");
      const statuses = await Promise.all(
        [cut, ended, done].map(async ({ id }) => (await listSession(folder.path, id))?.status),
      );
      assert.deepEqual(statuses, ["planned", "planned", "done"]);
      const all = new Map((await listSessions(folder.path)).map(({ id, status }) => [id, status]));
      assert.deepEqual(
        [cut, ended, done].map(({ id }) => all.get(id)),
        statuses,
      );
    } finally {
      await folder.remove();
    }
  });
});

describe("a session that ended", () => {
  it("is finished in the list though a later check of a sentence was cut off, until it is resumed", async () => {
    const folder = await aFolder();
    try {
      const { id, folder: its } = await aSession(folder.path);
      const note = (line: unknown): Promise<void> =>
        appendFile(journalPath(its), `${JSON.stringify(line)}\n`);
      const stands = async (): Promise<unknown> => (await listSession(folder.path, id))?.status;
      await note({
        type: "intent",
        at: at.toISOString(),
        kind: "model",
        key: "k",
        task: { type: "other", label: "x".repeat(40_000) },
      });
      assert.equal(await stands(), "done");
      await note({ type: "resumed", at: at.toISOString() });
      assert.equal(await stands(), "interrupted");
    } finally {
      await folder.remove();
    }
  });
});

describe("a session's name", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  it("is shown of a session that was cut off, too, and does not end it", async () => {
    const { id } = await aSession(folder.path, { status: "interrupted" });
    await renameSession(folder.path, id, "Mine", at);
    const listed = await listSession(folder.path, id);
    assert.deepEqual([listed?.name, listed?.status], ["Mine", "interrupted"]);
    await renameSession(folder.path, id, "", at);
    assert.equal((await listSession(folder.path, id))?.name, undefined);
  });

  it("is shown of a session that went on after it, and was cut off again", async () => {
    const { id, folder: its } = await aSession(folder.path, { status: "interrupted" });
    await renameSession(folder.path, id, "Mine", at);
    const after = (...lines: unknown[]): Promise<void> =>
      appendFile(journalPath(its), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    await after({ type: "resumed", at: at.toISOString() });
    assert.equal((await listSession(folder.path, id))?.name, "Mine");
    // Longer than a list reads of a journal's two ends.
    await after({
      type: "intent",
      at: at.toISOString(),
      kind: "read",
      key: "k",
      task: { type: "other", label: "x".repeat(40_000) },
    });
    assert.equal((await listSession(folder.path, id))?.name, "Mine");
    await renameSession(folder.path, id, "", at);
    await after({ type: "resumed", at: at.toISOString() });
    assert.equal((await listSession(folder.path, id))?.name, undefined);
  });

  it("stands in the list as long as a name may be, and no longer one is taken", async () => {
    const { id } = await aSession(folder.path);
    const name = "長".repeat(MAX_NAME_LENGTH);
    await renameSession(folder.path, id, name, at);
    assert.equal((await listSession(folder.path, id))?.name, name);
    await assert.rejects(renameSession(folder.path, id, `${name}x`, at), /201 characters/);
    await assert.rejects(renameSession(folder.path, "20200101-000000-none", "x", at), /There is no session/);
    assert.equal(await listSession(folder.path, "../x"), null);
    assert.equal(await listSession(folder.path, "20200101-000000-none"), null);
  });
});
