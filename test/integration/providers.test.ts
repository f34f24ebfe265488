import assert from "node:assert/strict";
import type { ModelAccess } from "../../src/core/domain/model-provider.js";
import { SearchResult } from "../../src/core/domain/ports.js";
import type { Question, Source } from "../../src/core/domain/schema.js";
import { WEB_SEARCH_NAMES } from "../../src/config/settings-schema.js";
import { TASKS } from "../../src/core/prompts/tasks.js";
import { chooseModelProvider, getModelProvider, MODEL_PROVIDERS } from "../../src/models/providers.js";
import { EMPTY_SEARCH_CONTEXT, SEARCH_PROVIDERS } from "../../src/search/providers.js";
import type { SearchContext } from "../../src/search/search-provider.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { startFakeServices, type FakeServices } from "../fakes/services/services.js";
import { fakeGithub, fakeMdn, fakeStackExchange, fakeWikipedia } from "../fakes/services/open-services.js";
import {
  FAKE_KEYS,
  fakeBrave,
  fakeExa,
  fakeSerper,
  fakeTavily,
  type FoundPage,
} from "../fakes/services/web-searches.js";
import { startFakeWeb, type FakePage, type FakeWeb } from "../fakes/searxng.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { aWorkspace } from "../fakes/workspace.js";
import { openWorkspaceIndex } from "../../src/search/workspace/workspace-index.js";
import { createPageReader } from "../../src/reading/web/page-reader.js";
import { createHistoryReader } from "../../src/reading/history/history-reader.js";
import { createPackageReader } from "../../src/reading/packages/package-reader.js";
import { git } from "../fakes/hostile-repository.js";
import { npmManifest, npmPackage } from "../fakes/installed-packages.js";
import { EMPTY_READING } from "../../src/core/domain/empty-reading.js";

/* What every provider of the two registries must do. A new one is tested here once `context` or `access` configures it. */

const QUESTION: Question = {
  id: "q0",
  question: "How do harbours dredge mud?",
  query: "harbours dredge mud",
};
const PLAN = { question: QUESTION.question, questions: 3, scope: ["the web"] };
const never = new AbortController().signal;

describe("the registry of models", () => {
  let gemini: FakeGemini;
  before(async () => (gemini = await startFakeGemini()));
  after(() => gemini.close());
  const access = (): ModelAccess => ({ key: "an-obviously-fake-key", baseUrl: gemini.address });
  const session = { session: "a session", notice: () => undefined };

  it("names each provider once, and always has one that needs nothing", () => {
    const ids = MODEL_PROVIDERS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const fallback = chooseModelProvider({ key: null, baseUrl: null });
    assert.deepEqual([fallback.id, fallback.isRemote, fallback.search], ["offline", false, null]);
  });

  it("refuses a provider that this version does not have, and says what to do", () => {
    assert.throws(
      () => getModelProvider("a-later-one"),
      /provider “a-later-one”, which this version does not have/,
    );
  });

  for (const provider of MODEL_PROVIDERS) {
    it(`opens a model that answers by the task's schema: ${provider.id}`, async () => {
      assert.equal(provider.isConfigured(access()), true);
      const { model, search } = provider.open(access(), session);
      assert.equal(model.engine, provider.id);
      assert.equal(search?.id ?? null, provider.search?.id ?? null);
      const { rates, extractCharacters } = provider.describe(new Date());
      assert.deepEqual([model.rates, model.extractCharacters], [rates, extractCharacters]);
      assert.equal(rates === null, provider.modelsByRole === null);
      const { value } = await model.answer("plan", PLAN, never);
      assert.ok(TASKS.plan.output.safeParse(value).success);
    });

    it(`stops when it is cancelled: ${provider.id}`, async () => {
      const { model } = provider.open(access(), session);
      await assert.rejects(model.answer("plan", PLAN, AbortSignal.abort()), { name: "AbortError" });
    });

    it(`sends nothing anywhere unless it is remote: ${provider.id}`, async () => {
      const asked = gemini.requests.length;
      const { model } = provider.open(access(), session);
      await model.answer("plan", PLAN, never);
      assert.equal(gemini.requests.length > asked, provider.isRemote);
    });
  }
});

