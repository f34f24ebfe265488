import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { cp } from "node:fs/promises";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { startFollowUp } from "../../src/app/start-follow-up.js";
import { startResearch } from "../../src/app/run-session.js";
import { loadStatistics } from "../../src/app/statistics.js";
import type { EngineConfig } from "../../src/app/types.js";
import { ResearchError } from "../../src/common/errors.js";
import { FEATURE_NAMES, type FeatureName, type FeatureToggles } from "../../src/config/features.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { SETTINGS } from "../../src/config/settings-schema.js";
import type { ResearchEvent } from "../../src/core/domain/events.js";
import type { ResearchRequest } from "../../src/core/domain/research-request.js";
import { SEARCH_PROVIDERS } from "../../src/search/providers.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { startFakeCollector } from "../fakes/collector.js";
import { runProgram } from "../fakes/run-program.js";
import { startFakeProxy } from "../fakes/proxy.js";
import { startFakeServices, type FakeServices } from "../fakes/services/services.js";
import {
  fakeGithub,
  fakeMdn,
  fakeReadTheDocs,
  fakeStackExchange,
  fakeWayback,
  fakeWikipedia,
} from "../fakes/services/open-services.js";
import {
  FAKE_KEYS,
  fakeBrave,
  fakeExa,
  fakeSerper,
  fakeTavily,
  type FoundPage,
} from "../fakes/services/web-searches.js";
import { article, startFakeWeb, type FakeWeb } from "../fakes/searxng.js";

/* A feature that is off is not called. Each feature has a case here that counts what is called of it. */

const QUESTION = "How does a crashed run continue?";

