import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { ReportChanges } from "../../src/core/report/report-diff.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { runProgram, type Ended } from "../fakes/run-program.js";
import { article, startFakeWeb, type FakePage, type FakeWeb } from "../fakes/searxng.js";

/* Reports refreshed and followed up, by the built program, as a user starts it. */

const KEY = "fake-key-for-refresh-tests";
const QUESTION = "How does a crashed run continue?";
const Result = z.object({
  session: z.string(),
  status: z.string(),
  report: z.string().nullable(),
  calls: z.object({ model: z.number(), search: z.number(), read: z.number() }),
  citations: z.array(z.object({ claim: z.string() })),
  refresh: z
    .object({ report: z.string(), draft: z.string().nullable(), edited: z.boolean(), changes: ReportChanges })
    .optional(),
});

describe("a report that is there", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  let web: FakeWeb | null = null;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
  });
  afterEach(async () => {
    await fake.close();
    await web?.close();
    web = null;
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  const gemini = (): Record<string, string> => ({
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: fake.address,
    WEB_SEARCHES: "google",
  });
  const run = (args: string[], env: Record<string, string> = {}, during?: Parameters<typeof runProgram>[3]) =>
    runProgram(folder.path, args, env, during);
  const json = ({ stdout, stderr }: Ended): z.infer<typeof Result> => {
    assert.notEqual(stdout, "", stderr);
    return Result.parse(JSON.parse(stdout));
  };
  const at = (file: string | null | undefined): string => path.join(folder.path, file ?? "nowhere");
  const text = (file: string | null | undefined): Promise<string> => readFile(at(file), "utf8");
  const ask = async (args: string[], env: Record<string, string> = {}): Promise<z.infer<typeof Result>> =>
    json(await run([...args, "--json"], env));
  const retries = path.join("docs", "retries.md");
  const change = async (from: string | RegExp, to: string, file = retries): Promise<void> => {
    const before = await text(file);
    const after = before.replace(from, to);
    assert.notEqual(after, before);
    await writeFile(at(file), after);
  };
  const LATER = [/is\s+asked again\. The ledger/, "is asked again after an hour. The ledger"] as const;

  /** What Gemini's stand-in quotes. */
  const LEDGER = ["continues from the ledger", "continues from the ledger after an hour"] as const;

  it("is refreshed as a draft, accepted, and stands when it is verified", async () => {
    const { report } = await ask([QUESTION]);
    const old = await text(report);
    await change(...LATER);
    const ended = await run(["refresh", report ?? ""]);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /: 1 claim reworded; 1 source changed\.\n/);
    assert.match(ended.stderr, /now: Entries .* asked again after an hour\./);
    const draft = ended.stdout.trim().split("\n").at(-1) ?? "";
    assert.match(draft, /^data\/sessions\/[^/]+\/refreshed\.md$/);
    // Until it is accepted nothing happens to the old one.
    assert.equal(await text(report), old);
    const id = draft.split("/")[2] ?? "";
    const accepted = await run(["accept", id]);
    assert.deepEqual([accepted.code, accepted.stdout.trim()], [0, report]);
    const now = await text(report);
    assert.match(now, /asked again after an hour\. \[\[/);
    assert.match(now, new RegExp(`^session: ${id}$`, "m"));
    assert.equal(existsSync(at(draft)), false);
    // Its snapshots are all its own.
    const first = /^session: (.*)$/m.exec(old)?.[1] ?? "none";
    await rm(at(path.join("data", "sessions", first)), { recursive: true });
    const verified = await run(["verify", report ?? ""]);
    assert.equal(verified.code, 0, verified.stdout);
    assert.match(verified.stdout, /\d+ citations, all valid/);
    // The accepted one is refreshed like any other, though the first session is gone.
    await change("after an hour", "after two hours");
    const next = await ask(["refresh", report ?? "", "--accept"]);
    assert.deepEqual([next.report, next.refresh?.draft], [report, null]);
    assert.match(await text(report), /after two hours/);
    const listed = z.array(z.object({ id: z.string(), report: z.string().nullable() }));
    const sessions = listed.parse(JSON.parse((await run(["sessions", "--json"])).stdout));
    assert.deepEqual(
      sessions.map((each) => each.report),
      [report, report],
    );
  });

  it("stays as it is, and no model is asked, where nothing changed", async () => {
    const { report } = await ask([QUESTION, "--source", "workspace"], gemini());
    const old = await text(report);
    const before = fake.requests.length;
    const done = await ask(["refresh", report ?? ""], gemini());
    assert.equal(fake.requests.length, before);
    assert.deepEqual(
      [done.status, done.report, done.refresh?.draft, done.calls.model],
      ["done", report, null, 0],
    );
    assert.equal(await text(report), old);
    const refused = await run(["accept", done.session]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /nothing had changed/);
  });

  it("is not replaced where it was edited meanwhile, unless that is said; a draft can be discarded", async () => {
    const { report } = await ask([QUESTION]);
    await change(...LATER);
    const { session, refresh } = await ask(["refresh", report ?? ""]);
    const edited = (await text(report)).replace("A crashed run", "*A crashed run*");
    await writeFile(at(report), edited);
    const refused = await run(["accept", session]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /was edited since the refresh began/);
    assert.equal(await text(report), edited);
    assert.equal((await run(["discard", session])).code, 0);
    assert.equal(existsSync(at(refresh?.draft)), false);
    assert.equal((await run(["accept", session, "--overwrite"])).code, 2);
    // Its session brings the draft back.
    const resumed = await ask(["resume", session]);
    assert.equal(resumed.refresh?.draft, refresh?.draft);
    assert.equal((await run(["accept", session, "--overwrite"])).code, 0);
    assert.match(await text(report), /after an hour/);
    // What was edited before a refresh began is told.
    await writeFile(at(report), (await text(report)).replace("# How", "# Mine: how"));
    await change("after an hour", "after two hours");
    assert.equal((await ask(["refresh", report ?? ""])).refresh?.edited, true);
  });

  it("goes on after a kill to the same bytes, and pays nothing twice", async () => {
    const { report } = await ask([QUESTION, "--source", "workspace"], gemini());
    await change(...LEDGER);
    const whole = await ask(["refresh", report ?? "", "--no-cache"], gemini());
    const wanted = await text(whole.refresh?.draft);
    await fake.close();
    fake = await startFakeGemini({ latency: 150 });
    const before = new Set(await readdir(at("data/sessions")));
    const killed = await run(
      ["refresh", report ?? "", "--no-cache"],
      { ...gemini(), LOG_LEVEL: "DEBUG" },
      (kill, stderr) => {
        const timer = setInterval(() => {
          if (!/Writing .*…/.test(stderr())) return;
          clearInterval(timer);
          kill("SIGKILL");
        }, 5);
        setTimeout(() => clearInterval(timer), 20_000).unref();
      },
    );
    assert.equal(killed.signal, "SIGKILL", killed.stderr);
    // Not the last by name: two that begin in one second stand in any order.
    const id = (await readdir(at("data/sessions"))).find((each) => !before.has(each)) ?? "";
    const extractions = (): number => fake.requests.filter(({ role }) => role === "extract").length;
    const paid = extractions();
    const resumed = await ask(["resume", id, "--no-cache"], gemini());
    assert.equal((await text(resumed.refresh?.draft)).replaceAll(id, whole.session), wanted);
    assert.equal(extractions(), paid);
    assert.deepEqual(resumed.refresh?.changes, whole.refresh?.changes);
  });

  it("keeps to its limits: a refresh that may not spend ends as a partial draft", async () => {
    const { report } = await ask([QUESTION, "--source", "workspace"], gemini());
    await change(...LEDGER);
    const ended = await run(
      ["refresh", report ?? "", "--no-cache", "--max-calls", "1", "--accept", "--json"],
      gemini(),
    );
    assert.equal(ended.code, 3, ended.stderr);
    const { status, refresh } = json(ended);
    // A partial one takes no whole one's place by itself.
    assert.equal(status, "partial");
    assert.match(await text(refresh?.draft), /The limit of 1 calls for this session has been reached/);
    const dear = await run(["refresh", report ?? "", "--no-cache", "--json"], {
      ...gemini(),
      ASK_ABOVE_USD: "0.000001",
    });
    assert.equal(dear.code, 2, dear.stderr);
    assert.match(dear.stderr, /it may take \d+ to \d+ calls/);
  });

  it("says clearly what a refresh lacks: the session, a snapshot, a key, a report", async () => {
    const { report, session } = await ask([QUESTION, "--source", "workspace"], gemini());
    const none = await run(["refresh", report ?? ""]);
    assert.deepEqual([none.code, none.stderr.includes("no API key is set")], [2, true]);
    const other = await run(["refresh", "README.md"], gemini());
    assert.deepEqual(
      [other.code, other.stderr.includes("README.md is not a Deep Research report")],
      [2, true],
    );
    const sources = at(path.join("data", "sessions", session, "sources"));
    const [snapshot = ""] = await readdir(sources);
    const kept = await readFile(path.join(sources, snapshot));
    await rm(path.join(sources, snapshot));
    const missing = await run(["refresh", report ?? ""], gemini());
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /A snapshot of the session .* is missing or was changed/);
    await writeFile(path.join(sources, snapshot), kept);
    // An archived session is brought back.
    assert.equal((await run(["archive", session])).code, 0);
    const back = await run(["refresh", report ?? ""], gemini());
    assert.equal(back.code, 0, back.stderr);
    assert.match(back.stderr, /has been moved back to its folder/);
    await rm(at(path.join("data", "sessions", session)), { recursive: true });
    const gone = await run(["refresh", report ?? ""], gemini());
    assert.equal(gone.code, 2);
    assert.match(
      gone.stderr,
      /can't be refreshed because its session .* no longer exists\. You can still verify it\./,
    );
  });

  const MOUSE = "A glacier mouse is a ball of moss that keeps moving for about six years on the ice.";
  const FILLER =
    "The field station keeps its instruments in a wooden hut beside the moraine, and the rangers walk there each week in summer. " +
    "Weather on the ridge changes within the hour, so each visit is planned with a margin, and the notebooks are copied at night.";
  const page = (...said: string[]): FakePage => ({
    title: "Glacier mice",
    body: article(
      "Glacier mice",
      said.flatMap((each) => [each, FILLER]),
    ),
  });
  const online = (): Record<string, string> => ({
    SEARXNG_URL: web?.address ?? "",
    ALLOWED_PRIVATE_HOSTS: web?.host ?? "",
  });

  it("reads pages as they are today, not from the cache; one that vanished takes its sentences along", async () => {
    const pages: Record<string, FakePage> = {
      "/mice": page(MOUSE),
      "/more": page(
        "Nobody has seen what moves a glacier mouse, since neither wind nor slope explains its way.",
      ),
    };
    web = await startFakeWeb(pages);
    const { report } = await ask(["What is a glacier mouse?", "--source", "web"], online());
    assert.match(await text(report), /six years[^]*neither wind/);
    pages["/mice"] = page(MOUSE.replace("six", "seven"));
    delete pages["/more"];
    const { refresh } = await ask(["refresh", report ?? ""], online());
    assert.ok(refresh !== undefined);
    const draft = await text(refresh.draft);
    assert.match(draft, /seven years/);
    assert.doesNotMatch(draft, /six years|neither wind|\/more/);
    assert.deepEqual(refresh.changes.sources.map(({ state }) => state).sort(), ["changed", "vanished"]);
    assert.equal(refresh.changes.claims.reworded.length, 1);
    assert.equal(refresh.changes.claims.removed.length, 1);
    assert.equal((await run(["refresh", report ?? "", "--accept"], online())).code, 0);
    assert.equal((await run(["verify", report ?? ""])).code, 0);
    // A server that is down takes nothing along.
    await web.close();
    web = null;
    const down = await ask(["refresh", report ?? ""]);
    assert.ok(down.refresh !== undefined);
    assert.deepEqual(
      down.refresh.changes.sources.map(({ state }) => state),
      ["kept"],
    );
    assert.equal(down.refresh.draft, null);
  });

  it("is gone on from: the plan knows what was asked, and its pages are read as they were kept", async () => {
    const pages: Record<string, FakePage> = {
      "/mice": page(MOUSE, "The rangers count each glacier mouse on the first day of a month."),
    };
    web = await startFakeWeb(pages);
    const whole = pages["/mice"];
    assert.ok(whole !== undefined);
    const first = await ask(["What is a glacier mouse?", "--source", "web"], { ...online(), ...gemini() });
    const asked = web.asked.length;
    pages["/mice"] = page("Nothing.");
    const planned = fake.requests.length;
    const next = await ask(
      ["follow", first.session, "And which rangers count them?", "--source", "workspace", "--no-cache"],
      { ...online(), ...gemini() },
    );
    assert.equal(next.status, "done", await text(next.report));
    // The page was not fetched again, and is quoted as it was.
    assert.equal(web.asked.length, asked);
    assert.match(await text(next.report), /The rangers count each glacier mouse/);
    assert.equal((await run(["verify", next.report ?? ""])).code, 0);
    const plan = fake.requests.slice(planned).find(({ role }) => role === "plan");
    assert.match(JSON.stringify(plan?.body.contents), /Question: What is a glacier mouse\?/);
    const journal = await text(`data/sessions/${next.session}/journal.jsonl`);
    assert.match(journal.split("\n")[0] ?? "", new RegExp(`"follows":"${first.session}"`));
    // What Google found stays in its own session.
    const searched = journal.split("\n").filter((line) => line.includes('"task":{"type":"load-sources"'));
    assert.equal(
      searched.some((line) => line.includes("grounding-api-redirect")),
      false,
    );
    pages["/mice"] = whole;
    // It stands alone: it goes on, and is refreshed, without the earlier one.
    await rm(at(`data/sessions/${first.session}`), { recursive: true });
    assert.equal((await ask(["resume", next.session], { ...online(), ...gemini() })).report, next.report);
    assert.equal((await run(["refresh", next.report ?? ""], { ...online(), ...gemini() })).code, 0);
  });

  it("carries the earlier question's words over where the next one names too little, with no key", async () => {
    const { session } = await ask([QUESTION]);
    const next = await ask(["follow", session, "And what is skipped?"]);
    assert.match(await text(next.report), /Entries that have an answer are skipped/);
    assert.match(await text(next.report), /^> \*\*Question\.\*\* And what is skipped\?$/m);
  });

  it("sends nothing of the workspace to Gemini where only the web is asked next", async () => {
    web = await startFakeWeb({ "/mice": page(MOUSE) });
    const { session } = await ask([QUESTION]);
    const env = { ...online(), ...gemini() };
    const next = await ask(
      ["follow", session, "And what is a glacier mouse?", "--source", "web", "--no-cache"],
      env,
    );
    assert.equal(next.status, "done");
    const sent = JSON.stringify(fake.requests.map(({ body }) => body));
    assert.match(sent, /How does a crashed run continue/);
    assert.doesNotMatch(sent, /courier|first entry|continues from the ledger|retries\.md/);
    const journal = await text(`data/sessions/${next.session}/journal.jsonl`);
    assert.doesNotMatch(journal, /continues from the ledger|retries\.md/);
    // With the workspace in its scope it may.
    await ask(["follow", session, "And what is skipped?", "--source", "workspace", "--no-cache"], env);
    assert.match(JSON.stringify(fake.requests.map(({ body }) => body)), /continues from the ledger/);
  });

  it("sends no intranet page to Gemini that only the offline engine has read", async () => {
    web = await startFakeWeb({ "/mice": page(MOUSE) });
    const { session } = await ask(["What is a glacier mouse?", "--source", "web"], online());
    await ask(["follow", session, "And what is a ledger?", "--source", "workspace", "--no-cache"], {
      ...online(),
      ...gemini(),
    });
    assert.doesNotMatch(JSON.stringify(fake.requests.map(({ body }) => body)), /six years/);
  });

  it("cannot be gone on from where there is no answer, or no such session", async () => {
    const none = await run(["follow", "20261122-101500-none-7f3a", "And then?"]);
    assert.deepEqual([none.code, none.stderr.includes("There is no session")], [2, true]);
    const empty = await run(["follow", "20261122-101500-none-7f3a", " "]);
    assert.deepEqual([empty.code, empty.stderr.includes("question is empty")], [2, true]);
  });
});
