import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { createWebClient } from "../../src/reading/web/fetch-page.js";
import type { ResolveHost } from "../../src/reading/web/url-guard.js";
import { createSearxngSearch } from "../../src/search/searxng/searxng-search.js";
import { startFakeGemini } from "../fakes/gemini.js";
import { startFakeProxy, type FakeProxy } from "../fakes/proxy.js";
import { runProgram } from "../fakes/run-program.js";
import { article, startFakeWeb, type FakeWeb } from "../fakes/searxng.js";
import { aFolder } from "../fakes/temporary-folder.js";

const never = new AbortController().signal;
const KEY = "fake-key-for-proxy-tests";
const GUIDE = {
  title: "The guide",
  body: article("The guide", [
    "The lantern of the harbour burns for nine hours a night, and its oil is bought in the spring of each year.",
    "Its keeper climbs the tower twice a night, and writes the hour of each climb into the book by the door.",
  ]),
};
/** A name server that knows the names of an intranet only. */
const resolve: ResolveHost = (hostname, _options, done) => {
  const address: LookupAddress = { address: "10.1.2.3", family: 4 };
  if (hostname === "intranet.test") done(null, [address]);
  else done(Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" }), []);
};

describe("behind a proxy", () => {
  let web: FakeWeb;
  let proxy: FakeProxy;
  const environment = { ...process.env };

  beforeEach(async () => {
    web = await startFakeWeb({ "/guide": GUIDE });
  });
  afterEach(async () => {
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
      if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = environment[name];
    }
    await proxy.close();
    await web.close();
  });

  it("researches with Gemini and reads pages through it, in the terminal", async () => {
    const gemini = await startFakeGemini();
    const folder = await aFolder();
    try {
      const { host } = new URL(gemini.address);
      proxy = await startFakeProxy({ "models.test": host, "docs.test": web.host }, "me:pa55");
      await cp("test/e2e/workspace", folder.path, { recursive: true });
      const env = {
        GEMINI_API_KEY: KEY,
        GEMINI_BASE_URL: "http://models.test",
        // Without a scheme it is a plain proxy, as curl takes it.
        HTTP_PROXY: proxy.address.replace("http://", ""),
      };
      const question = "How long does the lantern burn?";
      const ended = await runProgram(folder.path, [question, "--source", "http://docs.test/guide"], env);
      assert.equal(ended.code, 0, ended.stderr);
      assert.ok(proxy.asked.includes("GET http://docs.test/guide"), proxy.asked.join("\n"));
      assert.ok(proxy.asked.some((each) => each.startsWith("POST http://models.test/")));
      assert.equal(gemini.requests.length, proxy.asked.filter((each) => each.includes("models.test")).length);
      assert.ok(gemini.requests.every(({ key }) => key === KEY));
      const report = ended.stdout.trim().split("\n").at(-1) ?? "";
      assert.match(await readFile(path.join(folder.path, report), "utf8"), /docs\.test\/guide/);
      const health = await runProgram(folder.path, ["health"], { HTTPS_PROXY: proxy.address });
      assert.match(health.stdout, new RegExp(`Requests go through ${proxy.host}, as HTTPS_PROXY says`));
      assert.doesNotMatch(health.stdout, /pa55/);
      // The proxy's own credentials reach nobody else, and stand nowhere.
      assert.ok(proxy.authorizations.every((each) => each?.startsWith("Basic ")));
      assert.doesNotMatch(ended.stdout + ended.stderr, /pa55/);
      assert.deepEqual(gemini.violations, []);
    } finally {
      await gemini.close();
      await folder.remove();
    }
  });

  it("names a proxy that is down, or that asks for a password", async () => {
    proxy = await startFakeProxy({ "docs.test": web.host }, "me:pa55");
    const client = createWebClient({ allowed: new Set(), resolve, pause: 0 });
    process.env["HTTP_PROXY"] = `http://${proxy.host}`;
    await assert.rejects(client.page("http://docs.test/guide", never), {
      code: "unreachable",
      message: /HTTP 407/,
    });
    process.env["HTTP_PROXY"] = "http://me:pa55@127.0.0.1:9";
    await assert.rejects(client.page("http://docs.test/guide", never), (error: Error) => {
      assert.match(error.message, /docs\.test could not be reached through the proxy 127\.0\.0\.1:9/);
      assert.doesNotMatch(error.message, /pa55/);
      return true;
    });
    process.env["HTTP_PROXY"] = "socks5://127.0.0.1:1080";
    const another = createWebClient({ allowed: new Set(), resolve, pause: 0 });
    await assert.rejects(another.page("http://docs.test/guide", never), { code: "bad-settings" });
    assert.deepEqual(web.asked, []);
  });

  it("opens a tunnel for https, by name", async () => {
    proxy = await startFakeProxy({});
    process.env["HTTPS_PROXY"] = proxy.address;
    const client = createWebClient({ allowed: new Set(), resolve, pause: 0 });
    await assert.rejects(client.page("https://docs.test/guide", never), { code: "unreachable" });
    assert.equal(proxy.asked[0], "CONNECT docs.test:443");
    const [hello] = proxy.tunnelled;
    // A TLS handshake that names the host: the proxy sees nothing more.
    assert.equal(hello?.[0], 0x16);
    assert.ok(hello.includes("docs.test"));
  });

  it("keeps private addresses from the proxy, as far as they are known here", async () => {
    proxy = await startFakeProxy({ "intranet.test": web.host, "127.0.0.1": web.host, "docs.test": web.host });
    process.env["HTTP_PROXY"] = proxy.address;
    const client = createWebClient({ allowed: new Set(), resolve, pause: 0 });
    for (const url of ["http://intranet.test/guide", "http://127.0.0.1/guide", "http://localhost/guide"]) {
      await assert.rejects(client.page(url, never), { code: "refused-address" }, url);
    }
    assert.equal(proxy.asked.length, 0);
    const allowed = createWebClient({ allowed: new Set(["intranet.test:80"]), resolve, pause: 0 });
    await allowed.page("http://intranet.test/guide", never);
    assert.ok(proxy.asked.includes("GET http://intranet.test/guide"));
  });

  it("is gone around where NO_PROXY says so", async () => {
    proxy = await startFakeProxy({});
    process.env["HTTP_PROXY"] = proxy.address;
    process.env["NO_PROXY"] = "127.0.0.1";
    const client = createWebClient({ allowed: new Set([web.host]), pause: 0 });
    await client.page(`${web.address}/guide`, never);
    assert.deepEqual(proxy.asked, []);
  });

  it("searches with SearXNG through it", async () => {
    proxy = await startFakeProxy({ "search.test": web.host });
    process.env["HTTP_PROXY"] = proxy.address;
    const search = createSearxngSearch("http://search.test");
    const { value } = await search.search({ id: "q0", question: "Lantern?", query: "lantern" }, 5, never);
    assert.equal(value.hits.length, 1);
    assert.match(proxy.asked[0] ?? "", /^GET http:\/\/search\.test\/search\?q=lantern/);
  });
});
