import { localDay } from "../../../../src/common/local-time.js";
import { toMessage } from "../../../../src/common/messages.js";
import { parseStepLabel } from "../../../../src/storage/sessions/legacy-step-labels.js";
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { collectSessionStats } from "../../../../src/storage/statistics/collect-session-stats.js";
import {
  createSessionStatsReader,
  type SessionStats,
} from "../../../../src/storage/statistics/session-stats.js";
import { SCHEMA, type Header, type JournalLine } from "../../../../src/storage/sessions/journal-schema.js";
import { archiveSessions } from "../../../../src/storage/archive/archive-sessions.js";
import {
  firstDayOfRange,
  distributionOf,
  summarizeStatistics,
} from "../../../../src/storage/statistics/summarize.js";
import { classifyFailure } from "../../../../src/storage/statistics/failure-kind.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const signal = new AbortController().signal;
const NOW = new Date("2026-11-25T12:00:00Z");

const at = (second: number, day = "2026-11-24"): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + second * 1000).toISOString();

function header(over: Partial<Header> = {}): Header {
  return {
    schema: SCHEMA,
    id: "20261124-120000-how-3f3f",
    question: "How?",
    started: at(0),
    engine: "gemini",
    depth: "standard",
    maxSources: 10,
    pages: [],
    scope: ["web"],
    environment: "production",
    ...over,
  };
}

let keys = 0;
function outcome(
  kind: "model" | "search" | "read",
  label: string,
  over: Partial<Extract<JournalLine, { type: "outcome" }>> = {},
): JournalLine {
  const usage = kind === "model" ? { in: 1000, out: 100, usd: 0.01 } : { in: 0, out: 0, usd: 0 };
  const by = kind === "model" ? "gemini-3.8-flash" : "workspace";
  const about = { key: `k${++keys}`, kind, task: parseStepLabel(label), at: at(10) };
  return { type: "outcome", ...about, by, usage, milliseconds: 500, value: {}, ...over };
}

const failure = (label: string, error: string, code?: string): JournalLine => ({
  type: "failure",
  key: `k${++keys}`,
  kind: label.startsWith("Reading") ? "read" : "model",
  task: parseStepLabel(label),
  at: at(11),
  error: toMessage(error),
  ...(code === undefined ? {} : { code }),
});
const ended = (
  second: number,
  status: "done" | "partial" | "failed" | "cancelled" = "done",
  over: object = {},
): JournalLine => ({ type: "ended", at: at(second), status, report: null, error: null, ...over });

const figuresOf = (lines: unknown[], running = false): SessionStats => {
  const reader = createSessionStatsReader("20261124-120000-how-3f3f", at(0));
  for (const line of lines) reader.add(typeof line === "string" ? line : JSON.stringify(line));
  return reader.close(running);
};
const journal = (...lines: JournalLine[]): unknown[] => [
  header(),
  { type: "asked", header: header() },
  ...lines,
];

const plan = {
  title: "How",
  kind: "comparison",
  questions: [{ question: "How?", query: "how" }],
  cover: ["how"],
};
const checked = (...verdicts: string[]) => ({
  verdicts: verdicts.map((verdict, index) => ({ index, verdict, reason: "" })),
});

