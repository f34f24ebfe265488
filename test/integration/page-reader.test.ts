import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import zlib from "node:zlib";
import { extractDocumentText } from "../../src/reading/documents/extract-text.js";
import { createWebClient, PAGE_LIMITS } from "../../src/reading/web/fetch-page.js";
import { createPageReader, type PageReader } from "../../src/reading/web/page-reader.js";

const signal = new AbortController().signal;

const ARTICLE = `<!doctype html><html><head><title>Retries – Docs</title></head><body>
<nav><a href="/">Home</a> <a href="/x">Else</a></nav>
<main><h1>Retries</h1><p>${"A failed request is sent again, each time after a longer pause. ".repeat(8)}</p>
<h2>Limits</h2><ul><li>Five times at most, as a rule.</li><li>Never after a refusal.</li></ul>
<pre>retry(5)
done()</pre><p>${"The pause doubles. ".repeat(20)}</p></main><footer>Imprint</footer></body></html>`;

describe("pages", function () {
  // One host is asked gently, which takes its time.
  this.timeout(10_000);
  let server: http.Server;
  let base = "";
  let pages: PageReader;
  let host = "";
  const seen: http.IncomingMessage[] = [];

  before(async () => {
    server = http.createServer((request, response) => {
      seen.push(request);
      const send = (type: string, body: string | Buffer, headers: Record<string, string> = {}): void => {
        response.writeHead(200, { "content-type": type, "set-cookie": "a=b", ...headers }).end(body);
      };
      const redirect = (to: string): void => void response.writeHead(302, { location: to }).end();
      switch (request.url) {
        case "/article": { send("text/html; charset=utf-8", ARTICLE); return; }
        case "/gzip": { send("text/html", zlib.gzipSync(ARTICLE), { "content-encoding": "gzip" }); return; }
        case "/bomb": { send("text/plain", zlib.gzipSync(Buffer.alloc(20 * 1024 * 1024)), { "content-encoding": "gzip" }); return; }
        case "/plain": { send("text/plain; charset=iso-8859-1", Buffer.from("Gr\u00fc\u00dfe", "latin1")); return; }
        case "/guide.md": { send("text/markdown", "Intro\n\n# The Guide\n\nText."); return; }
        case "/pdf": { send("application/pdf", "%PDF-1.4"); return; }
        case "/moved": { redirect("/article"); return; }
        case "/loop": { redirect("/loop"); return; }
        case "/inside": { redirect("http://127.0.0.1:1/secret"); return; }
        case "/file": { redirect("file:///etc/passwd"); return; }
        case "/slow": return undefined;
        default: return void response.writeHead(404).end("no");
      }
    }); // prettier-ignore
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    base = `http://${host}`;
    pages = createPageReader({ allowedPrivateHosts: [host], text: extractDocumentText });
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const read = (path: string) => pages.read({ kind: "page", url: base + path }, signal);

  it("reads the main text with its headings, items and preformatted lines", async () => {
    const { title, text, lines, commit } = await read("/article");
    assert.match(title, /Retries/);
    assert.match(text, /^## Limits\n\n- Five times at most, as a rule\.\n- Never after a refusal\.$/m);
    assert.match(text, /^retry\(5\)\ndone\(\)$/m);
    assert.ok(!text.includes("Imprint") && !text.includes("Else"));
    assert.deepEqual([lines, commit], [null, null]);
  });

  it("says who asks and sends nothing else", async () => {
    await read("/article");
    await read("/article");
    const { headers } = seen.at(-1)!;
    assert.match(headers["user-agent"] ?? "", /^DeepResearch\//);
    assert.equal(headers.cookie, undefined);
  });

  it("decompresses, decodes and follows", async () => {
    assert.match((await read("/gzip")).text, /failed request/);
    assert.equal((await read("/plain")).text, "Grüße");
    assert.equal((await read("/guide.md")).title, "The Guide");
    assert.match((await read("/moved")).text, /failed request/);
  });

  it("says what is wrong with a page", async () => {
    await assert.rejects(read("/none"), { code: "unreachable", message: /HTTP 404 \(not found\)/ });
    await assert.rejects(read("/pdf"), { code: "damaged-file", message: /\/pdf: The PDF is damaged/ });
    await assert.rejects(read("/bomb"), { code: "too-large" });
    await assert.rejects(read("/loop"), { code: "unreachable", message: /redirects more than 5 times/ });
    await assert.rejects(read("/file"), { code: "bad-url" });
  });

  it("does not follow into a private network, by figures or by name", async () => {
    await assert.rejects(read("/inside"), { code: "refused-address" });
    const closed = createPageReader({ allowedPrivateHosts: [], text: extractDocumentText });
    const port = host.split(":")[1];
    for (const url of [
      `${base}/article`,
      `http://localhost:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
    ]) {
      await assert.rejects(closed.read({ kind: "page", url }, signal), { code: "refused-address" }, url);
    }
  });

  it("gives up on a slow server and at a cancel", async () => {
    const slow = (limits: Partial<typeof PAGE_LIMITS>, cancel: AbortSignal): Promise<unknown> =>
      createWebClient({ allowed: new Set([host]), limits: { ...PAGE_LIMITS, ...limits } }).page(
        `${base}/slow`,
        cancel,
      );
    await assert.rejects(slow({ firstByte: 50 }, signal), { code: "timeout" });
    await assert.rejects(slow({ total: 50 }, signal), { code: "timeout" });
    await assert.rejects(slow({}, AbortSignal.timeout(50)), { name: "TimeoutError" });
  });
});
