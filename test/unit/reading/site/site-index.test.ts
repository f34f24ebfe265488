import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { listSitePages, type SiteIndex } from "../../../../src/reading/site/site-index.js";
import { SITE_INDEX_FORMATS } from "../../../../src/reading/site/search-indexes.js";
import { ResearchError } from "../../../../src/common/errors.js";

const never = new AbortController().signal;
const SITE = "https://docs.example/guide/";

async function list(
  files: Record<string, string | Buffer>,
  site = SITE,
): Promise<SiteIndex & { asked: string[] }> {
  const asked: string[] = [];
  const found = await listSitePages(
    site,
    (address) => {
      asked.push(address);
      const file = files[address];
      return file === undefined
        ? Promise.reject(new ResearchError("unreachable", "HTTP 404"))
        : Promise.resolve(Buffer.from(file));
    },
    never,
  );
  return { ...found, asked };
}

const urlset = (...urls: string[]): string =>
  `<?xml version="1.0"?><urlset>${urls.map((url) => `<url><loc>${url}</loc></url>`).join("")}</urlset>`;
const index = (...urls: string[]): string =>
  `<?xml version="1.0"?><sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join("")}</sitemapindex>`;

describe("the pages that a site lists", () => {
  it("are read from the index of MkDocs, with the anchors of sections", async () => {
    const docs = [
      { location: "mud/#spring", title: "Spring &amp; mud", text: "<p>Dredge</p> in spring." },
      { location: "https://evil.example/", title: "Elsewhere", text: "" },
      { location: "../outside/", title: "Above", text: "" },
      { title: "No location" },
    ];
    const found = await list({
      [`${SITE}search/search_index.json`]: JSON.stringify({ config: {}, docs: docs.slice(0, 3) }),
    });
    assert.deepEqual([found.from, found.hasTexts], ["search index", true]);
    assert.deepEqual(found.pages, [
      { url: `${SITE}mud/#spring`, title: "Spring   mud", text: " Dredge  in spring." },
    ]);
    assert.equal(
      (await list({ [`${SITE}search/search_index.json`]: JSON.stringify({ docs }) })).from,
      "none",
    );
  });

  it("are read from the index of Sphinx, of today and of earlier", async () => {
    const data = {
      docnames: ["index", "use/mud pit"], titles: ["Home", "Mud"], terms: { dredg: [0, 1], spring: 1, odd: 99 },
      titleterms: { mud: 1 }, alltitles: { "In spring": [[1, "in-spring"]], Mud: [[1, null]] }, envversion: {},
    }; // prettier-ignore
    for (const text of [
      JSON.stringify(data),
      `{docnames:${JSON.stringify(data.docnames)},titles:["Home","Mud"],terms:${JSON.stringify(data.terms)}}`,
    ]) {
      const { pages } = await list({ [`${SITE}searchindex.js`]: `Search.setIndex(${text})` });
      assert.deepEqual(pages[1], {
        url: `${SITE}use/mud%20pit.html`,
        title: "Mud",
        text: pages[1]?.text ?? "",
      });
      assert.match(pages[1].text, /dredg spring/);
      if (text.includes("alltitles")) assert.equal(pages[2]?.url, `${SITE}use/mud%20pit.html#in-spring`);
    }
  });

  it("are read from the indexes of mdBook and Docusaurus", async () => {
    const book = {
      doc_urls: ["mud.html#it's"],
      index: {
        documentStore: { docs: { 0: { title: "Mud", body: "Dredge it's", breadcrumbs: "A » Mud" } } },
      },
    };
    const json = JSON.stringify(book);
    const forms = {
      "searchindex.json": json,
      "searchindex.js": `window.search = Object.assign(window.search, ${json});`,
    };
    for (const [file, text] of Object.entries(forms))
      assert.deepEqual(
        (await list({ [SITE + file]: text })).pages,
        [{ url: `${SITE}mud.html#it's`, title: "Mud", text: "Dredge it's" }],
        file,
      );
    const quoted = `window.search = Object.assign(window.search, JSON.parse('${json.replaceAll("'", "\\'")}'));`;
    assert.equal((await list({ [`${SITE}searchindex.js`]: quoted })).pages[0]?.text, "Dredge it's");
    const local = [
      { documents: [{ i: 1, t: "Mud", u: "/guide/mud" }] },
      { documents: [{ i: 2, t: "Dredge in spring", u: "/guide/mud", h: "#spring", s: "Spring" }] },
    ];
    const { pages } = await list({ [`${SITE}search-index.json`]: JSON.stringify(local) });
    assert.deepEqual(
      pages.map(({ url, title }) => [url, title]),
      [
        [`${SITE}mud`, "Mud"],
        [`${SITE}mud#spring`, "Spring"],
      ],
    );
  });

  it("are read from llms.txt and from sitemaps, those that robots.txt names first", async () => {
    const found = await list({
      [`${SITE}llms.txt`]:
        "# Docs\n\n> About\n\n## Use\n\n- [Mud](mud.md): How to dredge\n- [Away](https://a.example/)\n",
      "https://docs.example/robots.txt":
        "User-agent: *\nSitemap: https://docs.example/all.xml\nSitemap: https://evil.example/all.xml\n",
      "https://docs.example/all.xml": index(
        "https://docs.example/one.xml.gz",
        "https://evil.example/two.xml",
      ),
      "https://docs.example/one.xml.gz": gzipSync(
        urlset(
          `${SITE}sand&amp;gravel`,
          `${SITE}mud.md`,
          "https://docs.example/blog/",
          "https://evil.example/guide/x",
          `${SITE}logo.png`,
        ),
      ),
    });
    assert.equal(found.from, "llms.txt");
    assert.deepEqual(found.pages, [
      { url: `${SITE}mud.md`, title: "Mud", text: "How to dredge" },
      { url: `${SITE}sand&gravel`, title: "guide sand&gravel", text: "" },
    ]);
    assert.ok(
      found.asked.every((address) => address.startsWith("https://docs.example/")),
      found.asked.join("\n"),
    );
  });

  it("are none where a site answers everything with a page, or with damage", async () => {
    const page = "<!doctype html><html><body>There is no such page.</body></html>";
    const everything = new Proxy<Record<string, string | Buffer>>({}, { get: () => page });
    assert.deepEqual([(await list(everything)).from, (await list({})).from], ["none", "none"]);
    const damage = Buffer.from([0x1f, 0x8b, 1, 2, 3]);
    assert.equal(
      (await list({ [`${SITE}sitemap.xml`]: damage, [`${SITE}searchindex.js`]: "Search.setIndex(" })).from,
      "none",
    );
  });

  it("are bounded: sitemaps that lead to each other, and packed zeros", async () => {
    const circle = new Proxy<Record<string, string | Buffer>>({}, {
      get: (_, name) => (String(name).endsWith(".xml") ? index(`${SITE}${Math.random()}.xml`) : ""),
    }); // prettier-ignore
    assert.ok((await list(circle)).asked.length < 60);
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    assert.equal((await list({ [`${SITE}sitemap.xml`]: bomb })).from, "none");
  });

  it("take hostile files at once", () => {
    const site = new URL(SITE);
    for (const text of [
      "Search.setIndex(".repeat(50_000),
      "{a:".repeat(100_000),
      "<".repeat(200_000),
      "JSON.parse('".repeat(50_000),
    ]) {
      const began = performance.now();
      for (const { parse } of SITE_INDEX_FORMATS) parse(text, site);
      assert.ok(performance.now() - began < 2000);
    }
  });

  it("belong to the folder of the address that was named", async () => {
    const files = { "https://docs.example/sitemap.xml": urlset(`${SITE}a`, "https://docs.example/other") };
    assert.deepEqual(
      (await list(files, `${SITE}index.html`)).pages.map(({ url }) => url),
      [`${SITE}a`],
    );
    assert.equal((await list(files, "https://docs.example")).pages.length, 2);
  });
});