describe("a journal in figures", () => {
  it("tells steps apart, with their models, times and costs", () => {
    const figures = figuresOf(
      journal(
        outcome("model", "Planning", { value: plan }),
        outcome("search", "Searching google: How?", { by: "gemini-3.8-flash" }),
        outcome("read", "Reading docs/a.md"),
        outcome("model", "Extracting from Writing the summary", { by: "cache" }),
        outcome("model", "Outlining, round 2"),
        outcome("model", "Writing “Checking”"),
        outcome("model", "Rewriting 2 of “Checking”"),
        outcome("model", "Writing the summary"),
        outcome("model", "Dreaming"),
        ended(42),
      ),
    );
    assert.deepEqual(
      figures.steps.map(({ step }) => step),
      ["plan", "search", "read", "extract", "outline", "write", "rewrite", "conclude", "other"],
    );
    assert.deepEqual([figures.kind, figures.outcome, figures.seconds], ["comparison", "done", 42]);
    assert.deepEqual([figures.engine, figures.depth], ["gemini", "standard"]);
  });

  it("finds a value behind a label that looks like one, and does without the value", () => {
    const label = 'Extracting from ,"value":{"kind":"x"} “a"';
    const [step] = figuresOf(journal(outcome("model", label, { milliseconds: 7 }))).steps;
    assert.deepEqual([step?.step, step?.milliseconds], ["extract", 7]);
  });

  it("takes the kind from the plan that the user looked at", () => {
    const looked = { ...plan, kind: "survey", questions: [] };
    const lines = journal(outcome("model", "Planning", { value: plan }), {
      type: "plan",
      at: at(1),
      plan: looked,
    });
    assert.equal(figuresOf(lines).kind, "survey");
  });

  it("counts the sentences of the report where they were written down", () => {
    const sentences = ["supported", "supported", "contradicted", "not-checked"] as const;
    const figures = figuresOf(
      journal(
        outcome("model", "Checking “A”", { value: checked("supported", "unsupported") }),
        {
          type: "written",
          at: at(20),
          sentences: sentences.map((verdict) => ({ sha256: "0".repeat(64), verdict })),
        },
        ended(21),
      ),
    );
    assert.deepEqual(figures.verdicts, { supported: 2, contradicted: 1, "not-checked": 1 });
    assert.deepEqual([figures.caught, figures.outcome], [1, "done"]);
  });

  it("counts what the checks let pass where they were not, each check once", () => {
    const again = outcome("model", "Checking “A”", {
      key: "same",
      value: checked("supported", "qualified", "contradicted"),
    });
    const figures = figuresOf(
      journal(again, again, outcome("model", "Checking “A”, again", { value: checked("supported") })),
    );
    assert.deepEqual(figures.verdicts, { supported: 2, qualified: 1 });
    assert.equal(figures.caught, 1);
  });

  it("adds up the runs of a session that was gone on with, without the time between them", () => {
    const figures = figuresOf(
      journal(
        outcome("model", "Planning with your answers", { at: at(10), value: plan }),
        { type: "resumed", at: at(5000) },
        outcome("read", "Reading a", { at: at(5020) }),
        ended(5030),
      ),
    );
    assert.deepEqual([figures.seconds, figures.kept, figures.steps[0]?.step], [40, 1, "plan"]);
    const back = figuresOf(journal({ type: "resumed", at: at(-500) }, ended(-490, "cancelled")));
    assert.deepEqual([back.seconds, back.kept], [10, 0], "a clock that was put back takes nothing away");
  });

  it("does not take for a run what is noted of a session later", () => {
    const named: JournalLine = { type: "named", at: at(5000), name: "Mine" };
    const evidence: JournalLine = { type: "evidence", at: at(6000), evidence: [] };
    const noted = figuresOf(journal(ended(42), named, ended(42), evidence, ended(7000)));
    assert.deepEqual([noted.seconds, noted.kept, noted.outcome], [42, 0, "done"]);
    const cut = figuresOf(journal(outcome("read", "Reading a", { at: at(10) }), named));
    assert.deepEqual([cut.seconds, cut.outcome], [10, "interrupted"]);
    const checkedAgain = outcome("model", "Checking a sentence again", { at: at(7000) });
    const later = figuresOf(
      journal(ended(42), { ...checkedAgain, type: "intent" } as JournalLine, checkedAgain),
    );
    assert.deepEqual([later.seconds, later.outcome], [42, "done"]);
    const renamed = figuresOf(journal(ended(42, "partial"), named));
    assert.deepEqual([renamed.seconds, renamed.outcome], [42, "partial"]);
  });

  it("names what went wrong by its code, and in older journals by its message", () => {
    const figures = figuresOf(
      journal(
        failure("Extracting from A", "…", "rate-limit"),
        failure("Reading https://a.example", "a.example answered HTTP 404."),
        ended(12, "failed", { error: "Gemini cannot be reached: there seems to be no network." }),
      ),
    );
    assert.deepEqual(
      figures.failures.map(({ step, what }) => [step, what]),
      [
        ["extract", "rate-limit"],
        ["read", "unreachable"],
      ],
    );
    assert.equal(figures.failed, "no-network");
    const said: [string, string][] = [
      ["The Gemini key's requests for today are used up. Resume tomorrow.", "day-quota"],
      ["Gemini did not answer in time. Try again later.", "timeout"],
      ["a.example asks programs in its robots.txt not to read https://a.example/x.", "robots"],
      ["Cannot write /x: the disk is full.", "cannot-write"],
      ["A bolt from the blue", "other"],
    ];
    for (const [line, what] of said) assert.equal(classifyFailure(undefined, line), what, line);
  });

  it("reads on over damage, and takes the first line's copy", () => {
    const lines = ["{broken", { type: "asked", header: header() }, "???", "", "{}", ended(9)];
    assert.deepEqual([figuresOf(lines).outcome, figuresOf(lines).seconds], ["done", 9]);
    assert.equal(figuresOf([]).outcome, "damaged");
    assert.equal(figuresOf(["{}", "{}"]).outcome, "damaged");
    assert.equal(figuresOf(journal()).outcome, "interrupted");
    assert.equal(figuresOf(journal(), true).outcome, "running");
    const newer = [{ ...header(), schema: SCHEMA + 1 }, ...journal(ended(9))];
    assert.deepEqual([figuresOf(newer).outcome, figuresOf(newer).steps], ["newer", []]);
  });

  it("reads the journals of every version so far", async () => {
    for (let schema = 1; schema <= SCHEMA; schema++) {
      const found = await collectSessionStats(
        `test/fixtures/sessions/schema-${schema}/data/sessions`,
        signal,
      );
      assert.equal(found.length, 3);
      const { sessions, kinds, calls, verdicts, completion } = summarizeStatistics(found, null, NOW);
      assert.ok((sessions.outcomes.done ?? 0) > 0, `schema ${schema}`);
      assert.ok(kinds.length > 0 && completion.count > 0 && completion.p50 > 0, `schema ${schema}`);
      assert.ok(calls.model > 0 && calls.read > 0, `schema ${schema}`);
      assert.ok((verdicts.supported ?? 0) > 0, `schema ${schema}`);
    }
  });
});

