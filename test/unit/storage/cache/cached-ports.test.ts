import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createCachedExtraction, createCachedModel } from "../../../../src/storage/cache/cached-ports.js";
import { EMPTY_READING } from "../../../../src/core/domain/empty-reading.js";
import type { Model } from "../../../../src/core/domain/ports.js";
import type { ExtractInput } from "../../../../src/core/prompts/extract.js";
import type { PlanInput } from "../../../../src/core/prompts/plan.js";
import type { VerifyInput } from "../../../../src/core/prompts/verify.js";
import { Cache } from "../../../../src/storage/cache/cache.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { ScriptedModel } from "../../../fakes/ports.js";

const PLAN: PlanInput = { question: "What is a glacier mouse?", questions: 2, scope: ["the web"] };
const EXTRACT: ExtractInput = {
  questions: [{ id: "q1", question: "What is a glacier mouse?" }],
  title: "Glacier mice",
  format: "markdown",
  passages: [{ heading: "", text: "A glacier mouse is a ball of moss." }],
  missed: [],
};
const VERIFY: VerifyInput = {
  claims: [
    {
      index: 0,
      text: "They are of moss.",
      evidence: [
        {
          id: "e1",
          source: "google.example",
          quote: "They are of moss, says Google.",
          claim: "They are of moss.",
        },
      ],
    },
  ],
};
const REASON = "as Google says, they are of moss";
const MODELS = { think: ["scripted", "another"], read: ["scripted"] };
const never = new AbortController().signal;

describe("extraction with a cache", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  it("parses the same bytes once, in later processes too, and others anew", async () => {
    const parsed: string[] = [];
    const open = (): Cache => new Cache(folder.path, { megabytes: 10, days: 7 });
    const read = async (cache: Cache, address: string, content: string): Promise<string> => {
      const extract = createCachedExtraction((document: { bytes: Uint8Array; address: string }) => {
        parsed.push(document.address);
        const text = Buffer.from(document.bytes).toString("utf8");
        return Promise.resolve({ ...EMPTY_READING, title: "", text, pages: [1], warnings: ["One page."] });
      }, cache);
      const { text, pages, warnings } = await extract({ bytes: Buffer.from(content), address }, never);
      assert.deepEqual([pages, warnings], [[1], ["One page."]]);
      return text;
    };
    const first = open();
    assert.equal(await read(first, "a/x.pdf", "one"), "one");
    assert.equal(await read(first, "b/x.pdf", "one"), "one");
    assert.equal(await read(first, "a/x.pdf", "two"), "two");
    await first.trim();
    assert.equal(await read(open(), "a/x.pdf", "two"), "two");
    assert.deepEqual(parsed, ["a/x.pdf", "a/x.pdf"]);
  });

  it("keeps no failure", async () => {
    const cache = new Cache(folder.path, { megabytes: 10, days: 7 });
    let asked = 0;
    const extract = createCachedExtraction(() => {
      asked++;
      return Promise.reject(new Error("took too long"));
    }, cache);
    const document = { bytes: Buffer.from("one"), address: "x.pdf" };
    await assert.rejects(extract(document, never));
    await assert.rejects(extract(document, never));
    assert.equal(asked, 2);
    await cache.trim();
  });
});

describe("a model with a cache", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let cache: Cache;
  let asked: ScriptedModel;
  beforeEach(async () => {
    folder = await aFolder();
    cache = new Cache(folder.path, { megabytes: 10, days: 7 });
    asked = new ScriptedModel("gemini", {
      plan: () => ({
        title: "Glacier mice",
        kind: "lookup",
        questions: [{ question: PLAN.question, query: "mice" }],
        cover: [],
      }),
      extract: () => ({ claims: [] }),
      verify: () => ({ verdicts: [{ index: 0, verdict: "supported", reason: REASON }] }),
    });
  });
  afterEach(() => folder.remove());

  const askAll = async (model: Model): Promise<void> => {
    await model.answer("plan", PLAN, never);
    await model.answer("extract", EXTRACT, never);
    await model.answer("verify", VERIFY, never);
    await cache.settled();
  };
  const counts = (): number[] => [asked.count("plan"), asked.count("extract"), asked.count("verify")];
  const open = (googled: boolean): Model => createCachedModel(asked, MODELS, cache, googled);

  it("is not asked the same twice", async () => {
    await askAll(open(false));
    await askAll(open(false));
    assert.deepEqual(counts(), [1, 1, 1]);
  });

  it("keeps what the first choice for the task says, not what another says instead", async () => {
    const models = { think: ["the best", "scripted"], read: ["scripted"] };
    await askAll(createCachedModel(asked, models, cache, false));
    await askAll(createCachedModel(asked, models, cache, false));
    assert.deepEqual(counts(), [2, 1, 1]);
  });

  it("keeps nothing that was written from what Google found, and takes none of it", async () => {
    await askAll(open(true));
    for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      assert.ok(!(await readFile(path.join(entry.parentPath, entry.name), "utf8")).includes(REASON));
    }
    await askAll(open(false));
    assert.deepEqual(counts(), [1, 1, 2]);
    await askAll(open(true));
    assert.deepEqual(counts(), [1, 1, 3]);
  });
});
