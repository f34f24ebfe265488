import { git } from "../../../fakes/hostile-repository.js";
import { npmManifest, npmPackage } from "../../../fakes/installed-packages.js";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import {
  checkHealth,
  type HealthCheck,
  type HealthReport,
  type HealthInput,
} from "../../../../src/app/health/check-health.js";
import { checkVersions } from "../../../../src/app/health/environment.js";
import { ENGLISH_LOCALIZER } from "../../../../src/common/messages.js";
import { SCHEMA } from "../../../../src/storage/sessions/journal-schema.js";
import { readEnvironmentSettings, parseYamlSettings } from "../../../../src/config/load-settings.js";
import { ResearchError } from "../../../../src/common/errors.js";
import { renderHealthPage } from "../../../../src/vscode/health/health-page.js";
import { writeWebSearchDecision } from "../../../../src/common/user-state.js";
import {
  fakeGithub,
  fakeMdn,
  fakeStackExchange,
  fakeWikipedia,
} from "../../../fakes/services/open-services.js";
import { startFakeServices, type FakeServices } from "../../../fakes/services/services.js";
import { fakeTavily, type FoundPage } from "../../../fakes/services/web-searches.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../../../fakes/gemini.js";
import { aLockOwner } from "../../../fakes/lock-owner.js";
import { aSession } from "../../../fakes/sessions.js";

const KEY = "fake-key-for-tests";
/** A minute for each test, however long others took before it. */
let signal: AbortSignal;
const situation = (over: Partial<HealthInput> = {}): HealthInput => ({
  version: "0.1.0",
  editor: null,
  workspace: null,
  trusted: true,
  places: [],
  problems: [],
  key: { value: null, from: "environment" },
  baseUrl: null,
  serviceKeys: {},
  ...over,
});
const named = ({ checks }: HealthReport, name: string): HealthCheck[] =>
  checks.filter((check) => check.name === name);
const one = (health: HealthReport, name: string): HealthCheck => {
  const [found, ...others] = named(health, name);
  assert.ok(found !== undefined && others.length === 0, `one check of ${name}`);
  return found;
};