describe("the figures of many sessions", () => {
  it("ranks values: so many of 100 are at most the percentile", () => {
    assert.deepEqual(distributionOf([]), { count: 0, p50: 0, p95: 0 });
    assert.deepEqual(distributionOf([7]), { count: 1, p50: 7, p95: 7 });
    assert.deepEqual(distributionOf([4, 1, 3, 2]), { count: 4, p50: 2, p95: 4 });
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(distributionOf(hundred), { count: 100, p50: 50, p95: 95 });
    assert.deepEqual(
      distributionOf([10, 9, 100]),
      { count: 3, p50: 10, p95: 100 },
      "by size, not by letters",
    );
  });

  const session = (over: Partial<SessionStats>): SessionStats => ({ ...figuresOf(journal()), ...over });

  it("takes the days that are asked for, today among them", () => {
    assert.equal(firstDayOfRange(1, NOW), localDay(NOW));
    assert.equal(firstDayOfRange(7, new Date(2026, 2, 3, 9)), "2026-02-25");
    const all = ["2026-11-25", "2026-11-19", "2026-11-18", "2024-02-29"].map((day) =>
      session({ started: at(0, day) }),
    );
    const days = (range: number | null): number => summarizeStatistics(all, range, NOW).sessions.total;
    assert.deepEqual([days(1), days(7), days(30), days(null)], [1, 2, 3, 4]);
    assert.deepEqual(
      summarizeStatistics(all, null, NOW).sessions.days.map(({ day }) => day),
      ["2024-02-29", "2026-11-18", "2026-11-19", "2026-11-25"],
    );
  });

  it("sums calls, tokens, spend by day and model, and what was not paid again", () => {
    const one = figuresOf(
      journal(
        outcome("model", "Planning", { value: plan }),
        outcome("search", "Searching google: How?", {
          by: "gemini-3.8-flash",
          usage: { in: 50, out: 50, usd: 0.5 },
        }),
        outcome("model", "Extracting from A", {
          by: "cache",
          usage: { in: 0, out: 0, usd: 0 },
          milliseconds: 1,
        }),
        outcome("model", "Extracting from B", { by: "gemini-3.5-flash-lite", milliseconds: 900 }),
        failure("Extracting from C", "x", "timeout"),
        ended(50),
      ),
    );
    one.failures[0]!.usd = 0.25;
    const two = figuresOf(
      journal(
        outcome("model", "Planning", {
          by: "gemini-3.8-flash",
          at: at(0, "2026-11-23"),
          value: plan,
          milliseconds: 100,
        }),
        ended(30, "failed", { error: "x", code: "timeout" }),
      ),
    );
    const found = summarizeStatistics([one, two], null, NOW);
    assert.deepEqual(found.calls, { model: 3, search: 1, read: 0 });
    assert.deepEqual(found.tokens, { in: 3050, out: 350 });
    assert.equal(Math.round(found.usd * 100), 78);
    assert.deepEqual(
      found.spend.map(({ day, model, usd }) => [day, model, usd]),
      [
        ["2026-11-23", "gemini-3.8-flash", 0.01],
        ["2026-11-24", "", 0.25],
        ["2026-11-24", "gemini-3.5-flash-lite", 0.01],
        ["2026-11-24", "gemini-3.8-flash", 0.51],
      ],
    );
    assert.deepEqual(
      found.models.map(({ model, count, p50, p95 }) => [model, count, p50, p95]),
      [
        ["gemini-3.8-flash", 3, 500, 500],
        ["gemini-3.5-flash-lite", 1, 900, 900],
      ],
    );
    assert.deepEqual(
      found.steps.map(({ step, count, failed }) => [step, count, failed]),
      [
        ["plan", 2, 0],
        ["search", 1, 0],
        ["extract", 1, 1],
      ],
    );
    assert.deepEqual(found.reused, { cache: 1, resumed: 0 });
    assert.deepEqual(found.failures, [{ what: "timeout", steps: 1, sessions: 1 }]);
    assert.deepEqual(found.kinds, [{ kind: "comparison", sessions: 2 }]);
  });

  it("tells how long sessions with a report took, and by depth", () => {
    const took = (seconds: number, over: Partial<SessionStats> = {}): SessionStats =>
      session({ outcome: "done", seconds, ...over });
    const { completion } = summarizeStatistics(
      [
        took(5),
        took(6),
        took(4000, { depth: "deep" }),
        took(15, { outcome: "partial" }),
        took(1, { outcome: "failed" }),
      ],
      null,
      NOW,
    );
    assert.deepEqual([completion.count, completion.p50, completion.p95], [4, 6, 4000]);
    assert.deepEqual(
      completion.histogram.filter(({ sessions }) => sessions > 0),
      [
        { upTo: 5, sessions: 1 },
        { upTo: 15, sessions: 2 },
        { upTo: null, sessions: 1 },
      ],
    );
    assert.deepEqual(
      completion.byDepth.map(({ depth, count }) => [depth, count]),
      [
        ["standard", 3],
        ["deep", 1],
      ],
    );
  });
});

