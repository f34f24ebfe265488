import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import zlib from "node:zlib";
import type { ResolveHost } from "../../src/reading/web/url-guard.js";
import {
  createWebClient,
  PAGE_LIMITS,
  type FetchLimits,
  type WebClient,
} from "../../src/reading/web/fetch-page.js";
import { createHostThrottle } from "../../src/reading/web/host-throttle.js";
import {
  KINDS,
  kindUrl,
  page,
  redirect,
  send,
  startHostileServer,
  type HostileServer,
} from "../fakes/hostile-server.js";

const LIMITS: FetchLimits = {
  bytes: 64 * 1024,
  pdfBytes: 256 * 1024,
  redirects: 5,
  firstByte: 300,
  total: 800,
};
/** Milliseconds that a timer may be late on a busy machine. */
const LATE = 700;
const HTML = "<!doctype html><p>Some text.</p>";
const never = new AbortController().signal;
setMaxListeners(0, never);

/** What is open: sockets, timers, look-ups. Sockets take a moment to close. */
function resources(): string {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== "Immediate")
    .sort()
    .join();
}

async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 100 && !isSo(); n++) {
    await wait(10);
    // A timer that is being served still counts as open.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function resolving(...answers: string[][]): ResolveHost & { asked: string[] } {
  const asked: string[] = [];
  const resolve: ResolveHost = (hostname, _options, done) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    const found = addresses.map((address): LookupAddress => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    setImmediate(() => done(null, found));
  };
  return Object.assign(resolve, { asked });
}