describe("a feature", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let gemini: FakeGemini;
  let web: FakeWeb;
  let services: FakeServices;
  const events: ResearchEvent[] = [];
  beforeEach(async () => {
    events.length = 0;
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    gemini = await startFakeGemini();
    const found = (): FoundPage[] => [{ url: `${web.address}/run`, title: "Runs" }];
    services = await startFakeServices({
      "api.tavily.com": fakeTavily(found),
      "api.search.brave.com": fakeBrave(found),
      "api.exa.ai": fakeExa(found),
      "google.serper.dev": fakeSerper(found),
      "api.github.com": fakeGithub(found),
      "api.stackexchange.com": fakeStackExchange(found),
      "en.wikipedia.org": fakeWikipedia(found),
      "developer.mozilla.org": fakeMdn(found),
      "app.readthedocs.org": fakeReadTheDocs(() => [{ url: "/hosted/run", title: "Runs" }]),
      "web.archive.org": fakeWayback({}),
    });
    web = await startFakeWeb({
      "/sitemap.xml": {
        title: "Sitemap",
        type: "application/xml",
        body: "<urlset><url><loc>/run</loc></url></urlset>",
      },
      "/hosted/": {
        title: "Home",
        body: article("Runs", ["A crashed run continues from its ledger."]).replace(
          "<head>",
          '<head><meta name="readthedocs-project-slug" content="runs" />',
        ),
      },
      "/hosted/run": { title: "Runs", body: article("Runs", ["A crashed run continues from its ledger."]) },
      "/run": { title: "Runs", body: article("Runs", ["A crashed run continues from its ledger."]) },
    });
  });
  afterEach(async () => {
    await Promise.all([gemini.close(), web.close(), services.close()]);
    await folder.remove();
  });

  const config = async (
    features: FeatureToggles,
    key: string | null = null,
    webSearches: string[] = [],
  ): Promise<EngineConfig> => ({
    workspace: folder.path,
    settings: await loadSettings(folder.path, [
      {
        name: (setting) => SETTINGS[setting].env,
        values: { searxngUrl: web.address, allowedPrivateHosts: web.host, features, webSearches },
        workspace: false,
      },
    ]),
    key,
    baseUrl: gemini.address,
    serviceKeys: FAKE_KEYS,
  });
  const watch = {
    listen: (event: ResearchEvent) => void events.push(event),
    signal: new AbortController().signal,
  };
  /** Runs a research; one that is refused because a feature is off counts as run. */
  const research = async (
    features: FeatureToggles,
    asked: Partial<ResearchRequest>,
    key: string | null = null,
    webSearches: string[] = [],
  ): Promise<string> => {
    const request = {
      question: QUESTION,
      depth: "quick" as const,
      maxSources: 4,
      scope: [],
      pages: [],
      ...asked,
    };
    try {
      const { session, status } = await startResearch(
        await config(features, key, webSearches),
        request,
        watch,
      );
      assert.ok(status === "done" || status === "partial", status);
      return session;
    } catch (error) {
      assert.ok(error instanceof ResearchError && error.code === "no-sources", String(error));
      assert.match(error.line, /is turned off/);
      return "";
    }
  };
  /** Requests to a service and searches with it, where the user named it. */
  const webSearchCalls = async (id: string, host: string, toggle: FeatureToggles): Promise<number> => {
    await research(toggle, { scope: ["web"] }, null, [id]);
    return services.callsTo(host).length + searchesBy(id);
  };
  const searchesBy = (id: string): number =>
    events.filter((event) => event.type === "searched" && event.search === id).length;
  const KEY = "an-obviously-fake-key";

  /** What each feature is counted by, with the feature on or off. */
  const CALLS: Record<FeatureName, (toggle: FeatureToggles) => Promise<number>> = {
    workspaceSearch: async (toggle) => {
      await research(toggle, { scope: ["workspace"] });
      return searchesBy("workspace");
    },
    packageSearch: async (toggle) => {
      await research(toggle, { scope: ["packages", "workspace"] });
      return searchesBy("packages");
    },
    historySearch: async (toggle) => {
      await research(toggle, { scope: ["history", "workspace"] });
      return searchesBy("history");
    },
    siteSearch: async (toggle) => {
      await research(toggle, { sites: [web.address] });
      return web.asked.filter((address) => address === "/sitemap.xml").length;
    },
    readTheDocsSearch: async (toggle) => {
      await research(toggle, { sites: [`${web.address}/hosted/`] });
      return services.callsTo("app.readthedocs.org").length;
    },
    searxngSearch: async (toggle) => {
      await research(toggle, { scope: ["web"] });
      return web.queries.length + searchesBy("searxng");
    },
    githubSearch: (toggle) => webSearchCalls("github", "api.github.com", toggle),
    stackExchangeSearch: (toggle) => webSearchCalls("stackexchange", "api.stackexchange.com", toggle),
    wikipediaSearch: (toggle) => webSearchCalls("wikipedia", "en.wikipedia.org", toggle),
    mdnSearch: (toggle) => webSearchCalls("mdn", "developer.mozilla.org", toggle),
    archiveReading: async (toggle) => {
      // Of a page on this machine no archive would hear.
      const proxy = await startFakeProxy({ "docs.test": web.host });
      const { HTTP_PROXY, NO_PROXY } = process.env;
      Object.assign(process.env, { HTTP_PROXY: proxy.address, NO_PROXY: "127.0.0.1" });
      try {
        await research(toggle, { pages: ["http://docs.test/gone"], scope: ["workspace"] });
      } finally {
        if (HTTP_PROXY === undefined) Reflect.deleteProperty(process.env, "HTTP_PROXY");
        else process.env["HTTP_PROXY"] = HTTP_PROXY;
        if (NO_PROXY === undefined) Reflect.deleteProperty(process.env, "NO_PROXY");
        else process.env["NO_PROXY"] = NO_PROXY;
        await proxy.close();
      }
      return services.callsTo("web.archive.org").length;
    },
    tavilySearch: (toggle) => webSearchCalls("tavily", "api.tavily.com", toggle),
    braveSearch: (toggle) => webSearchCalls("brave", "api.search.brave.com", toggle),
    exaSearch: (toggle) => webSearchCalls("exa", "api.exa.ai", toggle),
    serperSearch: (toggle) => webSearchCalls("serper", "google.serper.dev", toggle),
    googleSearch: async (toggle) => {
      await research(toggle, { scope: ["google"] }, KEY);
      return gemini.requests.filter(({ role }) => role === "search").length + searchesBy("google");
    },
    previousSessionSearch: async (toggle) => {
      const follows = await research({}, { scope: ["workspace"] });
      const request = {
        question: "And then?",
        depth: "quick" as const,
        maxSources: 4,
        scope: ["workspace" as const],
        pages: [],
      };
      await startFollowUp(await config(toggle), { ...request, follows }, watch);
      return searchesBy("earlier");
    },
    pageReading: async (toggle) => {
      await research(toggle, { pages: [`${web.address}/run`] });
      // What a search finds is not read, either.
      await research(toggle, { scope: ["web", "workspace"] });
      return web.asked.filter((address) => address !== "/search").length;
    },
    cache: async (toggle) => {
      await research(toggle, { scope: ["web"] }, KEY);
      const place = path.join(folder.path, "data", "cache");
      return existsSync(place) ? readdirSync(place, { recursive: true }).length : 0;
    },
    modelVerification: async (toggle) => {
      await research(toggle, { scope: ["workspace"] }, KEY);
      return gemini.requests.filter(({ role }) => role === "verify").length;
    },
    previewPlugin: (toggle) => Promise.resolve(activateEntry(toggle).previewPlugins),
    reportView: (toggle) => Promise.resolve(activateEntry(toggle).reportEditors),
    workspaceIndex: async (toggle) => {
      await research(toggle, { scope: ["workspace"] });
      const place = path.join(folder.path, "data", "cache", "index");
      return existsSync(place) ? readdirSync(place).filter((name) => name.endsWith(".db")).length : 0;
    },
    errorTracking: async (toggle) => {
      gemini.script("extract", () => ({
        json: { error: { code: 500, status: "INTERNAL", message: "x" } },
        status: 401,
      }));
      await research(toggle, { scope: ["workspace"] }, KEY);
      const place = path.join(folder.path, "data", "statistics", "errors.json");
      return existsSync(place) ? 1 : 0;
    },
    telemetryExport: async (toggle) => {
      const collector = await startFakeCollector();
      const args = [QUESTION, "--source", "workspace"];
      const [features] = Object.entries(toggle).map(([each, isOn]) => `${each}=${isOn ? "on" : "off"}`);
      await runProgram(folder.path, args, {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
        RESEARCH_FEATURES: features ?? "",
      });
      await collector.close();
      return collector.bodies.length;
    },
    statistics: async (toggle) => {
      const asked = loadStatistics(await config(toggle), [null, 7], watch.signal);
      return asked.then(
        (found) => found.length,
        (error: unknown) => {
          assert.match(String(error), /Statistics are turned off/);
          return 0;
        },
      );
    },
  };

  for (const name of FEATURE_NAMES) {
    it(`that is off is not called: ${name}`, async () => {
      const off = await CALLS[name]({ [name]: false });
      assert.equal(off, 0);
      // The same with the feature on: otherwise the case counts nothing.
      const on = await CALLS[name]({ [name]: true });
      assert.ok(on > 0, `${on} with ${name} on`);
    });
  }

  it("turns off each search provider by itself", () => {
    const features = SEARCH_PROVIDERS.map(({ feature }) => feature);
    assert.equal(new Set(features).size, features.length);
  });

  it("leaves sentences not checked, and says why, where no model verifies", async () => {
    const session = await research({ modelVerification: false }, { scope: ["workspace"] }, KEY);
    assert.notEqual(session, "");
    const ended = events.findLast((event) => event.type === "ended");
    assert.ok(ended?.type === "ended" && (ended.verdicts?.["not-checked"] ?? 0) > 0);
    assert.equal(ended.verdicts?.supported, 0);
  });

  it("that the offline engine does without a model is not turned off with the model's", async () => {
    await research({ modelVerification: false }, { scope: ["workspace"] });
    const ended = events.findLast((event) => event.type === "ended");
    assert.ok(ended?.type === "ended" && (ended.verdicts?.supported ?? 0) > 0);
  });
});

