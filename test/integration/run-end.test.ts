import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { resumeResearch, startResearch } from "../../src/app/run-session.js";
import type { EngineConfig, RunCallbacks } from "../../src/app/types.js";
import type { ResearchRequest } from "../../src/core/domain/research-request.js";
import type { RunResult } from "../../src/app/run-result.js";
import { isCancelled } from "../../src/common/errors.js";
import type { SteeringControls } from "../../src/core/pipeline/steering.js";
import { loadRunProgress } from "../../src/app/session-progress.js";
import { verifyReports } from "../../src/app/verify-reports.js";
import { listSessions } from "../../src/storage/sessions/list-sessions.js";
import type { ListedSession } from "../../src/storage/sessions/session-summary.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";

/* How a run ends, and what it leaves of what earlier ones wrote: the engine against a stand-in for Gemini. */

const KEY = "fake-key-for-ending-tests";
const QUESTION = "How does a crashed run continue?";

describe("the end of a run", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  let config: EngineConfig;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
    const settings = await loadSettings(folder.path, []);
    config = { workspace: folder.path, settings, key: KEY, baseUrl: fake.address, cache: false };
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  const watch = (over: Partial<RunCallbacks> = {}): RunCallbacks => ({
    listen: () => undefined,
    signal: new AbortController().signal,
    ...over,
  });
  const research = (
    over: Partial<RunCallbacks> = {},
    asked: Partial<ResearchRequest> = {},
  ): Promise<RunResult> =>
    startResearch(
      config,
      { question: QUESTION, depth: "quick", maxSources: 10, scope: ["workspace"], pages: [], ...asked },
      watch(over),
    );
  const journalOf = (session: string): string =>
    path.join(config.settings.sessionStoragePath, session, "journal.jsonl");
  const listed = async (): Promise<ListedSession | undefined> =>
    (await listSessions(config.settings.sessionStoragePath))[0];
  const withCalls = (maxCalls: number): EngineConfig => ({
    ...config,
    settings: { ...config.settings, maxCalls },
  });

  it("shows in the report what the user answered, does not count the wait, and offers no unrelated answers", async () => {
    const offline = { ...config, key: null };
    const request: ResearchRequest = { question: "How does it work?", depth: "quick", maxSources: 5, scope: ["workspace"], pages: [] }; // prettier-ignore
    const options: string[][] = [];
    const began = performance.now();
    const result = await startResearch(offline, request, {
      listen: () => undefined,
      signal: new AbortController().signal,
      clarify: async (unclear) => {
        options.push(...unclear.map((each) => each.options));
        await new Promise((resolve) => setTimeout(resolve, 3000));
        return unclear.map(({ question }) => ({ question, answer: "the ledger" }));
      },
    });
    const took = (performance.now() - began) / 1000;
    assert.deepEqual(options, [[]]);
    assert.ok(result.seconds <= took - 2.5, `${result.seconds} s of ${took} s`);
    const file = path.join(folder.path, result.report ?? "");
    assert.match(
      await readFile(file, "utf8"),
      /^> \*\*Clarified\.\*\* What is the question about\? the ledger$/m,
    );
    const { checked } = await verifyReports([file], folder.path, new AbortController().signal);
    assert.deepEqual(
      checked.map(({ ok, failed }) => [ok, failed]),
      [[true, []]],
    );
    const live = await loadRunProgress(offline.settings.sessionStoragePath, result.session, false, new AbortController().signal); // prettier-ignore
    assert.ok(live.took / 1000 <= took - 2.5, `${live.took} ms of ${took} s`);
  });

  it("leaves a session as it was that is resumed without its key", async () => {
    const { session } = await research();
    const before = await listed();
    assert.equal(before?.status, "done");
    const journal = await readFile(journalOf(session), "utf8");
    await assert.rejects(resumeResearch({ ...config, key: null }, session, watch()), { code: "no-key" });
    assert.deepEqual(await listed(), before);
    assert.equal(await readFile(journalOf(session), "utf8"), journal);
  });

  it("leaves the report of an earlier run where it is, when it is cancelled or fails", async () => {
    const whole = config;
    config = withCalls(4);
    const { session, status, report } = await research();
    assert.equal(status, "partial");
    assert.ok(report !== null);
    config = whole;
    for (let time = 1; time <= 2; time++) {
      const cancel = new AbortController();
      const listen: RunCallbacks["listen"] = (event) => {
        if (event.type === "started") cancel.abort();
      };
      const cancelled = await resumeResearch(config, session, watch({ signal: cancel.signal, listen }));
      assert.deepEqual([cancelled.status, cancelled.report], ["cancelled", null]);
      assert.deepEqual([(await listed())?.status, (await listed())?.report], ["cancelled", report]);
    }
    const done = await resumeResearch(config, session, watch());
    assert.deepEqual([done.status, (await listed())?.report], ["done", done.report]);
  });

  it("comes when nothing is under way any more", async () => {
    let steering: SteeringControls | null = null;
    let left = "";
    let atEnd = -1;
    fake.script("search", (_call, _model, { body }) => {
      const [question] = steering?.questions() ?? [];
      if (question === undefined || left !== "") return undefined;
      if (!JSON.stringify(body).includes(JSON.stringify(question.question).slice(1, -1))) return undefined;
      left = question.id;
      void steering?.skip(question.id);
      return "hang";
    });
    const { status } = await research(
      {
        steer: (given) => (steering = given),
        listen: (event) => {
          if (event.type === "ended") atEnd = fake.disconnects();
        },
      },
      { question: "How long does a glacier mouse keep moving?", scope: ["google"] },
    );
    assert.deepEqual([status, left === ""], ["done", false]);
    assert.equal(atEnd, 1, "a search that was left was still under way at the end");
  });

  it("comes after as many calls as were allowed, searches of our own not among them", async () => {
    config = withCalls(4);
    const { status, calls } = await research();
    assert.deepEqual([status, fake.requests.length, calls.model], ["partial", 4, 4]);
    assert.ok(calls.search > 0);
  });

  it("may come before the beginning, on a host that is always busy, and such a host begins in the end", async () => {
    const busy = setInterval(() => {
      for (const until = performance.now() + 25; performance.now() < until;);
    }, 1);
    try {
      const soon = AbortSignal.timeout(10_000);
      const late = once(soon, "abort").then(() => "late");
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(), 100);
      const cancelled = research({ signal: cancel.signal }).catch((error: unknown) => isCancelled(error));
      assert.equal(await Promise.race([cancelled, late]), true);
      assert.equal(await listed(), undefined);
      const listen: RunCallbacks["listen"] = (event) => {
        if (event.type === "started") clearInterval(busy);
      };
      const going = research({ listen }).then(({ status }) => status);
      assert.equal(await Promise.race([going, late]), "done");
    } finally {
      clearInterval(busy);
    }
  });

  it("writes nothing to a session that another run has taken", async () => {
    const { setInterval: every } = globalThis;
    // The lock looks every ten seconds whether it is still there.
    globalThis.setInterval = (work: () => void) => every(work, 20);
    try {
      let ended = "";
      fake.script("plan", () => {
        const [id = ""] = readdirSync(config.settings.sessionStoragePath).filter((name) =>
          /^\d{8}-/.test(name),
        );
        const owner = {
          token: "7c6d7e4e-8a8a-4d6e-9c0a-5f1d2b3c4d5e",
          host: "elsewhere",
          pid: 1,
          begun: null,
        };
        writeFileSync(path.join(config.settings.sessionStoragePath, id, "lock"), JSON.stringify(owner));
        return "hang";
      });
      const listen: RunCallbacks["listen"] = (event) => {
        if (event.type === "ended") ended = event.status;
      };
      const { status, error, session } = await research({ listen });
      assert.deepEqual([status, ended, error?.code], ["failed", "failed", "session-running"]);
      // The first search may just have been under way.
      const own = (await readFile(journalOf(session), "utf8")).split("\n");
      assert.deepEqual(
        own.filter((line) => /^\{"type":"(?:ended|failure)"/.test(line)),
        [],
      );
    } finally {
      globalThis.setInterval = every;
    }
  });
});