describe("guarded fetch", function () {
  this.timeout(10_000);
  let server: HostileServer;
  let allowed: Set<string>;

  before(async () => {
    server = await startHostileServer();
    allowed = new Set([server.host]);
  });
  beforeEach(() => {
    server.setRobots(404);
    server.seen.length = 0;
    server.times.length = 0;
  });
  after(() => server.close());

  const open = (options: { pause?: number; limits?: FetchLimits; resolve?: ResolveHost } = {}): WebClient =>
    createWebClient({ allowed, limits: LIMITS, pause: 0, ...options });
  const get = (path: string, web = open()) => web.page(server.origin + path, never);

  describe("a hostile server", () => {
    for (const [kind, { codes, slow }] of Object.entries(KINDS)) {
      if (slow === true) continue;
      it(`ends inside the limits: ${kind}`, async () => {
        const began = performance.now();
        await assert.rejects(open().page(kindUrl(server.origin, kind), never), (error: { code?: string }) =>
          codes.includes(error.code ?? ""),
        );
        assert.ok(performance.now() - began < LIMITS.total + LATE);
        await until(() => server.open() === 0);
        assert.equal(server.open(), 0, "the connection is closed");
      });
    }

    it("ends inside the limits, however slow it is", async () => {
      const slow = Object.entries(KINDS).filter(([, each]) => each.slow === true);
      const began = performance.now();
      await Promise.all(
        slow.map(([kind, { codes }]) =>
          assert.rejects(
            open().page(kindUrl(server.origin, kind), never),
            (error: { code?: string }) => codes.includes(error.code ?? ""),
            kind,
          ),
        ),
      );
      assert.ok(performance.now() - began < LIMITS.total + LATE);
    });

    it("leaves no socket and no timer behind, after errors, pages and cancels", async () => {
      server.on("/fine", (socket) => page(socket, HTML));
      server.on("/kept-open", (socket) =>
        send(socket, 200, ["content-length: 4", "connection: keep-alive"], "text"),
      );
      await until(() => server.open() === 0);
      await wait(50);
      const before = resources();
      await get("/fine");
      assert.equal(Buffer.from((await get("/kept-open")).bytes).toString(), "text");
      await Promise.allSettled(Object.keys(KINDS).map((kind) => get(`/${encodeURIComponent(kind)}`)));
      const cancel = new AbortController();
      const cancelled = open().page(kindUrl(server.origin, "silence"), cancel.signal);
      setTimeout(() => cancel.abort(), 50);
      await assert.rejects(cancelled, { name: "AbortError" });
      await until(() => resources() === before);
      assert.equal(resources(), before);
      assert.equal(server.open(), 0);
    });
  });

  it("says who asks, and sends nothing that it was not told to", async () => {
    server.on("/cookie", (socket) => {
      send(socket, 302, ["location: /fine", "set-cookie: a=b", "content-length: 0"]);
      socket.end();
    });
    server.on("/fine", (socket) => page(socket, HTML));
    await get("/cookie");
    for (const head of server.seen) {
      const names = head.split("\r\n").slice(1, -2).map((line) => line.split(":")[0]?.toLowerCase()); // prettier-ignore
      assert.deepEqual(names.sort(), [
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "host",
        "user-agent",
      ]);
      assert.match(
        head,
        /user-agent: DeepResearch\/\d+\.\d+ \(research on behalf of a person; respects robots\.txt\)\r\n/i,
      );
    }
    assert.equal(server.seen.length, 3);
  });

  it("reads what is well, however it comes", async () => {
    server.on("/gzip", (socket) => page(socket, zlib.gzipSync(HTML), "content-encoding: gzip"));
    server.on("/brotli", (socket) => page(socket, zlib.brotliCompressSync(HTML), "content-encoding: br"));
    server.on("/identity", (socket) => page(socket, HTML, "content-encoding: identity"));
    server.on("/to-the-end", (socket) => {
      send(socket, 200, ["content-type: text/html"], HTML);
      socket.end();
    });
    server.on("/chunks", (socket) => {
      send(socket, 200, ["transfer-encoding: chunked"]);
      for (const letter of HTML) socket.write(`1\r\n${letter}\r\n`);
      socket.end("0\r\n\r\n");
    });
    server.on("/hints", (socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
      page(socket, HTML);
    });
    for (const path of ["/gzip", "/brotli", "/identity", "/to-the-end", "/chunks", "/hints"]) {
      assert.equal(Buffer.from((await get(path)).bytes).toString(), HTML, path);
    }
    server.on("/from", (socket) => redirect(socket, "/gr\u00fc\u00dfe"));
    server.on("/gr%C3%BC%C3%9Fe", (socket) => page(socket, HTML));
    assert.equal((await get("/from")).url.pathname, "/gr%C3%BC%C3%9Fe");
  });

  it("lets a PDF be larger than a page, by its type or its look", async () => {
    const large = (start: string) => Buffer.concat([Buffer.from(start), Buffer.alloc(100 * 1024)]);
    const answer = (type: string, body: Buffer) => (socket: Parameters<typeof send>[0]) => {
      send(socket, 200, [`content-type: ${type}`], body);
      socket.end();
    };
    server.on("/typed", answer("application/pdf", large("")));
    server.on("/looks", answer("application/octet-stream", large("%PDF-1.7")));
    server.on("/html", answer("text/html", large("<p>")));
    server.on("/huge", answer("application/pdf", Buffer.alloc(300 * 1024)));
    assert.equal((await get("/typed")).bytes.length, 100 * 1024);
    assert.equal((await get("/looks")).bytes.length, 100 * 1024 + 8);
    await assert.rejects(get("/html"), { code: "too-large", message: /0\.06 MB/ });
    await assert.rejects(get("/huge"), { code: "too-large", message: /0\.25 MB/ });
    assert.deepEqual([PAGE_LIMITS.bytes, PAGE_LIMITS.pdfBytes], [5 * 2 ** 20, 20 * 2 ** 20]);
  });

  describe("names", () => {
    const web = (resolve: ResolveHost) =>
      createWebClient({ allowed: new Set(), limits: LIMITS, pause: 0, resolve });

    it("are refused where they lead to a private address, alone or among public ones", async () => {
      for (const addresses of [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["8.8.8.8", "10.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["2606:4700::1111", "fd00::1"],
        [],
      ]) {
        const resolve = resolving(addresses);
        await assert.rejects(web(resolve).page("http://docs.example.com/", never), {
          code: "refused-address",
        });
        assert.ok(resolve.asked.length > 0);
      }
      assert.equal(server.seen.length, 0);
    });

    it("are connected to by the address that was checked, and are checked anew each time", async () => {
      // Public (and nobody's) when it is checked, this machine when it is looked up again.
      const resolve = resolving(["2000::1"], ["127.0.0.1"]);
      const rebound = web(resolve);
      await assert.rejects(
        rebound.page("http://rebound.example.com/", never),
        (error: { code?: string }) => error.code === "timeout" || error.code === "unreachable",
      );
      assert.equal(resolve.asked.length, 1);
      await assert.rejects(rebound.page("http://rebound.example.com/", never), { code: "refused-address" });
      assert.equal(server.seen.length, 0);
    });

    it("are not waited for longer than for an answer", async () => {
      let answer = (): void => undefined;
      const resolve: ResolveHost = (_name, _options, done) => {
        answer = () => done(null, [{ address: "8.8.8.8", family: 4 }]);
      };
      await assert.rejects(web(resolve).page("http://slow.example.com/", never), { code: "timeout" });
      // Too late to be connected to.
      answer();
    });

    it("may lead anywhere where the user allowed the host and its port", async () => {
      server.on("/fine", (socket) => page(socket, HTML));
      const port = server.host.split(":")[1] ?? "";
      const inner = createWebClient({
        allowed: new Set([`intranet.example:${port}`]),
        limits: LIMITS,
        pause: 0,
        resolve: resolving(["127.0.0.1"]),
      });
      assert.equal(
        (await inner.page(`http://intranet.example:${port}/fine`, never)).bytes.length,
        HTML.length,
      );
      await assert.rejects(inner.page("http://intranet.example/fine", never), { code: "refused-address" });
    });
  });

  describe("robots.txt", () => {
    beforeEach(() => {
      for (const path of ["/open", "/closed", "/closed/but-open"])
        server.on(path, (socket) => page(socket, HTML));
      server.on("/to-closed", (socket) => redirect(socket, "/closed"));
    });
    const asked = (): number => server.seen.filter((head) => head.startsWith("GET /robots.txt ")).length;

    it("is asked for once, and respected at every hop", async () => {
      server.setRobots("User-agent: *\nDisallow: /closed\nAllow: /closed/but-open\n");
      const web = open();
      await Promise.all([get("/open", web), get("/closed/but-open", web)]);
      for (const path of ["/closed", "/to-closed"]) {
        await assert.rejects(get(path, web), { code: "robots", message: /robots\.txt.*\/closed/ });
      }
      assert.equal(asked(), 1);
      assert.ok(!server.seen.some((head) => head.startsWith("GET /closed ")));
    });

    it("counts by the group that names this program, else by the one for all", async () => {
      server.setRobots(
        "User-agent: Other\nUser-agent: DeepResearch\nDisallow: /open\n\nUser-agent: *\nAllow: /\n",
      );
      await assert.rejects(get("/open"), { code: "robots" });
      await get("/closed");
      server.setRobots("User-agent: Other\nDisallow: /\n");
      await get("/open");
      server.setRobots("\ufeffuser-AGENT : * # all\r\nDISALLOW: /*.html$\r\nDisallow:/op**n\r\n");
      await assert.rejects(get("/open"), { code: "robots" });
      await get("/closed");
    });

    it("asks for nothing where there is none, and closes everything where the server fails", async () => {
      for (const status of [404, 401, 403, 410, 429, 204]) {
        server.setRobots(status);
        await get("/open");
      }
      server.setRobots((socket) => redirect(socket, "/robots.txt"));
      await get("/open");
      server.setRobots((socket) => redirect(socket, "http://10.0.0.1/"));
      await get("/open");
      for (const status of [500, 503]) {
        server.setRobots(status);
        await assert.rejects(get("/open"), { code: "robots", message: new RegExp(`HTTP ${status}`) });
      }
      server.setRobots((socket) => socket.destroy());
      await assert.rejects(get("/open"), { code: "unreachable" });
      server.setRobots(() => undefined);
      await assert.rejects(get("/open"), { code: "timeout" });
    });

    it("is followed through redirects, and counts for the site that was asked", async () => {
      server.on("/elsewhere", (socket) => page(socket, "User-agent: *\nDisallow: /closed"));
      server.setRobots((socket) => redirect(socket, "/elsewhere"));
      const web = open();
      await get("/open", web);
      await assert.rejects(get("/closed", web), { code: "robots" });
    });

    it("fills neither the memory nor the time, however long it is", async () => {
      const names = "User-agent: *\n".repeat(15_000);
      const many = names + "Allow: /\n".repeat(30_000);
      const endless = `${many}${"#".repeat(2 ** 20)}\nDisallow: /`;
      for (const text of [
        many,
        endless,
        `User-agent: *\nDisallow: ${"*".repeat(400_000)}x`,
        Array.from({ length: 20_000 }, (_, n) => `User-agent: a${n}`).join("\n") +
          "\nDisallow: /\n".repeat(10_000),
      ]) {
        server.setRobots(text);
        const began = performance.now();
        const heap = process.memoryUsage().heapUsed;
        await get("/open");
        assert.ok(performance.now() - began < 1500);
        assert.ok(process.memoryUsage().heapUsed - heap < 100 * 2 ** 20);
      }
      server.setRobots(`User-agent: *\n${`Disallow: /*${"a".repeat(4000)}b\n`.repeat(100)}`);
      const began = performance.now();
      await assert.rejects(get(`/${"a".repeat(7000)}`), { code: "robots" });
      assert.ok(performance.now() - began < 1500);
    });

    it("is read by the next page where the first gave up waiting for it", async () => {
      let times = 0;
      server.setRobots((socket) => {
        if (times++ > 0) page(socket, "");
      });
      const web = open();
      const first = new AbortController();
      const outcomes = [
        assert.rejects(web.page(`${server.origin}/open`, first.signal), { name: "AbortError" }),
        web.page(`${server.origin}/open`, never),
      ];
      setTimeout(() => first.abort(), 50);
      await Promise.all(outcomes);
    });
  });

  describe("one host", () => {
    beforeEach(() => {
      server.on("/slowly", (socket) => setTimeout(() => page(socket, HTML), 120));
    });

    it("is asked for two pages at a time, and not without a pause", async () => {
      const throttle = createHostThrottle(30);
      const began: number[] = [];
      let running = 0;
      let most = 0;
      const work = async (): Promise<void> => {
        began.push(performance.now());
        most = Math.max(most, ++running);
        await wait(100);
        running--;
      };
      const here = [
        "http://a.example/1",
        "https://a.example/2",
        "http://a.example.:8080/",
        "http://a.example/4",
      ];
      await Promise.all(here.map((url) => throttle.schedule(new URL(url), 0, never, work)));
      assert.equal(most, 2);
      const gaps = began.slice(1).map((time, n) => time - (began[n] ?? 0));
      for (const gap of gaps) assert.ok(gap >= 29, gaps.join());
      // Another host has its own turns.
      const other = performance.now();
      await Promise.all([
        throttle.schedule(new URL("http://a.example/"), 500, never, () => Promise.resolve()),
        throttle.schedule(new URL("http://b.example/"), 0, never, () => Promise.resolve()),
      ]);
      assert.ok(performance.now() - other < 200);
    });

    it("is asked for its first page as soon as it has told its wishes", async () => {
      const began: number[] = [];
      server.setRobots((socket) => {
        began.push(performance.now());
        page(socket, "User-agent: *\nDisallow:\n");
      });
      server.on("/fine", (socket) => {
        began.push(performance.now());
        page(socket, HTML);
      });
      const web = open({ pause: 400 });
      await get("/fine", web);
      await get("/fine", web);
      const [wishes = 0, first = 0, second = 0] = began;
      assert.ok(first - wishes < 300, `${first - wishes} ms`);
      assert.ok(second - first >= 399, `${second - first} ms`);
    });

    it("is asked gently by all who read from it", async () => {
      let running = 0;
      let most = 0;
      server.on("/counted", (socket) => {
        most = Math.max(most, ++running);
        socket.on("close", () => running--);
        setTimeout(() => page(socket, HTML), 60);
      });
      const web = open();
      await Promise.all([1, 2, 3, 4, 5, 6].map(() => get("/counted", web)));
      assert.ok(most <= 2, String(most));
    });

    it("is asked as rarely as it wishes", async () => {
      server.setRobots("User-agent: *\nCrawl-delay: 0.3\n");
      const web = open();
      await Promise.all([get("/slowly", web), get("/slowly", web)]);
      const [, first = 0, second = 0] = server.times;
      assert.ok(second - first > 290, String(second - first));
    });

    it("is waited for once where it asks to", async () => {
      let times = 0;
      server.on("/busy", (socket) => {
        if (times++ === 0) send(socket, 429, ["retry-after: 1", "content-length: 0"]);
        else page(socket, HTML);
      });
      server.on("/always-busy", (socket) => {
        send(socket, 503, ["retry-after: 0", "content-length: 0"]);
        times++;
      });
      server.on("/later", (socket) => send(socket, 503, ["retry-after: 3600", "content-length: 0"]));
      const began = performance.now();
      await get("/busy");
      assert.ok(performance.now() - began > 990);
      times = 0;
      await assert.rejects(get("/always-busy"), { code: "unreachable", message: /HTTP 503/ });
      assert.equal(times, 2);
      await assert.rejects(get("/later"), { code: "unreachable", line: /60 minutes/ });
    });

    it("is no longer waited for at a cancel, whatever the wait is for", async () => {
      server.on("/busy", (socket) => send(socket, 429, ["retry-after: 9", "content-length: 0"]));
      server.setRobots("User-agent: *\nCrawl-delay: 9\n");
      const web = open();
      await get("/slowly", web);
      for (const waiting of [
        (signal: AbortSignal) => open().page(`${server.origin}/busy`, signal),
        // The third and the fourth wait for the first two, which wait for the pause.
        (signal: AbortSignal) =>
          Promise.all([1, 2, 3, 4].map(() => web.page(`${server.origin}/slowly`, signal))),
      ]) {
        await until(() => server.open() === 0);
        await wait(50);
        const before = resources();
        const cancel = new AbortController();
        const began = performance.now();
        setTimeout(() => cancel.abort(), 100);
        await assert.rejects(waiting(cancel.signal), { name: "AbortError" });
        assert.ok(performance.now() - began < 600);
        await until(() => resources() === before);
        assert.equal(resources(), before);
      }
      await assert.rejects(web.page(`${server.origin}/slowly`, AbortSignal.abort()), { name: "AbortError" });
    });
  });
});