describe("health", () => {
  let folder: { path: string; remove: () => Promise<void> };
  let fake: FakeGemini;
  before(async () => {
    fake = await startFakeGemini();
  });
  after(() => fake.close());
  beforeEach(async () => {
    signal = AbortSignal.timeout(60_000);
    folder = await aFolder({ "docs/a.md": "# A\n\nText.\n" });
  });
  afterEach(() => folder.remove());
  const withKey = (over: Partial<HealthInput> = {}): HealthInput =>
    situation({ workspace: folder.path, key: { value: KEY, from: ".env" }, baseUrl: fake.address, ...over });

  it("is well in a sound folder without a key, asks nobody, and writes nothing", async () => {
    const asked = fake.requests.length;
    const health = await checkHealth(situation({ workspace: folder.path, baseUrl: fake.address }), signal);
    assert.deepEqual(
      health.checks.filter(({ state }) => state !== "ok"),
      [],
    );
    assert.deepEqual(
      health.checks.map(({ name }) => name),
      [
        "node",
        "environment",
        "settings",
        "features",
        "workspace",
        "engine",
        "connection",
        "git",
        "sessions folder",
        "reports folder",
        "cache folder",
        "disk space",
        "sessions",
        "index",
        "packages",
      ],
    );
    assert.match(one(health, "engine").remedy, /GEMINI_API_KEY/);
    assert.equal(fake.requests.length, asked);
    assert.deepEqual(await readdir(folder.path), ["docs"]);
  });

  it("says whether packages and the history can be searched", async () => {
    const files = { ...npmManifest({ mud: "1.2.3" }), ...npmPackage("mud", "1.2.3") };
    const own = await aFolder(files);
    git(own.path, "init", "-q");
    const empty = await checkHealth(situation({ workspace: own.path }), signal);
    assert.match(one(empty, "packages").detail, /^1 packages/);
    assert.deepEqual([one(empty, "history").state, empty.ok], ["warning", true]);
    git(own.path, "add", "-A");
    git(own.path, "commit", "-qm", "a");
    const health = await checkHealth(situation({ workspace: own.path }), signal);
    assert.equal(one(health, "history").detail, "The history can be searched.");
    const distrusted = await checkHealth(situation({ workspace: own.path, trusted: false }), signal);
    assert.ok(distrusted.checks.every(({ name }) => name !== "packages" && name !== "history"));
    await own.remove();
  });

  it("tries the key with one free request, says where it is from, and never shows it", async () => {
    const asked = fake.requests.length;
    const health = await checkHealth(withKey(), signal);
    assert.equal(health.ok, true);
    assert.match(one(health, "engine").detail, /the key works.*\.env/);
    assert.match(one(health, "connection").detail, /^127\.0\.0\.1:\d+ answers in \d+ ms/);
    assert.match(one(health, "quota").detail, /^0 calls/);
    assert.match(one(health, "models").detail, /gemini-3\.8-flash/);
    assert.deepEqual(
      fake.requests.slice(asked).map(({ role }) => role),
      ["models"],
    );
    assert.equal(JSON.stringify(health).includes(KEY), false);
  });

  it("tells a bad key from a bad connection", async () => {
    const bad = await checkHealth(
      withKey({ key: { value: "bad-key-for-tests", from: "environment" } }),
      signal,
    );
    assert.deepEqual(
      [bad.ok, one(bad, "engine").state, one(bad, "connection").state],
      [false, "failed", "ok"],
    );
    assert.match(one(bad, "engine").remedy, /GEMINI_API_KEY/);
    const odd = await checkHealth(withKey({ key: { value: "two words", from: "environment" } }), signal);
    assert.equal(one(odd, "engine").state, "failed");
    const away = await checkHealth(withKey({ baseUrl: "https://nowhere.invalid" }), signal);
    assert.deepEqual([one(away, "engine").state, one(away, "connection").state], ["warning", "failed"]);
    assert.match(one(away, "connection").detail, /nowhere\.invalid.*DNS/);
  });

  it("tells apart a port where nobody listens and a connection that breaks off", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const broken = await checkHealth(withKey({ baseUrl }), signal);
    assert.match(one(broken, "connection").detail, /closed the connection/);
    await new Promise((resolve) => server.close(resolve));
    const closed = await checkHealth(withKey({ baseUrl }), signal);
    assert.match(one(closed, "connection").detail, /refuses connections/);
    const tls = await checkHealth(withKey({ baseUrl: fake.address.replace("http:", "https:") }), signal);
    assert.equal(one(tls, "connection").state, "failed");
  });

  it("does not wait for ever", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const health = await checkHealth(withKey({ baseUrl }), AbortSignal.timeout(1500));
      assert.match(one(health, "connection").detail, /did not answer in time/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("says that the day is used up, by the answer or by the journals", async () => {
    const used = await checkHealth(
      withKey({ key: { value: "quota-key-for-tests", from: "environment" } }),
      signal,
    );
    assert.deepEqual([one(used, "engine").state, one(used, "quota").state], ["ok", "failed"]);
    assert.match(one(used, "quota").remedy, /UTC.*rate-limits/);
    const { folder: session } = await aSession(path.join(folder.path, "data/sessions"), { at: new Date() });
    const failure = {
      type: "failure",
      key: "k",
      kind: "model",
      task: { type: "plan", withAnswers: false },
      at: new Date().toISOString(),
      code: "day-quota",
      error: "Used up.",
    };
    await writeFile(path.join(session, "journal.jsonl"), `${JSON.stringify(failure)}\n`, { flag: "a" });
    assert.equal(one(await checkHealth(withKey(), signal), "quota").state, "warning");
  });

  it("names models that are gone, and who is asked instead", async () => {
    const others = ["gemini-3.6-flash", "gemini-3.5-flash-lite"].map((name) => ({ name: `models/${name}` }));
    fake.script("models", () => ({ json: { models: others } }));
    const some = one(await checkHealth(withKey(), signal), "models");
    assert.equal(some.state, "warning");
    assert.match(
      some.detail,
      /cannot use gemini-3\.8-flash; gemini-3\.6-flash, gemini-3\.5-flash-lite is used/,
    );
    fake.script("models", () => ({ json: { models: [{ name: "models/gemini-9" }] } }));
    assert.equal(one(await checkHealth(withKey(), signal), "models").state, "failed");
    fake.script("models", () => "default");
  });

  it("names each wrong setting with its place, and goes on with the others", async () => {
    const yaml = parseYamlSettings(
      "depth: huge\nsessionStoragePath: ../out\nreportOutputPath: ./answers\nsearxngUrl: http://x\n",
    );
    const health = await checkHealth(
      situation({
        workspace: folder.path,
        places: [readEnvironmentSettings({ MAX_RESEARCH_SOURCES: "-1" }), yaml],
        problems: [new ResearchError("bad-settings", "GEMINI_BASE_URL in .env is refused.", "Remove it.")],
      }),
      signal,
    );
    assert.equal(health.ok, false);
    const said = named(health, "settings").map(({ detail, remedy }) => `${detail} ${remedy}`);
    assert.equal(said.length, 5);
    assert.deepEqual(
      new Set(named(health, "settings").map(({ helps }) => helps)),
      new Set(["settings", "settings-file"]),
    );
    for (const place of [
      /GEMINI_BASE_URL in \.env.*Remove it/,
      /depth in deep-research\.yaml:\d+ is "huge"; allowed: quick/,
      /MAX_RESEARCH_SOURCES is "-1"/,
      /sessionStoragePath in deep-research\.yaml:\d+.*leads out of the workspace/,
      /searxngUrl in deep-research\.yaml:\d+ cannot be set by a workspace/,
    ]) {
      assert.ok(
        said.some((line) => place.test(line)),
        String(place),
      );
    }
    assert.match(one(health, "reports folder").detail, /answers/);
    assert.match(
      one(health, "sessions folder").detail,
      /data\/sessions/,
      "the default instead of what is wrong",
    );
  });

  it("says what is set, and where", async () => {
    const places = [
      readEnvironmentSettings({ RESEARCH_DEPTH: "quick" }),
      parseYamlSettings("depth: deep\nmaxSources: 3\n"),
    ];
    const { detail } = one(
      await checkHealth(situation({ workspace: folder.path, places }), signal),
      "settings",
    );
    assert.match(detail, /^Changed: RESEARCH_DEPTH, maxSources in deep-research\.yaml:\d+\./);
  });

  it("finds a folder that cannot be written to, and a file where a folder is needed", async function () {
    await writeFile(path.join(folder.path, "data"), "a file");
    const file = await checkHealth(situation({ workspace: folder.path }), signal);
    assert.match(one(file, "sessions folder").detail, /data is a file/);
    if (process.getuid?.() === 0) this.skip();
    const closed = path.join(folder.path, "closed");
    await mkdir(closed);
    await chmod(closed, 0o500);
    const places = [readEnvironmentSettings({ REPORT_OUTPUT_PATH: "./closed/reports" })];
    const health = await checkHealth(situation({ workspace: folder.path, places }), signal);
    assert.deepEqual([one(health, "reports folder").state, health.ok], ["failed", false]);
    await chmod(closed, 0o700);
  });

  it("finds sessions that are damaged, of a newer version, or left behind by a run that is gone", async () => {
    const sessions = path.join(folder.path, "data/sessions");
    const { folder: newer } = await aSession(sessions, { question: "New?" });
    await writeFile(
      path.join(newer, "journal.jsonl"),
      `{"schema":${SCHEMA + 1},"id":"x","question":"New?","started":"2026-11-22T10:15:00Z"}\n`,
    );
    const { folder: left } = await aSession(sessions, { question: "Left?", status: "interrupted" });
    await writeFile(path.join(left, "lock"), JSON.stringify({ ...(await aLockOwner()), pid: 2 ** 22 + 1 }));
    const { folder: damaged } = await aSession(sessions, { question: "Damaged?" });
    await writeFile(path.join(damaged, "journal.jsonl"), "???\n");
    const health = await checkHealth(situation({ workspace: folder.path }), signal);
    const said = named(health, "sessions").map(({ state, detail }) => `${state} ${detail}`);
    assert.equal(said.length, 3);
    assert.match(said[0] ?? "", /^warning 1 cannot be read: .*damaged/);
    assert.match(said[1] ?? "", /^warning 1 were written by a newer Deep Research: .*new/);
    assert.match(said[2] ?? "", /^warning 1 were interrupted.*left/);
    assert.equal(health.ok, true, "a warning is no failure");
  });

  it("finds a key that git shares, or would share", async () => {
    const git = (...args: string[]): void =>
      void execFileSync("git", ["-C", folder.path, ...args], { stdio: "ignore" });
    const state = async (): Promise<string> =>
      one(await checkHealth(situation({ workspace: folder.path }), signal), "git").state;
    await writeFile(path.join(folder.path, ".env"), `GEMINI_API_KEY=${KEY}\n`);
    assert.equal(await state(), "ok", "without git nobody shares it");
    git("init", "-q");
    assert.equal(await state(), "warning");
    git("add", ".env");
    assert.equal(await state(), "failed");
    git("rm", "-q", "--cached", ".env");
    await writeFile(path.join(folder.path, ".gitignore"), ".env\n");
    assert.equal(await state(), "ok");
    await writeFile(path.join(folder.path, ".gitignore"), "");
    await writeFile(path.join(folder.path, ".env"), "OTHER=1\n");
    assert.equal(await state(), "ok");
  });

  it("does with no folder, and looks at no file of one that is not trusted", async () => {
    const editor = { name: "VS Code", version: "1.104.0", remote: "ssh-remote" };
    const none = await checkHealth(situation({ editor }), signal);
    assert.equal(none.ok, true);
    assert.equal(one(none, "workspace").helps, "open-folder");
    assert.match(one(none, "node").detail, /VS Code 1\.104\.0.*“ssh-remote”/);
    assert.equal(named(none, "sessions folder").length, 0);
    await writeFile(path.join(folder.path, ".env"), `GEMINI_API_KEY=${KEY}\n`);
    const untrusted = await checkHealth(
      situation({ editor, workspace: folder.path, trusted: false }),
      signal,
    );
    assert.deepEqual([one(untrusted, "trust").state, one(untrusted, "trust").helps], ["warning", "trust"]);
    assert.equal(named(untrusted, "git").length, 0, "git is not run there");
    assert.match(one(untrusted, "workspace").detail, /not read/);
  });

  it("says which Node is too old", () => {
    const on = { situation: situation(), l10n: ENGLISH_LOCALIZER, signal };
    assert.equal(checkVersions(on, "20.16.0").state, "failed");
    assert.equal(checkVersions(on, "20.17.0").state, "ok");
    assert.equal(checkVersions(on, "24.0.1").state, "ok");
  });

  describe("of searches of the web", () => {
    const state = process.env["DEEP_RESEARCH_STATE"];
    let services: FakeServices;
    let own: { path: string; remove: () => Promise<void> };
    beforeEach(async () => {
      const found = (): FoundPage[] => [{ url: "https://a.example/mud", title: "Mud" }];
      services = await startFakeServices({
        "api.tavily.com": fakeTavily(found),
        "api.github.com": fakeGithub(found),
        "api.stackexchange.com": fakeStackExchange(found),
        "en.wikipedia.org": fakeWikipedia(found),
        "developer.mozilla.org": fakeMdn(() => [{ url: "/en-US/docs/mud", title: "Mud" }]),
      });
      own = await aFolder();
      process.env["DEEP_RESEARCH_STATE"] = own.path;
    });
    afterEach(async () => {
      if (state === undefined) Reflect.deleteProperty(process.env, "DEEP_RESEARCH_STATE");
      else process.env["DEEP_RESEARCH_STATE"] = state;
      await Promise.all([services.close(), own.remove()]);
    });
    const searches = async (names: string, over: Partial<HealthInput>): Promise<string[]> => {
      const places = [readEnvironmentSettings({ WEB_SEARCHES: names })];
      const health = await checkHealth(withKey({ places, ...over }), signal);
      return named(health, "web search").map(({ state: how, detail }) => `${how}: ${detail}`);
    };

    it("names each that is on, with its result", async () => {
      services.faults.set("en.wikipedia.org", [{ status: 403 }]);
      const names = "github,stackexchange,wikipedia,mdn,tavily,brave,exa,google";
      assert.deepEqual(await searches(names, { serviceKeys: { exa: "an-exa-key" } }), [
        "ok: GitHub answers, with one page for “test”.",
        "ok: Stack Exchange answers, with one page for “test”.",
        "failed: Wikipedia refuses the request (HTTP 403).",
        "ok: MDN answers, with one page for “test”.",
        "ok: Tavily answers, with one page for “test”.",
        "ok: Exa has a key. It was not tested because searches may be billed.",
        "ok: Google Search through Gemini: the key works. No search was made, because each counts against the quota of the key.",
        "warning: Brave Search is selected but has no key.",
      ]);
    });

    it("judges Google Search by its key and the way to it, and makes no search", async () => {
      const wrong = await searches("google", { key: { value: "bad-key-for-tests", from: "environment" } });
      assert.match(wrong.join(), /^failed: Google Search through Gemini may not answer: .*key/);
      const dead = await searches("google", { baseUrl: "http://127.0.0.1:9" });
      assert.match(
        dead.join(),
        /^failed: Google Search through Gemini may not answer: .*refuses connections/,
      );
      const none = await searches("google", { key: { value: null, from: "environment" } });
      assert.deepEqual(none, ["warning: Google Search through Gemini is selected but has no key."]);
      assert.deepEqual(await searches("none", {}), []);
      assert.deepEqual(
        fake.requests.filter(({ role }) => role === "search"),
        [],
      );
    });

    it("names those that the user chose when asked once", async () => {
      await writeWebSearchDecision(["mdn"]);
      assert.deepEqual(await searches("", {}), ["ok: MDN answers, with one page for “test”."]);
    });
  });

  it("is a page that shows what to do first, and every text to the letter", () => {
    const check = (over: Partial<HealthCheck>): HealthCheck => ({
      name: "engine",
      title: "Key",
      state: "ok",
      detail: "d",
      remedy: "",
      ...over,
    });
    const page = renderHealthPage(
      {
        ok: false,
        settings: [{ name: "depth", value: '"quick"', from: "deepResearch.depth" }],
        features: [{ name: "cache", title: "Cache", on: false }],
        checks: [
          check({ title: "Fine", detail: "a | b" }),
          check({
            title: "Odd",
            state: "warning",
            detail: "[x](command:evil) <b> `c`",
            remedy: "See https://a.example/b-c.",
          }),
          check({ title: "Bad", state: "failed", detail: "two\nlines", remedy: "Mend it." }),
        ],
      },
      ENGLISH_LOCALIZER,
      "docs_x",
    );
    assert.ok(page.indexOf("Bad") < page.indexOf("Odd"), "what failed stands first");
    assert.match(page, /\*\*Failed: 1\. Warnings: 1\.\*\*/);
    assert.match(page, /→ Mend it\./);
    assert.match(page, /\\\[x\\\]\(command:evil\) \\<b\\> \\`c\\`/);
    assert.match(page, /See <https:\/\/a\.example\/b-c>\./);
    assert.match(page, /\| ✓\u00a0ok \| Fine \| a \\\| b \|/);
    assert.match(page, /docs\\_x/);
    assert.match(page, /two lines/);
  });
});
