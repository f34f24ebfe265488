import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { formatMessage } from "../../src/common/messages.js";
import { loadEnvironmentConfig } from "../../src/app/load-config.js";
import { startResearch } from "../../src/app/run-session.js";
import { verifyReports } from "../../src/app/verify-reports.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { fakeReadTheDocs } from "../fakes/services/open-services.js";
import { startFakeServices, type FakeServices } from "../fakes/services/services.js";
import type { FoundPage } from "../fakes/services/web-searches.js";
import { article, startFakeWeb, type FakePage, type FakeWeb } from "../fakes/searxng.js";

/* A documentation site as the source of a whole research: real HTTP to a stand-in of the site. */

const FILLER =
  "The dredger is painted each year, and the crew has its own kitchen with a view of the quay and the cranes.";
const MUD = {
  title: "Dredging",
  body: article("Dredging", ["The harbour is dredged with 12 buckets, from March to May.", FILLER, FILLER]),
};
const OTHER = {
  title: "Tides",
  body: article("Tides", ["The tide table hangs at the gate of the harbour.", FILLER, FILLER]),
};
const QUESTION = "With how many buckets is the harbour dredged?";

describe("a site as a source", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let web: FakeWeb;
  let services: FakeServices;
  /** What Read the Docs finds. */
  let hosted: FoundPage[] = [];
  beforeEach(async () => {
    folder = await aFolder();
    services = await startFakeServices({ "app.readthedocs.org": fakeReadTheDocs(() => hosted) });
  });
  afterEach(async () => {
    await Promise.all([web.close(), services.close()]);
    await folder.remove();
  });

  const research = async (pages: (address: string) => Record<string, FakePage>) => {
    const found: Record<string, FakePage> = {};
    web = await startFakeWeb(found);
    Object.assign(found, pages(web.address));
    const line = {
      name: (setting: string) => setting,
      values: { allowedPrivateHosts: web.host },
      workspace: false,
    };
    const { config } = await loadEnvironmentConfig(folder.path, line, {});
    const notices: string[] = [];
    const result = await startResearch(
      config,
      {
        question: QUESTION,
        depth: "quick",
        maxSources: 3,
        scope: [],
        pages: [],
        sites: [`${web.address}/docs/`],
      },
      {
        listen: (event) => {
          if (event.type === "notice") notices.push(formatMessage(event.message));
        },
        signal: new AbortController().signal,
      },
    );
    const report =
      result.report === null ? "" : await readFile(path.join(folder.path, result.report), "utf8");
    return { result, report, notices };
  };
  const json = (value: unknown): FakePage => ({
    title: "",
    body: JSON.stringify(value),
    type: "application/json",
  });

  it("is searched in its own index, and the page is cited with the section's anchor", async () => {
    const { result, report } = await research(() => ({
      "/docs/search/search_index.json": json({
        docs: [
          { location: "mud/#buckets", title: "Buckets", text: "The harbour is dredged with 12 buckets." },
          { location: "tides/", title: "Tides", text: "The tide table hangs at the gate." },
        ],
      }),
      "/docs/mud/": MUD,
      "/docs/tides/": OTHER,
    }));
    assert.equal(result.status, "done");
    assert.match(report, /12 buckets/);
    assert.match(report, /\[Dredging\]\(http:\/\/127\.0\.0\.1:\d+\/docs\/mud\/#buckets\), read on/);
    const { checked } = await verifyReports(
      [path.join(folder.path, result.report ?? "")],
      folder.path,
      new AbortController().signal,
    );
    assert.deepEqual([checked[0]?.ok, checked[0]?.failed], [true, []]);
  });

  it("is searched by its sitemap: the likely pages are read, and ranked by what they say", async () => {
    const { report } = await research((address) => ({
      "/sitemap.xml": {
        title: "",
        body: `<urlset><url><loc>${address}/docs/a1</loc></url><url><loc>${address}/docs/a2</loc></url><url><loc>${address}/blog/x</loc></url></urlset>`,
        type: "application/xml",
      },
      "/docs/a1": OTHER,
      "/docs/a2": MUD,
      "/blog/x": MUD,
    }));
    assert.match(report, /12 buckets/);
    assert.match(report, /\/docs\/a2/);
    assert.ok(!web.asked.includes("/blog/x"));
  });

  it("with many pages is read by what is likely, then by what that links to, and says how many", async () => {
    const link = (address: string): string =>
      `<p>How the harbour is dredged, and with what, stands in <a href="${address}/docs/z9">the notes on buckets of the dredger</a>, which are worth reading.</p>`;
    const { report, notices } = await research((address) => {
      const names = Array.from({ length: 120 }, (_, n) => `p${n}`);
      const urls = ["harbour", ...names].map((name) => `<url><loc>${address}/docs/${name}</loc></url>`);
      const pages = Object.fromEntries(names.map((name) => [`/docs/${name}`, OTHER]));
      const lead = {
        title: "Harbour",
        body: article("Harbour", [FILLER, FILLER]).replace("</article>", `${link(address)}</article>`),
      };
      return {
        ...pages,
        "/docs/harbour": lead,
        "/docs/z9": MUD,
        "/sitemap.xml": { title: "", body: `<urlset>${urls.join("")}</urlset>`, type: "application/xml" },
      };
    });
    assert.match(report, /12 buckets/);
    assert.match(report, /\/docs\/z9/);
    const read = new Set(web.asked.filter((path) => /^\/docs\/(?:p\d|z9|harbour)/.test(path)));
    assert.ok(read.size <= 48, `${read.size}`);
    assert.match(notices.join("\n"), /of its 121 pages, at most 48 are read for a question/);
  });

  it("is searched by Read the Docs where that hosts it, in the version of the page", async () => {
    hosted = [
      { url: "/docs/mud", title: "Dredging" },
      { url: "/elsewhere/mud", title: "Not below the site" },
      { url: "//evil.example/docs/", title: "Another host" },
    ];
    const { report } = await research(() => ({
      "/docs/": {
        title: "",
        body: '<meta name="readthedocs-project-slug" content="harbour" /><meta name="readthedocs-version-slug" content="v2" />',
      },
      "/docs/mud": MUD,
      "/elsewhere/mud": MUD,
    }));
    assert.match(report, /12 buckets/);
    const calls = services.callsTo("app.readthedocs.org");
    assert.ok(calls.length > 0);
    for (const { query } of calls) assert.match(query.get("q") ?? "", /^project:harbour\/v2 [\w. ]+$/);
    assert.ok(!web.asked.includes("/elsewhere/mud"));
  });

  it("is searched in its own lists where Read the Docs fails, and says so", async () => {
    services.faults.set(
      "app.readthedocs.org",
      Array.from({ length: 20 }, () => ({ status: 403 })),
    );
    const { report, notices } = await research((address) => ({
      "/docs/": { title: "", body: '<meta name="readthedocs-project-slug" content="harbour" />' },
      "/sitemap.xml": {
        title: "",
        body: `<urlset><url><loc>${address}/docs/a2</loc></url></urlset>`,
        type: "application/xml",
      },
      "/docs/a2": MUD,
    }));
    assert.match(report, /12 buckets/);
    assert.match(
      notices.join("\n"),
      /Read the Docs refuses the request.*The lists of .* are searched instead/,
    );
  });

  it("is only its page where it has no list, and says so", async () => {
    const { report, notices } = await research(() => ({ "/docs/": MUD }));
    assert.match(report, /12 buckets/);
    assert.match(notices.join("\n"), /has no list of its pages/);
  });

  it("obeys robots.txt", async () => {
    const { result } = await research(() => ({
      "/robots.txt": { title: "", body: "User-agent: *\nDisallow: /docs/\n", type: "text/plain" },
      "/docs/search/search_index.json": json({
        docs: [{ location: "mud/", title: "Mud", text: "dredged buckets harbour" }],
      }),
      "/docs/mud/": MUD,
    }));
    assert.equal(result.status, "failed");
    assert.ok(!web.asked.includes("/docs/mud/"));
  });
});
