import assert from "node:assert/strict";
import { cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { loadSessionReport } from "../../src/app/load-session-report.js";
import { resumeResearch, startResearch } from "../../src/app/run-session.js";
import { startRefresh } from "../../src/app/start-refresh.js";
import type { EngineConfig, RunCallbacks } from "../../src/app/types.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";

/* A session's report as data: written at its end, and read where the report's structure is needed. */

const QUESTION = "How does a crashed run continue?";
const signal = new AbortController().signal;

describe("a report as data", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
  });

  const configWith = async (key: string | null): Promise<EngineConfig> => ({
    workspace: folder.path,
    settings: await loadSettings(folder.path, []),
    key,
    baseUrl: fake.address,
    cache: false,
  });
  const callbacks: RunCallbacks = { listen: () => undefined, signal };
  const research = async (
    config: EngineConfig,
  ): Promise<{ session: string; report: string; data: string }> => {
    const asked = {
      question: QUESTION,
      depth: "standard",
      maxSources: 10,
      scope: ["workspace"],
      pages: [],
    } as const;
    const { session, report, status } = await startResearch(
      config,
      { ...asked, scope: ["workspace"], pages: [] },
      callbacks,
    );
    assert.ok(status === "done" && report !== null);
    return { session, report, data: path.join(config.settings.sessionStoragePath, session, "report.json") };
  };

  for (const key of ["a-fake-key-for-tests", null]) {
    const name = key === null ? "the offline engine" : "a model";

    it(`says what the journal gives, step by step: ${name}`, async () => {
      const config = await configWith(key);
      const { session, data } = await research(config);
      const sessions = config.settings.sessionStoragePath;
      const written = z.looseObject({ schema: z.literal(1) }).parse(JSON.parse(await readFile(data, "utf8")));
      const asData = await loadSessionReport(sessions, session, true, signal);
      assert.deepEqual({ schema: 1, ...JSON.parse(JSON.stringify(asData)) }, written);
      await rm(data);
      assert.deepEqual(await loadSessionReport(sessions, session, true, signal), asData);
    });
  }

  it("is not believed where it was changed, is damaged, or is a link", async () => {
    const config = await configWith(null);
    const { session, data } = await research(config);
    const sessions = config.settings.sessionStoragePath;
    const text = await readFile(data, "utf8");
    const sound = await loadSessionReport(sessions, session, true, signal);
    const forged = text.replaceAll("crashed", "flying");
    assert.notEqual(forged, text);
    for (const put of [
      () => writeFile(data, forged),
      () => writeFile(data, text.slice(0, 400)),
      () => writeFile(data, ""),
      async () => {
        await writeFile(path.join(folder.path, "elsewhere.json"), text);
        await rm(data);
        await symlink(path.join(folder.path, "elsewhere.json"), data);
      },
    ]) {
      await put();
      assert.deepEqual(await loadSessionReport(sessions, session, true, signal), sound);
    }
  });

  it("comes back when the session is resumed, and a refresh goes on from it", async () => {
    const config = await configWith(null);
    const { session, report, data } = await research(config);
    const text = await readFile(data, "utf8");
    await rm(data);
    assert.equal((await resumeResearch(config, session, callbacks)).status, "done");
    assert.equal(await readFile(data, "utf8"), text);
    const source = path.join(folder.path, "docs/retries.md");
    await writeFile(
      source,
      (await readFile(source, "utf8")).replace("A crashed run continues", "A crashed run always continues"),
    );
    const refreshed = await startRefresh(config, path.join(folder.path, report), callbacks);
    assert.equal(refreshed.refresh?.draft !== null, true);
    const draft = path.join(config.settings.sessionStoragePath, refreshed.session, "report.json");
    assert.match(await readFile(draft, "utf8"), /always continues/);
  });
});
