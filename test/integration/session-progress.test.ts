import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import type { EngineConfig } from "../../src/app/types.js";
import { loadRunProgress } from "../../src/app/session-progress.js";
import { resumeResearch, startResearch } from "../../src/app/run-session.js";
import {
  elapsedMilliseconds,
  RunProgressReducer,
  type RunProgress,
} from "../../src/core/progress/run-progress.js";
import type { Scope } from "../../src/core/domain/research-request.js";
import type { ResearchEvent } from "../../src/core/domain/events.js";
import { formatLocation, type Depth } from "../../src/core/domain/schema.js";
import { listSessions } from "../../src/storage/sessions/list-sessions.js";
import { renameSession } from "../../src/storage/sessions/rename-session.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { SETTINGS } from "../../src/config/settings-schema.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { article, startFakeWeb, type FakeWeb } from "../fakes/searxng.js";

/* What is shown of a run while it goes on is what its journal tells afterwards. */

const KEY = "fake-key-for-live-tests";
const QUESTION = "How long does a glacier mouse keep moving?";
const BODY = article("Glacier mice on the move", [
  "A glacier mouse is a ball of moss that lives on the ice. It keeps moving for about six years, by a few centimetres a day.",
  "Nobody has seen what moves a glacier mouse, since neither the wind nor the slope explains its way.",
]);

describe("a run as it is followed", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let web: FakeWeb;
  let gemini: FakeGemini;
  let config: EngineConfig;
  let sessions: string;
  const events: ResearchEvent[] = [];

  beforeEach(async () => {
    events.length = 0;
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    gemini = await startFakeGemini();
    web = await startFakeWeb({
      "/mice": { title: "Glacier mice on the move", body: BODY },
      "/copy": { title: "Glacier mice on the move", body: BODY },
      "/empty": { title: "Nothing", body: "" },
    });
    config = await loadConfig(null);
    sessions = path.join(folder.path, "data/sessions");
  });
  afterEach(async () => {
    await web.close();
    await gemini.close();
    await folder.remove();
  });

  const loadConfig = async (key: string | null): Promise<EngineConfig> => ({
    workspace: folder.path,
    settings: await loadSettings(folder.path, [
      {
        name: (setting) => SETTINGS[setting].env,
        values: { searxngUrl: web.address, allowedPrivateHosts: web.host },
        workspace: false,
      },
    ]),
    key,
    baseUrl: gemini.address,
  });
  const follow = async (
    begin: (watch: Parameters<typeof startResearch>[2]) => ReturnType<typeof startResearch>,
  ) => {
    const following = new RunProgressReducer();
    const result = await begin({
      listen: (event) => {
        events.push(event);
        following.tell(event, new Date());
      },
      signal: new AbortController().signal,
    });
    return { result, live: following.live };
  };
  const research = (scope: Scope[], question = QUESTION, depth: Depth = "standard") =>
    follow((watch) => startResearch(config, { question, depth, maxSources: 6, scope, pages: [] }, watch));

  /** What both know; a journal knows neither the estimate nor the sections, and orders as it wrote. */
  const shared = (live: RunProgress) => {
    const { session, question, engine, depth, phase, title, questions, verdicts, calls, tokens } = live;
    const sources = live.sources.map((each) => ({ where: formatLocation(each.place), ...each }));
    return {
      ...{ session, question, engine, depth, phase, title, questions, verdicts, calls, tokens },
      ...{ report: live.report, status: live.status, error: live.error },
      usd: live.usd.toFixed(6),
      sources: sources.sort((a, b) => (a.where < b.where ? -1 : 1)),
    };
  };

  it("is what its journal tells, with copies and what could not be read", async () => {
    const { live, result } = await research(["web", "workspace"]);
    assert.equal(result.status, "done");
    const told = await loadRunProgress(sessions, result.session, false, new AbortController().signal);
    assert.deepEqual(shared(told), shared(live));
    const states = new Set(live.sources.map(({ state }) => state));
    assert.deepEqual([...states].sort(), ["copy", "failed", "read"]);
    assert.equal(live.questions[0]?.state, "read");
    assert.ok(live.sources.find(({ state }) => state === "failed")?.why);
    assert.ok((live.verdicts?.supported ?? 0) > 0);
    assert.deepEqual(live.calls, result.calls);
    assert.ok(elapsedMilliseconds(live, new Date()) > 0);
    assert.ok(Math.abs(told.took - live.took) < 2000);
  });

  it("is what its journal tells of Google's answers, too", async () => {
    config = { ...(await loadConfig(KEY)), settings: { ...config.settings, searxngUrl: "" } };
    const { live, result } = await research(["workspace", "google"]);
    assert.ok(result.google?.every(({ text }) => text !== ""));
    const told = await loadRunProgress(sessions, result.session, false, new AbortController().signal);
    assert.deepEqual(shared(told), shared(live));
    assert.ok(live.usd > 0);
    assert.ok((live.estimate?.calls[1] ?? 0) > 0);
  });

  it("takes its name through an end, a resume and a list", async () => {
    const { result } = await research(["workspace"], "How does a crashed run continue?");
    const listed = async () => (await listSessions(sessions))[0];
    assert.equal((await listed())?.name, undefined);
    await renameSession(sessions, result.session, "  The\n ledger ", new Date());
    assert.deepEqual([(await listed())?.name, (await listed())?.status], ["The ledger", "done"]);
    const again = await follow((watch) => resumeResearch(config, result.session, watch));
    assert.equal(again.result.status, "done");
    assert.deepEqual([(await listed())?.name, (await listed())?.report], ["The ledger", result.report]);
    const told = await loadRunProgress(sessions, result.session, false, new AbortController().signal);
    assert.equal(told.status, "done");
    await renameSession(sessions, result.session, "", new Date());
    assert.equal((await listed())?.name, undefined);
    const journal = await readFile(path.join(sessions, result.session, "journal.jsonl"), "utf8");
    assert.match(journal.trim().split("\n").at(-1) ?? "", /"type":"ended"(?!.*"name")/);
  });
});
