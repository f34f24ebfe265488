// Asks the web in the packaged extension, as a person does, and checks which sentences can be checked, and what is sent where:
// without a key and with one, with the editor's GitHub account, and through the editor's proxy. Pictures: out/web-sources/.
//   node test/e2e/web-sources.mjs [VSIX [WINDOWS]]     WINDOWS is a pattern: "no key", "key", "proxy"
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import built from "../../out/fakes/web-sources-server.js";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const { GITHUB_TOKEN, QUESTION, startWebSources } = built;
const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));
const chosen = new RegExp(process.argv[3] ?? "");
const KEY = "fake-key-for-web-sources";
const OPEN_SERVICES = "Open services: GitHub, Stack Exchange, Wikipedia, MDN";
const OFFER = "GitHub answers only 60 requests an hour";
const CONSENT = "Which search service may receive your questions?";

/**
 * One window each.
 * @type {Record<string, { settings?: (sources: Sources) => object, env?: (sources: Sources) => Record<string, string>,
 *   run: (at: Window) => Promise<void> }>}
 * @typedef {Awaited<ReturnType<typeof startWebSources>>} Sources
 * @typedef {{ page: import("playwright-core").Page, folder: string, data: string, sources: Sources,
 *   shot: (name: string) => Promise<string>, reopen: () => Promise<void> }} Window
 */
const WINDOWS = {
  "no key: open services and a site are quoted and checked, and GitHub's account is used once it is allowed":
    {
      run: async ({ page, folder, data, sources, shot }) => {
        const { services, web, gemini } = sources;
        await ask(page, "The Web", async () => {
          await ui.pick(page, OPEN_SERVICES, { title: CONSENT });
        });
        await ui.readFinishedReport(page, /six years/);
        await shot("no-key");
        const { report } = newestReport(folder);
        assert.equal(report.engine, "offline");
        assertChecked(report, 1);
        const hosts = new Set(report.sources.map(({ place }) => new URL(place.url).host));
        assert.deepEqual([...hosts].sort(), ["en.wikipedia.org", "github.com", "stackoverflow.com"]);

        // GitHub's limit is low by now: its account is offered, and taken after the editor asked.
        assert.ok(services.calls.every(({ headers }) => headers.authorization === undefined));
        await ui.answerNotification(page, OFFER, "Sign In to GitHub");
        const dialog = page.locator(".monaco-dialog-box", { hasText: "wants to sign in using GitHub" });
        await dialog.waitFor();
        await shot("sign-in");
        await dialog.getByRole("button", { name: "Allow" }).click();
        await ui.waitForNotification(page, "GitHub requests now use your account");
        await ui.clearNotifications(page);
        await assertVerified(page);
        services.calls.length = 0;
        // Who gets the question is asked once: this time nothing is picked.
        await ask(page, "The Web");
        await waitForReports(folder, 2);
        const { session } = newestReport(folder);
        assert.ok(services.callsTo("api.github.com").length > 0);
        for (const { host, headers, path: asked, query, body } of services.calls) {
          const isGithub = host === "api.github.com";
          assert.equal(headers.authorization, isGithub ? `Bearer ${GITHUB_TOKEN}` : undefined, host);
          const rest = { ...headers, authorization: "" };
          assert.doesNotMatch(JSON.stringify([asked, `${query}`, body, rest]), new RegExp(GITHUB_TOKEN));
        }

        await ask(page, "Documentation Site…", () =>
          ui.answerInputBox(page, `${web.address}/docs/`, { title: "Documentation Site" }),
        );
        await waitForReports(folder, 3);
        const site = newestReport(folder);
        assert.notEqual(site.session, session);
        assertChecked(site.report, 1);
        assert.deepEqual(
          site.report.sources.map(({ place }) => place.url),
          [`${web.address}/docs/herds/`],
        );
        assert.equal(gemini.requests.length, 0);
        assert.ok(web.headers.every((headers) => headers.authorization === undefined));
        assertNowhere(GITHUB_TOKEN, [folder, data]);
      },
    },

  "key: nine of ten cited sentences are checked, and a declined account is not offered again": {
    env: ({ gemini }) => ({ GEMINI_BASE_URL: gemini.address }),
    run: async ({ page, folder, sources, shot, reopen }) => {
      const { gemini, services } = sources;
      await setKey(page);
      await ask(page, "The Web", () => ui.pick(page, OPEN_SERVICES, { title: CONSENT }));
      await ui.readFinishedReport(page, /Gemini[^]*six years/);
      const offer = await ui.waitForNotification(page, OFFER);
      await shot("key");
      await offer.hover();
      await offer.locator(".codicon-notifications-clear").click();
      await offer.waitFor({ state: "detached" });
      const { report } = newestReport(folder);
      assert.equal(report.engine, "gemini");
      assertChecked(report, 0.9);
      assert.ok(report.sources.every(({ place }) => place.kind === "page"));
      assert.deepEqual(
        gemini.requests.filter(({ role }) => role === "search"),
        [],
        "Google Search is not asked",
      );
      assert.ok(services.calls.every(({ headers }) => !JSON.stringify(headers).includes(KEY)));
      await assertVerified(page);

      for (const count of [2, 3]) {
        await reopen();
        await ask(page, "The Web");
        await waitForReports(folder, count);
        await wait(2_000);
        assert.equal(await page.getByText(OFFER).count(), 0);
      }
      assert.ok(services.calls.every(({ headers }) => headers.authorization === undefined));
    },
  },

  "proxy: the editor's http.proxy is used for pages and the model": {
    settings: ({ proxy }) => ({ "http.proxy": proxy.address }),
    env: () => ({ GEMINI_BASE_URL: "http://models.test" }),
    run: async ({ page, folder, sources }) => {
      const { gemini, proxy, web } = sources;
      await setKey(page);
      await askSite(page, "http://docs.test/docs/");
      await ui.readFinishedReport(page, /Gemini[^]*six years/);
      const { report } = newestReport(folder);
      assertChecked(report, 0.9);
      assert.ok(proxy.asked.includes("GET http://docs.test/docs/herds/"), proxy.asked.join("\n"));
      assert.ok(gemini.requests.length > 0 && web.asked.includes("/docs/herds/"));
      assert.equal(
        proxy.asked.filter((each) => each.startsWith("POST http://models.test/")).length,
        gemini.requests.filter(({ role }) => role !== "models").length,
        "nothing reaches the model beside the proxy",
      );
      // A private address is not sent to the proxy, and the window says why nothing was read.
      await askSite(page, "http://127.0.0.1/docs/");
      await ui.readPreview(page, /A site that you named was not read: 127\.0\.0\.1 is in a private network/);
      assert.ok(proxy.asked.every((each) => !each.includes("127.0.0.1")));
    },
  },
};

