import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { EngineConfig } from "../../src/app/types.js";
import { loadSessionReport } from "../../src/app/load-session-report.js";
import { resumeResearch, startResearch } from "../../src/app/run-session.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { SETTINGS } from "../../src/config/settings-schema.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { article, startFakeWeb, type FakeWeb } from "../fakes/searxng.js";
import { startFakeServices, type FakeServices } from "../fakes/services/services.js";
import { FAKE_KEYS, fakeBrave, fakeTavily, type FoundPage } from "../fakes/services/web-searches.js";

/* What a search lets us keep of its results is all that is on disk after a run. */

const FILLER =
  "The field station keeps its instruments in a wooden hut beside the moraine, and the rangers walk there each week. " +
  "Weather on the ridge changes within the hour, so each visit is planned, and the notebooks are copied at night.";
const FACTS = [
  "A glacier mouse keeps moving for about six years, by a few centimetres a day.",
  "A glacier mouse is a ball of moss that lives on the ice, and it keeps its shape while moving.",
  "How long a glacier mouse keeps moving was measured with coloured beads in Alaska in 2009.",
];

describe("what a search lets us keep", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let web: FakeWeb;
  let services: FakeServices;
  let found: FoundPage[];

  beforeEach(async () => {
    folder = await aFolder();
    web = await startFakeWeb(
      Object.fromEntries(
        FACTS.map((fact, n) => [
          `/mouse-${n}`,
          { title: `Mouse ${n}`, body: article(`Own title ${n}`, [fact, FILLER, `${fact} ${n}`, FILLER]) },
        ]),
      ),
    );
    found = [...FACTS.keys()].reverse().map((n) => ({
      url: `${web.address}/mouse-${n}`,
      title: `Provider title ${n}`,
      excerpt: `Provider excerpt ${n}`,
    }));
    found.push({ url: "https://unread.example/never", title: "Provider title 9" });
    services = await startFakeServices({
      "api.search.brave.com": fakeBrave(() => found),
      "api.tavily.com": fakeTavily(() => found),
    });
  });
  afterEach(async () => {
    await Promise.all([web.close(), services.close()]);
    await folder.remove();
  });

  const config = async (search: string): Promise<EngineConfig> => ({
    workspace: folder.path,
    settings: await loadSettings(folder.path, [
      {
        name: (setting) => SETTINGS[setting].env,
        values: { webSearches: search, allowedPrivateHosts: web.host, logFile: "" },
        workspace: false,
      },
    ]),
    key: null,
    baseUrl: null,
    serviceKeys: { brave: FAKE_KEYS.brave },
  });
  const watch = { listen: () => undefined, signal: new AbortController().signal };
  const run = async (search: string) =>
    startResearch(
      await config(search),
      {
        question: "How long does a glacier mouse keep moving?",
        depth: "quick",
        maxSources: 3,
        scope: ["web"],
        pages: [],
      },
      watch,
    );
  /** All that is in the folder, as one text. */
  const written = async (): Promise<string> => {
    const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1")),
    );
    return texts.join("\n");
  };

  it("is the addresses of what was read, and no title, excerpt or rank, where its terms say so", async () => {
    const result = await run("brave");
    assert.equal(result.status, "done");
    const disk = await written();
    assert.doesNotMatch(disk, /Provider (?:title|excerpt)|unread\.example/);
    for (const { url } of found.slice(0, 3)) assert.ok(disk.includes(url), url);
    assert.match(disk, /Own title 0/);
    const journal = disk
      .split("\n")
      .find((line) => line.startsWith('{"type":"outcome"') && line.includes('"kind":"search"'));
    const places = [...(journal ?? "").matchAll(/mouse-\d/g)].map(([name]) => name);
    assert.deepEqual(
      [...new Set(places)],
      ["mouse-0", "mouse-1", "mouse-2"],
      "sorted, not as they were ranked",
    );
    assert.ok(!disk.includes(FAKE_KEYS.brave));
  });

  it("is everything where it may be kept", async () => {
    await run("tavily");
    assert.match(await written(), /Provider title 0/);
  });

  it("gives the same report again, resumed and replayed, without another search", async () => {
    const { session, report } = await run("brave");
    assert.ok(report !== null);
    const file = path.join(folder.path, report);
    const before = await readFile(file, "utf8");
    const asked = services.calls.length;
    found = [];
    const again = await resumeResearch(await config("brave"), session, watch);
    assert.equal(again.status, "done");
    assert.equal(await readFile(path.join(folder.path, again.report ?? ""), "utf8"), before);
    assert.equal(services.calls.length, asked);
    const sessions = path.join(folder.path, "data", "sessions");
    const data = await loadSessionReport(sessions, session, true, watch.signal);
    await rm(path.join(sessions, session, "report.json"));
    const replayed = await loadSessionReport(sessions, session, true, watch.signal);
    assert.deepEqual(replayed.report, data.report);
  });
});