describe("the journals of a folder", () => {
  const text = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const write = async (sessions: string, id: string, content: string): Promise<void> => {
    await mkdir(path.join(sessions, id), { recursive: true });
    await writeFile(path.join(sessions, id, "journal.jsonl"), content);
  };

  it("are read where they lie, archived ones in their zips, and what is no session is left out", async () => {
    const folder = await aFolder({ "README.md": "x", "20261124-120000-empty-0000/other.txt": "x" });
    try {
      const sound = journal(outcome("model", "Planning", { value: plan }), ended(9));
      const ids = ["20261124-120000-a-0001", "20261124-120000-b-0002", "20261124-120000-c-0003"] as const;
      const own = (id: string): string =>
        text(...sound).replaceAll('"id":"20261124-120000-how-3f3f"', `"id":"${id}"`);
      for (const id of ids) await write(folder.path, id, own(id));
      await write(folder.path, "20261124-130000-nothing-0004", "");
      await write(
        folder.path,
        "20261124-140000-torn-0005",
        `${text(...journal())}{"type":"ended","at":"2026`,
      );
      const long = outcome("model", "Extracting from A", { value: "x".repeat(300_000) });
      await write(folder.path, "20261124-150000-long-0006", text(...journal(long, ended(9))));
      await archiveSessions(
        folder.path,
        { ids: [ids[0]], olderThan: null, keep: null },
        { isRunning: () => Promise.resolve(false), now: NOW, signal },
      );
      await writeFile(path.join(folder.path, "archive", "20261124-160000-bad-0007.zip"), "no zip");
      const found = await collectSessionStats(folder.path, signal);
      assert.deepEqual(Object.fromEntries(found.map(({ id, outcome: how }) => [id.slice(16), how])), {
        "a-0001": "done",
        "b-0002": "done",
        "c-0003": "done",
        "nothing-0004": "damaged",
        "torn-0005": "interrupted",
        "long-0006": "done",
        "bad-0007": "damaged",
      });
      assert.equal(found.find(({ id }) => id === ids[0])?.steps.length, 1);
      assert.equal(found.find(({ id }) => id.includes("nothing"))?.started, "2026-11-24T13:00:00.000Z");
    } finally {
      await folder.remove();
    }
  });

  it("are read again when they have changed, and only then", async () => {
    const folder = await aFolder();
    try {
      const file = path.join(folder.path, "20261124-120000-a-0001/journal.jsonl");
      await write(folder.path, "20261124-120000-a-0001", text(...journal()));
      const [first] = await collectSessionStats(folder.path, signal);
      assert.equal((await collectSessionStats(folder.path, signal))[0], first);
      await writeFile(file, (await readFile(file, "utf8")) + text(ended(9)));
      assert.equal((await collectSessionStats(folder.path, signal))[0]?.outcome, "done");
    } finally {
      await folder.remove();
    }
  });

  it("are none where there is no folder, and reading them can be cancelled", async () => {
    assert.deepEqual(await collectSessionStats("/nowhere/at/all", signal), []);
    await assert.rejects(
      collectSessionStats(
        "test/fixtures/sessions/schema-3/data/sessions",
        AbortSignal.abort(new Error("stop")),
      ),
      /stop/,
    );
  });
});
