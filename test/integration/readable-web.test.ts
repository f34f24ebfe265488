import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { runProgram, type Ended } from "../fakes/run-program.js";
import { article, startFakeWeb, type FakePage, type FakeWeb } from "../fakes/searxng.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startWebSources } from "../fakes/web-sources-server.js";

/*
 * A question to the web gives evidence that can be checked: with nothing but a Gemini key, from pages that the plan names
 * and sites; with no key at all, from sites.
 */

const KEY = "fake-key-for-readable-web";
const QUESTION = "How long does a glacier mouse keep moving?";
const FILLER =
  "The field station keeps its instruments in a wooden hut beside the moraine, and the rangers walk there each week in summer. " +
  "Weather on the ridge changes within the hour, so each visit is planned with a margin, and the notebooks are copied at night.";
const page = (title: string, ...said: string[]): FakePage => ({
  title,
  body: article(
    title,
    said.flatMap((each) => [each, FILLER]),
  ),
});

const Result = z.object({
  engine: z.string(),
  status: z.string(),
  report: z.string(),
  google: z.unknown().optional(),
  evidence: z.array(z.object({ check: z.string(), source: z.object({ kind: z.string() }) })),
  citations: z.array(z.object({ verdict: z.string() })),
});

describe("the web that can be read", function () {
  this.timeout(90_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let web: FakeWeb;
  let gemini: FakeGemini;

  beforeEach(async () => {
    folder = await aFolder();
    gemini = await startFakeGemini();
    const pages: Record<string, FakePage> = {
      "/mouse": page(
        "Glacier mice on the move",
        "A glacier mouse is a ball of moss that lives on the ice. It keeps moving for about six years, by a few centimetres a day.",
        "Nobody has seen what moves a glacier mouse, since neither the wind nor the slope explains its way.",
      ),
      "/docs/herds/": page(
        "Herds",
        "A herd of glacier mice keeps moving together, at about 2.5 centimetres a day.",
      ),
      "/docs/tides/": page("Tides", "The tide table hangs at the gate of the harbour."),
    };
    web = await startFakeWeb(pages);
    pages["/docs/search/search_index.json"] = {
      title: "",
      type: "application/json",
      body: JSON.stringify({
        docs: [
          { location: "herds/", title: "Herds", text: "A herd of glacier mice keeps moving together." },
          { location: "tides/", title: "Tides", text: "The tide table hangs at the gate." },
        ],
      }),
    };
  });
  afterEach(async () => {
    await web.close();
    await gemini.close();
    await folder.remove();
    assert.deepEqual(gemini.violations, []);
  });

  const run = (args: string[], key = true): Promise<Ended> =>
    runProgram(folder.path, args, {
      ALLOWED_PRIVATE_HOSTS: web.host,
      ...(key ? { GEMINI_API_KEY: KEY, GEMINI_BASE_URL: gemini.address } : {}),
    });
  /** The share of cited sentences that were checked, and that `verify` finds as they were. */
  const checkedShare = async ({ stdout, stderr }: Ended, engine: string): Promise<number> => {
    assert.notEqual(stdout, "", stderr);
    const result = Result.parse(JSON.parse(stdout));
    assert.deepEqual([result.engine, result.status, result.google], [engine, "done", undefined]);
    assert.ok(result.evidence.every(({ check, source }) => check !== "grounded" && source.kind === "page"));
    assert.ok(result.citations.length >= 2, stdout);
    const verified = await run(["verify", result.report], false);
    assert.equal(verified.code, 0, verified.stdout);
    return (
      result.citations.filter(({ verdict }) => verdict !== "not-checked").length / result.citations.length
    );
  };

  it("gives checked sentences with only a Gemini key, and Google Search is not asked", async () => {
    const question = `${QUESTION} (${web.address}/mouse, ${web.address}/gone)`;
    const ended = await run([question, "--source", "web", "--source", `site:${web.address}/docs/`, "--json"]);
    assert.ok((await checkedShare(ended, "gemini")) >= 0.9);
    assert.ok(web.asked.includes("/mouse") && web.asked.includes("/docs/herds/"));
    assert.equal(gemini.requests.filter(({ role }) => role === "search").length, 0);
    const said = ended.stderr.split("\n").filter((line) => line.includes("WEB_SEARCHES"));
    assert.equal(said.length, 1, ended.stderr);
    assert.match(
      said[0] ?? "",
      /No search service receives your question.*set WEB_SEARCHES .* to one or more of github/,
    );
  });

  it("gives checked sentences with no key at all, from sites", async () => {
    const ended = await run([QUESTION, "--source", `site:${web.address}/docs/`, "--json"], false);
    assert.equal(await checkedShare(ended, "offline"), 1);
    assert.equal(gemini.requests.length, 0);
  });

  it("gives checked sentences with no key at all, from open services, each named with its licence", async () => {
    const { services, close } = await startWebSources();
    try {
      const searches = ["github", "stackexchange", "wikipedia", "mdn"];
      const env = {
        WEB_SEARCHES: searches.join(","),
        DEEP_RESEARCH_TEST_SERVICES: `http://${services.host}`,
      };
      const ended = await runProgram(folder.path, [QUESTION, "--source", "web", "--json"], env);
      assert.equal(await checkedShare(ended, "offline"), 1);
      const { report } = Result.parse(JSON.parse(ended.stdout));
      const text = await readFile(path.join(folder.path, report), "utf8");
      for (const said of [
        "https://github.com/moss/mice/issues/1",
        "By octo (owner) and others on GitHub.",
        "accepted answer by Bob, CC BY-SA 4.0",
        "https://en.wikipedia.org/w/index.php?title=Glacier_mouse&oldid=1001",
        "By the contributors to Wikipedia, CC BY-SA 4.0.",
      ])
        assert.ok(text.includes(said), `${said}\n${text}`);
      assert.equal(gemini.requests.length, 0);
    } finally {
      await close();
    }
  });

  it("has Google's answers in a section of their own where that is chosen, and nothing cites them", async () => {
    const question = `${QUESTION} (${web.address}/mouse)`;
    const ended = await run([question, "--source", "web", "--source", "google"]);
    assert.equal(ended.code, 0, ended.stderr);
    const report = await readFile(path.join(folder.path, ended.stdout.trim()), "utf8");
    const [body = "", section = ""] = report.split(/^## What Google Search says$/m);
    assert.match(body, /\[\[1\.\d\]\]\(#source-1\)/);
    assert.doesNotMatch(report, /not re-checkable/);
    assert.match(section, /^Google’s suggestions: \[[^\]]+\]\(https:\/\/[\w.]*google\.com\//m);
    assert.doesNotMatch(section, /(?<!\\)<(?:div|a|style)/);
    const verified = await run(["verify", ended.stdout.trim()], false);
    assert.equal(verified.code, 0);
    assert.match(verified.stdout, /The section by Google Search was not checked/);
  });
});