/** What VS Code's entry point loads and registers, by a stand-in for the module "vscode". */
function activateEntry(features: FeatureToggles): { previewPlugins: number; reportEditors: number } {
  let reportEditors = 0;
  const entry = path.resolve("dist/extension.js");
  const plugin = path.resolve("dist/vscode/preview/markdown-it-plugin.js");
  const load = createRequire(entry);
  const nothing = { dispose: () => undefined };
  const vscode = {
    EventEmitter: class {
      event = () => nothing;
      dispose(): void {
        // Nothing is held.
      }
    },
    Disposable: class {
      static from = () => nothing;
      dispose(): void {
        // Nothing is held.
      }
    },
    ExtensionMode: { Test: 3 },
    Uri: { joinPath: () => nothing },
    l10n: { t: (text: string) => text },
    languages: { match: () => 0 },
    window: {
      createTreeView: () => nothing,
      registerCustomEditorProvider: () => {
        reportEditors++;
        return nothing;
      },
      visibleTextEditors: [],
      onDidChangeActiveTextEditor: () => nothing,
      onDidChangeVisibleTextEditors: () => nothing,
    },
    commands: { registerCommand: () => nothing },
    workspace: {
      textDocuments: [],
      workspaceFolders: [],
      onDidOpenTextDocument: () => nothing,
      onDidSaveTextDocument: () => nothing,
      onDidChangeTextDocument: () => nothing,
      getConfiguration: () => ({ inspect: () => ({ globalValue: features }), get: () => undefined }),
    },
  };
  const modules = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const loadModule = modules._load;
  modules._load = (request, ...rest) =>
    request === "vscode" ? vscode : loadModule.call(modules, request, ...rest);
  try {
    for (const file of [entry, plugin]) Reflect.deleteProperty(load.cache, file);
    const { activate } = load(entry) as {
      activate: (context: unknown) => { extendMarkdownIt: (md: unknown) => unknown };
    };
    const context = {
      subscriptions: [],
      globalStorageUri: nothing,
      globalState: { get: () => undefined, update: () => Promise.resolve() },
      workspaceState: { get: () => undefined, update: () => Promise.resolve() },
      extensionMode: 1,
      extension: { packageJSON: { contributes: { commands: [] } } },
    };
    const md = { used: 0, use: () => md };
    activate(context).extendMarkdownIt(md);
    return { previewPlugins: load.cache[plugin] === undefined ? 0 : 1, reportEditors };
  } finally {
    modules._load = loadModule;
  }
}