/** Asks the question quickly. @param next answers what is asked after it */
async function ask(page, source, next) {
  await ui.runCommand(page, "View: Close All Editors");
  await ui.runCommand(page, "Deep Research: Research…");
  await ui.askQuestion(page, QUESTION, { depth: "Quick", sources: source });
  await next?.();
}

async function askSite(page, address) {
  await ask(page, "Documentation Site…", () =>
    ui.answerInputBox(page, address, { title: "Deep Research: Documentation Site" }),
  );
}

async function setKey(page) {
  await ui.runCommand(page, "Deep Research: Set API Key");
  await ui.answerInputBox(page, KEY, { title: "Set API Key" });
  await ui.waitForNotification(page, "The Gemini key works");
  await ui.clearNotifications(page);
}

/** The sessions of a folder that have a report, oldest first. */
function sessionsWithReport(folder) {
  const sessions = path.join(folder, "data/sessions");
  const names = fs.existsSync(sessions) ? fs.readdirSync(sessions).sort() : [];
  return names
    .map((name) => path.join(sessions, name))
    .filter((each) => fs.existsSync(path.join(each, "report.json")));
}

function newestReport(folder) {
  const session = sessionsWithReport(folder).at(-1);
  assert.ok(session !== undefined, "there is no report.json");
  const { report } = JSON.parse(fs.readFileSync(path.join(session, "report.json"), "utf8"));
  return { session, report };
}

async function waitForReports(folder, count) {
  const until = performance.now() + 60_000;
  while (sessionsWithReport(folder).length < count) {
    assert.ok(performance.now() < until, `there are not ${count} reports`);
    await wait(200);
  }
}

/** @param {number} share of the cited sentences that must have a verdict from snapshots, at least */
function assertChecked(report, share) {
  const sections = report.sections.flatMap(({ paragraphs, table }) => [
    ...paragraphs.flat(),
    ...(table?.rows ?? []),
  ]);
  const cited = [...report.summary, ...sections].filter(({ evidence }) => evidence.length > 0);
  const checked = cited.filter(({ verdict }) => verdict === "supported" || verdict === "qualified");
  console.log(`  ${checked.length} of ${cited.length} cited sentences are checked`);
  assert.ok(cited.length > 0 && checked.length / cited.length >= share);
  assert.ok(
    report.sources.every(({ sha256 }) => sha256 !== null),
    "each source has a snapshot",
  );
}

/** Verifies the report that is open. */
async function assertVerified(page) {
  await ui.runCommand(page, "Deep Research: Verify Report");
  await ui.waitForNotification(page, /citations?, all valid/);
  await ui.clearNotifications(page);
}

/** Asserts that no file below the folders holds a secret: no log, no session, no state. */
function assertNowhere(secret, folders) {
  for (const folder of folders) {
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      assert.ok(!fs.readFileSync(file).includes(secret), `${file} holds the token`);
    }
  }
}

async function open(name, { settings = () => ({}), env = () => ({}), run }) {
  const workspace = copyWorkspace();
  let sources, server, browser;
  try {
    sources = await startWebSources();
    server = await startServer({
      vsix,
      helper: path.join(root, "test/e2e/github-account"),
      settings: settings(sources),
      machineSettings: { "deepResearch.allowedPrivateHosts": [sources.web.host] },
      env: { DEEP_RESEARCH_TEST_TOKEN: GITHUB_TOKEN, ...env(sources) },
    });
    browser = await openBrowser();
    const { page, outbound } = browser;
    const shot = ui.screenshots(page, path.join(root, "out/web-sources", name.replace(/:.*/, "")));
    const reopen = () => ui.openWorkbench(page, server.address, workspace.folder);
    try {
      await reopen();
      await run({ page, folder: workspace.folder, data: server.data, sources, shot, reopen });
      assert.deepEqual(outbound, [], "nothing leaves 127.0.0.1");
      assert.deepEqual(sources.gemini.violations, []);
    } catch (error) {
      console.log(`      what was on the screen: ${path.relative(root, await shot("failed"))}`);
      throw error;
    }
  } finally {
    await browser?.close();
    server?.stop();
    await sources?.close();
    workspace.remove();
  }
}

async function main() {
  let failed = 0;
  const windows = Object.entries(WINDOWS).filter(([name]) => chosen.test(name));
  for (const [name, window] of windows) {
    const began = performance.now();
    try {
      await open(name, window);
      console.log(`  ✔ ${name} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      failed++;
      console.log(`  ✘ ${name}\n${error.stack}`);
    }
  }
  console.log(`\n${windows.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