describe("the registry of searches", () => {
  let web: FakeWeb;
  let gemini: FakeGemini;
  let services: FakeServices;
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let context: SearchContext;

  before(async () => {
    const pages: Record<string, FakePage> = { "/mud": { title: "Mud", body: "<p>Harbours dredge mud.</p>" } };
    web = await startFakeWeb(pages);
    const sitemap = `<urlset><url><loc>${web.address}/mud</loc></url></urlset>`;
    pages["/sitemap.xml"] = { title: "", body: sitemap, type: "application/xml", about: ["no question"] };
    gemini = await startFakeGemini();
    const found = (): FoundPage[] => [{ url: "https://a.example/mud", title: "Mud" }];
    services = await startFakeServices({
      "api.tavily.com": fakeTavily(found),
      "api.search.brave.com": fakeBrave(found),
      "api.exa.ai": fakeExa(found),
      "google.serper.dev": fakeSerper(found),
      "api.github.com": fakeGithub(found),
      "api.stackexchange.com": fakeStackExchange(found),
      "en.wikipedia.org": fakeWikipedia(found),
      "developer.mozilla.org": fakeMdn(() => [{ url: "/en-US/docs/mud", title: "Mud" }]),
    });
    folder = await aFolder({
      "mud.md": "# Mud\n\nHarbours dredge mud each spring.\n",
      ...npmManifest({ dredge: "1.0.0" }),
      ...npmPackage("dredge", "1.0.0", {
        about: "Dredge mud in harbours",
        files: { "README.md": "# Dredge\n\nHarbours dredge mud with it.\n" },
      }),
    });
    git(folder.path, "init", "-q");
    git(folder.path, "add", "mud.md");
    git(folder.path, "commit", "-qm", "Dredge mud in harbours");
    const provider = getModelProvider("gemini");
    const source = {
      ...EMPTY_READING, place: { kind: "page", url: "https://a.example/" }, title: "Mud", sha256: "a".repeat(64),
      snapshot: "a.md", readAt: "2026-11-22T10:15:00.000Z",
    }; // prettier-ignore
    const reader = aWorkspace(folder.path);
    const pageReader = createPageReader({
      allowedPrivateHosts: [web.host],
      text: ({ bytes }) =>
        Promise.resolve({ ...EMPTY_READING, title: "Mud", text: Buffer.from(bytes).toString() }),
    });
    context = {
      ...EMPTY_SEARCH_CONTEXT,
      settings: { searxngUrl: web.address, webSearches: [...WEB_SEARCH_NAMES] },
      // Tavily is asked without a key.
      keys: { brave: FAKE_KEYS.brave, exa: FAKE_KEYS.exa, serper: FAKE_KEYS.serper },
      modelSearch: provider.open(
        { key: "an-obviously-fake-key", baseUrl: gemini.address },
        { session: "a session", notice: () => undefined },
      ).search,
      previousSession: {
        sources: [source as unknown as Source],
        textOf: () => Promise.resolve("# Mud\n\nHarbours dredge mud."),
      },
      openPackages: () => createPackageReader(folder.path, reader.files),
      sites: [`${web.address}/`],
      openSite: () => ({
        fetch: (address, signal) => pageReader.fetch(address, signal),
        reader: pageReader,
      }),
      openHistory: () => createHistoryReader(folder.path),
      asked: { question: QUESTION.question, scopes: [] },
      openWorkspace: () => ({ reader, index: openWorkspaceIndex(folder.path, () => Promise.resolve(null)) }),
    };
  });
  after(async () => {
    await Promise.all([web.close(), gemini.close(), services.close(), folder.remove()]);
  });

  it("names each provider once", () => {
    const ids = SEARCH_PROVIDERS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("keeps the names that journals have", () => {
    const ids = new Set(SEARCH_PROVIDERS.map(({ id }) => id));
    for (const id of [
      "workspace",
      "packages",
      "history",
      "site",
      "searxng",
      "google",
      "earlier",
      ...WEB_SEARCH_NAMES.filter((name) => name !== "none"),
    ])
      assert.ok(ids.has(id), id);
  });

  for (const provider of SEARCH_PROVIDERS) {
    const { id, kind, usesQueryVariants, keeps } = provider;

    it(`opens nothing that is not configured, and what is configured: ${id}`, () => {
      assert.equal(provider.isConfigured(context), true);
      const isLocal = ["workspace", "packages", "history"].includes(id);
      assert.equal(provider.isConfigured(EMPTY_SEARCH_CONTEXT), isLocal);
    });

    it(`finds hits to read, or answers, as its kind says: ${id}`, async () => {
      const search = provider.open(context);
      assert.deepEqual(
        [search.id, search.kind, search.cost, search.usesQueryVariants, search.keeps],
        [id, kind, provider.costWith?.(context) ?? provider.cost, usesQueryVariants, keeps],
      );
      const { value, usage } = await search.search(QUESTION, 1, never);
      const { hits, grounded } = SearchResult.parse(value);
      assert.equal(hits.length, kind === "hits" ? 1 : 0);
      assert.equal(grounded !== null, kind === "answers");
      assert.equal(usage.in + usage.out > 0, search.cost.tokens);
      assert.equal(usage.usd, search.cost.perCall ?? usage.usd);
    });

    it(`stops when it is cancelled: ${id}`, async () => {
      const search = provider.open(context);
      await assert.rejects(search.search(QUESTION, 1, AbortSignal.abort()), { name: "AbortError" });
    });
  }
});
