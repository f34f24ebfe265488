import assert from "node:assert/strict";
import type { RawDocument } from "../../src/reading/documents/extract-text.js";
import { openExtractionPool, type ExtractionPool } from "../../src/reading/documents/extraction-pool.js";
import { article } from "../fakes/searxng.js";

const signal = new AbortController().signal;

function page(html: string): RawDocument {
  return {
    bytes: Buffer.from(html),
    type: "text/html",
    charset: "utf-8",
    address: "https://example.org/page",
  };
}

const SMALL = page(
  article("Retries", ["A failed request is sent again, each time after a longer pause. ".repeat(6)]),
);
/** A page nested so deep that it takes minutes, and one whose tree takes hundreds of megabytes. */
const DEEP = page(`<body>${"<div><p class='a b'>word <b>word</b>".repeat(300_000)}`);
const HUGE = page(`<body>${"<div><p class='a b'>word <b>word</b></p></div>".repeat(19_000)}`);

describe("reading on threads", () => {
  let threads: ExtractionPool;
  afterEach(() => threads.close());

  it("gives the text, and names what is no source", async () => {
    threads = openExtractionPool();
    assert.match((await threads.read(SMALL, signal)).text, /sent again/);
    await assert.rejects(threads.read(page(""), signal), { name: "ResearchError", code: "empty-page" });
    await assert.rejects(threads.read({ ...SMALL, type: "image/png", bytes: Buffer.alloc(9) }, signal), {
      code: "unreadable",
    });
  });

  it("ends a page that takes too long, and only that", async () => {
    threads = openExtractionPool({ milliseconds: 2000, heap: 1024 });
    const small = Array.from({ length: 4 }, () => threads.read(SMALL, signal));
    await assert.rejects(threads.read(DEEP, signal), {
      code: "timeout",
      message: /longer than 2 seconds/,
    });
    assert.equal((await Promise.all(small)).length, 4);
    assert.match((await threads.read(SMALL, signal)).text, /sent again/);
  });

  it("has another thread read what waits behind a slow page", async () => {
    threads = openExtractionPool({ milliseconds: 30_000, heap: 1024 });
    const cancel = new AbortController();
    // The first is being read when the others come: they go to the thread together.
    const first = threads.read(SMALL, signal);
    const slow = threads.read(DEEP, cancel.signal);
    const behind = [1, 2, 3].map(() => threads.read(SMALL, signal));
    const began = performance.now();
    await Promise.all([first, ...behind]);
    assert.ok(performance.now() - began < 5000);
    cancel.abort();
    await assert.rejects(slow, { name: "AbortError" });
  });

  it("ends a page that takes too much memory, and only that", async () => {
    threads = openExtractionPool({ milliseconds: 30_000, heap: 16 });
    await assert.rejects(threads.read(HUGE, signal), { code: "too-large", message: /too much memory/ });
    assert.match((await threads.read(SMALL, signal)).text, /sent again/);
  });

  it("stops at once when it is cancelled", async () => {
    threads = openExtractionPool();
    await threads.read(SMALL, signal);
    const cancel = new AbortController();
    const reading = threads.read(DEEP, cancel.signal);
    const began = performance.now();
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(reading, { name: "AbortError" });
    assert.ok(performance.now() - began < 1000);
  });

  it("leaves the caller's thread free meanwhile", async () => {
    threads = openExtractionPool({ milliseconds: 1000, heap: 1024 });
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await threads.read(DEEP, signal).catch(() => undefined);
    clearInterval(timer);
    assert.ok(longest < 500, `${longest} ms`);
  });
});
