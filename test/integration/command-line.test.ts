import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../fakes/temporary-folder.js";
import { programEnvironment, runProgram, type Ended } from "../fakes/run-program.js";
import { makePdf, paragraph } from "../fakes/pdf.js";
import { dayQuota, errorReply, startFakeGemini, type FakeGemini } from "../fakes/gemini.js";

/* The built program, as a user starts it, against a stand-in for Gemini. */

const KEY = "fake-key-for-terminal-tests";

/** The contract of `--json`: what is named here stays. */
const Result = z.object({
  session: z.string().regex(/^\d{8}-\d{6}-[a-z0-9-]+$/),
  status: z.enum(["done", "partial", "failed", "cancelled"]),
  reason: z.enum(["no-answer", "unfinished"]).optional(),
  engine: z.enum(["gemini", "offline"]),
  report: z.string().nullable(),
  calls: z.object({ model: z.number(), search: z.number(), read: z.number() }),
  tokens: z.object({ in: z.number(), out: z.number() }),
  usd: z.number(),
  seconds: z.number(),
  evidence: z.array(
    z.object({
      id: z.string(),
      quote: z.string(),
      check: z.enum(["exact", "normalized", "grounded"]),
      at: z.object({ sha256: z.string().length(64), start: z.number(), end: z.number() }).nullable(),
      source: z.discriminatedUnion("kind", [
        z.object({
          kind: z.literal("workspace"),
          path: z.string(),
          lines: z.tuple([z.number(), z.number()]),
        }),
        z.object({ kind: z.literal("page"), url: z.string(), title: z.string() }),
        z.object({ kind: z.literal("grounded"), url: z.string(), title: z.string() }),
      ]),
    }),
  ),
  google: z.array(z.object({ question: z.string(), text: z.string() })).optional(),
  citations: z.array(
    z.object({
      n: z.string().regex(/^\d+(\.\d+)?$/),
      claim: z.string(),
      evidence: z.array(z.string()).min(1),
      verdict: z.enum(["supported", "qualified", "contradicted", "unsupported", "not-checked"]),
    }),
  ),
});

describe("the terminal", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;

  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  /** Starts the program in the workspace; `during` may act on it while it runs. */
  const run = (
    args: string[],
    env: Record<string, string> = {},
    during?: (kill: (signal: NodeJS.Signals) => void, stderr: () => string) => void,
  ): Promise<Ended> => runProgram(folder.path, args, env, during);
  const gemini = (): Record<string, string> => ({
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: fake.address,
    WEB_SEARCHES: "google",
  });
  const json = ({ stdout }: Ended): z.infer<typeof Result> => Result.parse(JSON.parse(stdout));
  const everyFile = async (from = folder.path): Promise<string[]> => {
    const names = await readdir(from, { recursive: true });
    const files = await Promise.all(
      names.map(async (name) =>
        (await stat(path.join(from, name))).isFile() ? [path.join(from, name)] : [],
      ),
    );
    return files.flat();
  };

  it("researches the workspace with no key, and every citation stands", async () => {
    const ended = await run(["How does a crashed run continue?"]);
    assert.equal(ended.code, 0, ended.stderr);
    const report = ended.stdout.trim().split("\n").at(-1) ?? "";
    assert.match(report, /^data\/reports\/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$/);
    assert.equal(ended.stdout.trim().split("\n").length, 1, "the answer in short is on stderr");
    assert.match(
      ended.stderr,
      /\nHow a crashed run continues\n[^]*\n {2}\S.*\n[^]*\n(\d+) of \1 quotes found · \d+ sources? cited · [\d.]+ m?s\n/,
    );
    const resumed = await run(["resume", "last"]);
    assert.deepEqual([resumed.code, resumed.stdout], [0, ended.stdout]);
    assert.match(resumed.stderr, /^The session \S+ is finished: there is nothing to resume\. Its report:\n$/);
    await rm(path.join(folder.path, report));
    const again = await run(["resume", "last"]);
    assert.deepEqual([again.code, again.stdout], [0, ended.stdout], "a report that is gone is written again");
    assert.match(again.stderr, /^Resumed /);
    assert.match((await run(["stats"])).stdout, /\n0 model calls, \d+ steps of the offline engine, /);
    const text = await readFile(path.join(folder.path, report), "utf8");
    assert.match(text, /^engine: offline$/m);
    assert.match(text, /> \*\*Offline engine\.\*\*/);
    assert.match(text, /A crashed run continues from the ledger\. \[\[1\.\d\]\]\(#source-1\)/);
    const checked = await run(["verify", report]);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stdout, /citations?, all valid/);
  });

  it("prints a path that the shell it was started from can open, with --workspace too", async () => {
    const elsewhere = await aFolder();
    try {
      const env = { TZ: "Pacific/Kiritimati" };
      const today = new Intl.DateTimeFormat("sv", { timeZone: env.TZ }).format(new Date());
      const outside = await runProgram(
        elsewhere.path,
        ["How does a crashed run continue?", "--workspace", folder.path],
        env,
      );
      const report = outside.stdout.trim().split("\n").at(-1) ?? "";
      assert.equal(path.isAbsolute(report), true, report);
      // The day is that of the user's calendar, not of Greenwich.
      assert.match(path.basename(report), new RegExp(`^${today}-`));
      const text = await readFile(path.resolve(elsewhere.path, report), "utf8");
      assert.match(text, new RegExp(`^date: ${today}$`, "m"));
      assert.match(text, new RegExp(`, read on ${today}\\.$`, "m"));
      for (const args of [
        ["verify", report],
        ["verify", report, "--workspace", folder.path],
      ]) {
        const checked = await runProgram(elsewhere.path, args, env);
        assert.equal(checked.code, 0, checked.stdout + checked.stderr);
        assert.ok(checked.stdout.startsWith(`${report}: `), checked.stdout);
      }
      // Another time zone shows the same report the same way.
      assert.equal((await runProgram(folder.path, ["verify", report], { TZ: "UTC" })).code, 0);
      const below = await runProgram(path.join(folder.path, "docs"), ["sessions", "--workspace", ".."]);
      assert.ok(below.stdout.includes(report), below.stdout);
    } finally {
      await elsewhere.remove();
    }
  });

  it("prints one object of the contract's shape with --json", async () => {
    const ended = await run(["How does a crashed run continue?", "--json", "--depth", "quick"]);
    const result = json(ended);
    assert.deepEqual([result.status, result.engine, result.usd], ["done", "offline", 0]);
    const session = path.join(folder.path, "data/sessions", result.session);
    const journal = await readFile(path.join(session, "journal.jsonl"), "utf8");
    for (const { id, quote, source, at } of result.evidence) {
      // Where it stands is kept, and stands there.
      assert.ok(at !== null && journal.includes(JSON.stringify({ id, ...at, check: "exact" })));
      const snapshot = await readFile(path.join(session, `sources/${at.sha256.slice(0, 16)}.md`), "utf8");
      assert.equal(snapshot.slice(snapshot.indexOf("\n---\n\n") + 6).slice(at.start, at.end), quote);
      assert.equal(source.kind, "workspace");
      const lines = (await readFile(path.join(folder.path, source.path), "utf8")).split("\n");
      const [first, last] = source.lines;
      assert.ok(
        lines
          .slice(first - 1, last)
          .join("\n")
          .includes(quote),
        quote,
      );
    }
    const known = new Set(result.evidence.map(({ id }) => id));
    assert.ok(result.citations.length > 0);
    assert.equal(
      result.citations.every(({ evidence }) => evidence.every((id) => known.has(id))),
      true,
    );
  });

  it("researches with Gemini, and the key stands in no file, log, message or address", async () => {
    const one = await run(["How does a crashed run continue?", "--source", "workspace", "--source", "web"], {
      ...gemini(),
      LOG_LEVEL: "DEBUG",
    });
    assert.equal(one.code, 0, one.stderr);
    const two = await run(["What is a ledger?", "--json"], gemini());
    const result = json(two);
    assert.equal(result.engine, "gemini");
    assert.deepEqual(result.evidence, []);
    assert.ok(result.google?.every(({ text }) => text !== ""));
    assert.ok(result.usd > 0 && result.tokens.in > 0);
    const failed = await run(["Anything at all?"], { ...gemini(), GEMINI_API_KEY: `bad-${KEY}` });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /Google does not recognize this Gemini API key/);
    for (const { stdout, stderr } of [one, two, failed]) assert.equal((stdout + stderr).includes(KEY), false);
    for (const file of await everyFile())
      assert.equal((await readFile(file, "utf8")).includes(KEY), false, file);
    assert.equal(
      fake.requests.some((request) => request.path.includes(KEY)),
      false,
    );
    assert.equal(
      fake.requests.every(({ key }) => key.includes(KEY)),
      true,
    );
  });

  it("sends no text of the workspace to Gemini unless that was chosen", async () => {
    await run(["How does a crashed run continue?"], gemini());
    assert.ok(fake.requests.length > 0);
    assert.equal(JSON.stringify(fake.requests).includes("continues from the ledger"), false);
  });

  it("goes on after kill -9 without asking again what was answered, to the same report", async () => {
    await fake.close();
    fake = await startFakeGemini({ latency: 60 });
    const ask = ["How does a crashed run continue?", "--source", "workspace", "--no-cache", "--json"];
    const whole = json(await run(ask, gemini()));
    const asked = fake.requests.length;
    const wanted = await readFile(path.join(folder.path, whole.report ?? ""), "utf8");
    for (const after of [1, 3, asked - 1]) {
      fake.requests.length = 0;
      const killed = await run(ask, gemini(), (kill) => {
        const timer = setInterval(() => {
          if (fake.requests.length < after) return;
          clearInterval(timer);
          kill("SIGKILL");
        }, 5);
      });
      assert.equal(killed.signal, "SIGKILL");
      const [listed] = z
        .array(z.object({ id: z.string(), status: z.string() }))
        .parse(JSON.parse((await run(["sessions", "--json"])).stdout));
      assert.equal(listed?.status, "interrupted");
      const lines = (
        await readFile(path.join(folder.path, "data/sessions", listed.id, "journal.jsonl"), "utf8")
      ).split("\n");
      const count = (type: string): number =>
        lines.filter((line) => line.startsWith(`{"type":"${type}"`)).length;
      const inFlight = count("intent") - count("outcome");
      const resumed = json(await run(["resume", listed.id, "--no-cache", "--json"], gemini()));
      assert.equal(resumed.status, "done");
      // What had an outcome is not asked again: only what was in flight at the kill may be.
      assert.ok(
        fake.requests.length <= asked + inFlight,
        `${fake.requests.length} of ${asked} calls, ${inFlight} in flight`,
      );
      const text = await readFile(path.join(folder.path, resumed.report ?? ""), "utf8");
      assert.equal(text.replaceAll(resumed.session, whole.session), wanted);
    }
  });

  it("leaves a session that can be resumed when it is interrupted", async () => {
    await fake.close();
    fake = await startFakeGemini({ latency: 200 });
    const ended = await run(
      ["How does a crashed run continue?", "--source", "workspace"],
      gemini(),
      (kill, stderr) => {
        const timer = setInterval(() => {
          if (!stderr().includes("Plan:")) return;
          clearInterval(timer);
          kill("SIGINT");
        }, 5);
      },
    );
    assert.equal(ended.code, 130);
    const id = /deep-research resume (\S+)/.exec(ended.stderr)?.[1] ?? "";
    const before = fake.requests.filter(({ role }) => role === "plan").length;
    assert.equal((await run(["resume", id], gemini())).code, 0);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, before);
  });

  it("stops what else it had begun when it fails, and leaves a sound journal", async () => {
    fake.script("search", () => "hang");
    fake.script("plan", () => errorReply(403, "PERMISSION_DENIED", "No."));
    const began = performance.now();
    const ended = await run(["Anything at all?", "--json"], gemini());
    assert.equal(ended.code, 1);
    assert.ok(performance.now() - began < 10_000, "it does not wait for the search");
    assert.doesNotMatch(ended.stderr, /EBADF|Cannot write/);
    const { session } = json(ended);
    const journal = await readFile(path.join(folder.path, "data/sessions", session, "journal.jsonl"), "utf8");
    assert.match(journal.trim().split("\n").at(-1) ?? "", /"type":"ended".*"status":"failed"/);
  });

  it("ends in a partial report when the day's quota is used up, and completes it later", async () => {
    let used = true;
    fake.script("write", () => (used ? dayQuota() : undefined));
    const partial = await run(
      ["How does a crashed run continue?", "--source", "workspace", "--json"],
      gemini(),
    );
    assert.equal(partial.code, 3);
    const { session, report, status, reason } = json(partial);
    assert.deepEqual([status, reason], ["partial", "unfinished"]);
    const text = await readFile(path.join(folder.path, report ?? ""), "utf8");
    assert.match(text, /> \*\*Partial report\.\*\* .*used up/);
    assert.match(text, /continues from the ledger/);
    used = false;
    const completed = json(await run(["resume", session, "--json"], gemini()));
    assert.deepEqual([completed.status, completed.report], ["done", report]);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
  });

  it("offers to resume only where something is left to do", async () => {
    const question = "Which Kubernetes operator does the ledger use?";
    const ended = await run([question]);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /Nothing that answers the question was found/);
    assert.doesNotMatch(ended.stderr, /resume/);
    assert.equal(json(await run([question, "--json"])).reason, "no-answer");
    fake.script("write", () => dayQuota());
    const unfinished = await run(["How does a crashed run continue?", "--source", "workspace"], gemini());
    assert.match(unfinished.stderr, /The report is partial\. .*deep-research resume/);
  });

  it("says that no answer was found, once, and what to try", async () => {
    const ended = await run(["Qwertyuiop asdfghjkl zxcvbnm?"]);
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      /\nNo answer was found\.\nNo readable sources were found .* in the workspace\. Use words .* --source: web, .*\n$/,
    );
    assert.equal(ended.stderr.split("No readable sources").length, 2);
    // The plan's question is the user's own: each search of it is one line.
    const searched = ended.stderr.split("\n").filter((line) => line.startsWith("Searched workspace"));
    assert.equal(searched.length, 1);
  });

  it("tells what is wrong in one line, and with the right code", async () => {
    const cases: [string[], Record<string, string>, number, RegExp][] = [
      [[""], {}, 2, /question is empty/],
      [[], {}, 2, /question is empty/],
      [["Q?", "--depth", "deeper"], {}, 2, /--depth is "deeper"; allowed: quick, standard or deep/],
      [["Q?", "--max-sources", "none"], {}, 2, /--max-sources is "none"/],
      [["Q?", "--nonsense"], {}, 2, /unknown option '--nonsense'/],
      [["Q?", "--source", "web"], {}, 2, /needs a search service that you choose, or a Gemini API key/],
      [["Q?", "--source", "ftp://example.org/"], {}, 2, /not an http or https address/],
      [
        ["Q?", "--source", "nonsense"],
        {},
        2,
        /no source “nonsense”\. The sources are workspace, .*site:URL and the address/,
      ],
      [["Q?", "--source", "wbe"], {}, 2, /no source “wbe”\. The sources are/],
      [["Q?", "--source", "worksapce"], {}, 2, /no source “worksapce”\. Did you mean: --source workspace/],
      [["Q?", "--source", "google"], {}, 2, /Google Search needs a Gemini API key/],
      [["Q?", "--source", "web"], { WEB_SEARCHES: "bing" }, 2, /WEB_SEARCHES.* none, github/],
      [["Q?", "--workspace", "nowhere"], {}, 2, /The folder \S+ does not exist/],
      [["Q?"], { GEMINI_BASE_URL: "nonsense" }, 2, /GEMINI_BASE_URL is "nonsense"; allowed: an http/],
      [["Q?"], { MAX_RESEARCH_SOURCES: "0" }, 2, /MAX_RESEARCH_SOURCES is "0"/],
      [["Q?"], { GEMINI_API_KEY: "two words" }, 1, /Gemini API key contains spaces/],
      [["resume", "20260101-000000-nothing"], {}, 2, /no session/],
      [["resume", "../../etc"], {}, 2, /not a session id/],
      [["verify", "none.md"], {}, 4, /^none\.md: This report cannot be read: it is missing\.$/m],
      [["verify", "README.md"], {}, 4, /not a Deep Research report/],
      [["Qwertyuiop asdfghjkl zxcvbnm?"], {}, 1, /No readable sources were found/],
      [["read", "http://127.0.0.1:9/"], {}, 1, /127\.0\.0\.1/],
    ];
    for (const [args, env, code, message] of cases) {
      const ended = await run(args, env);
      assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stderr}`);
      assert.match(ended.stderr, message);
      assert.doesNotMatch(ended.stderr, /\n\s+at /, "no stack trace");
    }
  });

  it("takes no mistyped command and no path for a question", async () => {
    for (const [args, said] of [
      [
        ["verifi", "data/reports"],
        /“verifi” is not a command\. Did you mean: deep-research verify data\/reports/,
      ],
      [["sesions"], /Did you mean: deep-research sessions/],
      [["helth", "--json"], /Did you mean: deep-research health/],
      [["resme", "20261129-120000-a-question-1a2b"], /Did you mean: deep-research resume 20261129-/],
      [["docs/retries.md"], /is a path, not a question.*verify docs\/retries\.md, or deep-research read/],
    ] as const) {
      const ended = await run([...args], gemini());
      assert.equal(ended.code, 2, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
      assert.match(ended.stderr, said);
    }
    assert.equal(fake.requests.length, 0);
    assert.deepEqual(await readdir(folder.path).then((names) => names.includes("data")), false);
    // Questions of one word, and without quotes, are still questions.
    for (const args of [["ledger"], ["reads", "a", "crashed", "run"]])
      assert.doesNotMatch((await run([...args, "--depth", "quick"])).stderr, /Did you mean/);
  });

  it("says when a citation no longer stands", async () => {
    const { report } = json(await run(["How does a crashed run continue?", "--json"]));
    const file = path.join(folder.path, report ?? "");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace('"A crashed run continues', '"A crashed run never continues'),
    );
    const ended = await run(["verify", report ?? "", "--json"]);
    assert.equal(ended.code, 4);
    const Checked = z.array(
      z.object({
        report: z.string(),
        ok: z.boolean(),
        citations: z.number(),
        failed: z.array(z.object({ n: z.string(), why: z.string() })),
      }),
    );
    const [checked] = Checked.parse(JSON.parse(ended.stdout));
    assert.equal(checked?.report, report);
    assert.equal(checked.ok, false);
    assert.match(checked.failed[0]?.why ?? "", /does not appear in the snapshot/);
  });

  it("shows quotes as blocks where the model asks for it, and says when one is not its quote", async () => {
    fake.script("write", (_call, _model, { body }) => {
      const prompt = body.contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join("\n");
      const ids = [...prompt.matchAll(/^(e\d+) \(/gm)].map(([, id]) => id);
      const sentences = ids.map((id) => ({ text: "", evidence: [id], asBlock: true }));
      const text = JSON.stringify({ paragraphs: [{ sentences }], table: null });
      return {
        json: { candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP" }] },
      };
    });
    const { report, citations, evidence } = json(
      await run(
        ["How does a crashed run continue?", "--json", "--depth", "quick", "--source", "workspace"],
        gemini(),
      ),
    );
    const quotes = new Map(evidence.map(({ id, quote }) => [id, quote]));
    const blocks = citations.filter(({ claim, evidence: ids }) => claim === quotes.get(ids[0] ?? ""));
    assert.ok(blocks.length > 1);
    assert.ok(blocks.every(({ verdict }) => verdict === "supported"));
    const file = path.join(folder.path, report ?? "");
    const text = await readFile(file, "utf8");
    assert.match(text, /^> A crashed run continues .*\n\n\[\[\d\.\d\]\]\(#source-\d\)$/m);
    const sound = await run(["verify", report ?? ""]);
    assert.equal(sound.code, 0, sound.stdout);
    await writeFile(file, text.replace(/^> A crashed run continues/m, "> A crashed run never continues"));
    const ended = await run(["verify", report ?? ""]);
    assert.equal(ended.code, 4);
    assert.match(ended.stdout, /The block does not show quote \d\.\d word for word\./);
  });

  it("tells quotes that moved from quotes that changed, and from files that are gone", async () => {
    const { report } = json(await run(["How does a crashed run continue?", "--json"]));
    const Checked = z.array(
      z.object({
        ok: z.boolean(),
        since: z.array(z.object({ n: z.string(), state: z.string(), why: z.string() })),
      }),
    );
    const since = async (): Promise<{ n: string; state: string; why: string }[]> => {
      const ended = await run(["verify", report ?? "", "--json"]);
      assert.equal(ended.code, 0, "the snapshot holds the quotes all the same");
      const [checked] = Checked.parse(JSON.parse(ended.stdout));
      assert.equal(checked?.ok, true);
      return checked.since;
    };
    assert.deepEqual(await since(), []);
    const file = path.join(folder.path, "docs/retries.md");
    const before = await readFile(file, "utf8");
    await writeFile(file, `${"A line.\n\n".repeat(30)}${before}`);
    const moved = await since();
    assert.ok(moved.length > 0 && moved.every(({ state }) => state === "moved"));
    assert.match(moved[0]?.why ?? "", /^It is now at line \d\d of retries\.md\.$/);
    await writeFile(file, before.replaceAll(/crashed run/g, "broken run"));
    const changed = await since();
    assert.ok(
      changed.some(({ state, why }) => state === "changed" && why === "retries.md no longer says this."),
    );
    await rm(file);
    assert.ok((await since()).some(({ state }) => state === "gone"));
    assert.match((await run(["verify", report ?? ""])).stdout, /all valid\.\n {2}\d\.\d gone since: /);
    // From elsewhere nothing is known of the workspace, and nothing is said.
    const outside = await run(["verify", path.join(folder.path, report ?? ""), "--workspace", "/usr/lib"]);
    assert.match(outside.stdout, /all valid\.\n$/);
  });

  it("checks a folder of reports, as the README's workflow does", async () => {
    const { report } = json(await run(["How does a crashed run continue?", "--json"]));
    await writeFile(path.join(folder.path, "data/reports/README.md"), "# Reports\n");
    const all = await run(["verify", "data/reports"]);
    assert.equal(all.code, 0);
    assert.match(all.stdout, /all valid\.\n$/);
    assert.match(all.stderr, /README\.md is not a report and was skipped\./);

    const line = /^ +- run: (npm start --prefix .*)$/m.exec(await readFile("README.md", "utf8"))?.[1] ?? "";
    const workflow = (): ReturnType<typeof spawnSync> =>
      spawnSync("bash", ["-c", line.replace(".deep-research", process.cwd())], {
        cwd: folder.path,
        env: programEnvironment({ GITHUB_WORKSPACE: folder.path }),
        encoding: "utf8",
      });
    const passed = workflow();
    assert.equal(passed.status, 0, String(passed.stderr));
    assert.match(String(passed.stdout), /all valid\./);
    const file = path.join(folder.path, report ?? "");
    await writeFile(file, (await readFile(file, "utf8")).replace('1. "', '1. "Not '));
    assert.equal(workflow().status, 4);
  });

  it("reads pages that the user names, and cites them", async () => {
    const page =
      "<html><head><title>Parcels</title></head><body><article><h1>Parcels</h1>" +
      "<p>A parcel that is lost is searched for during 14 days, and its sender is told on each of these days.</p>" +
      "<p>After that time the parcel counts as gone, and the warehouse pays for it in full.</p></article></body></html>";
    const server = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end(page),
    ).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/parcels`;
    try {
      const refused = await run(["How long is a lost parcel searched for?", "--source", url]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /127\.0\.0\.1/);
      const allowed = { ALLOWED_PRIVATE_HOSTS: `127.0.0.1:${port}` };
      const result = json(
        await run(["How long is a lost parcel searched for?", "--source", url, "--json"], allowed),
      );
      assert.equal(result.status, "done");
      assert.deepEqual(result.evidence[0]?.source, { kind: "page", url, title: "Parcels" });
      assert.equal((await run(["verify", result.report ?? ""])).code, 0);
      const Read = z.array(
        z.object({
          source: z.string(),
          title: z.string(),
          text: z.string(),
          sha256: z.string(),
          warnings: z.array(z.string()),
        }),
      );
      const [read] = Read.parse(JSON.parse((await run(["read", url, "--json"], allowed)).stdout));
      assert.match(read?.text ?? "", /pays for it in full/);
    } finally {
      server.close();
    }
  });

  it("reads files as the engine sees them, and names those that it cannot", async () => {
    const ended = await run(["read", "docs/retries.md", "none.md", "--json"]);
    assert.equal(ended.code, 1);
    const [file, none] = JSON.parse(ended.stdout) as {
      title?: string;
      text?: string;
      error?: { code: string };
    }[];
    assert.equal(file?.title, "Retries");
    assert.match(file.text ?? "", /continues from the ledger/);
    assert.ok(none?.error !== undefined);
  });

  it("says how much of a source it reads, and with --why what is left out", async () => {
    const content = "---\ntags: one two\n---\n# Gates\n\nA gate opens at six.<!-- not shown -->\n";
    await writeFile(path.join(folder.path, "gates.md"), content);
    const plain = await run(["read", "gates.md"]);
    assert.match(plain.stderr, /^gates\.md: 100% of the 6 words of its main part were read\.$/m);
    assert.doesNotMatch(plain.stderr, /left out/);
    const explained = await run(["read", "gates.md", "--why"]);
    assert.match(explained.stderr, /^ {2}3 words left out: front matter\n {2}2 words left out: comments$/m);
    const [data] = JSON.parse((await run(["read", "gates.md", "--json"])).stdout) as { coverage?: object }[];
    assert.deepEqual(data?.coverage, {
      words: 6,
      kept: 6,
      dropped: [
        { what: "front matter", words: 3 },
        { what: "comments", words: 2 },
      ],
    });
  });

  it("cites a PDF of the workspace by its page, and names one that cannot be read", async () => {
    const pages = [
      paragraph(["The handbook of couriers", "", "A courier takes on parcels in the morning."]),
      paragraph(["What becomes of glacier mice", "", "A glacier mouse is fed on the third page of moss."]),
    ];
    await mkdir(path.join(folder.path, "manuals"));
    await writeFile(
      path.join(folder.path, "manuals/courier.pdf"),
      makePdf(pages, { title: "Handbook of couriers" }),
    );
    await writeFile(path.join(folder.path, "manuals/scan.pdf"), makePdf([[]]));
    const result = json(await run(["What is a glacier mouse fed on?", "--json"]));
    const report = await readFile(path.join(folder.path, result.report ?? ""), "utf8");
    assert.match(
      report,
      /\[Handbook of couriers \(manuals\/courier\.pdf\)\]\(\.\.\/\.\.\/manuals\/courier\.pdf#page=2\), page 2, read on/,
    );
    assert.equal((await run(["verify", result.report ?? ""])).code, 0);
    const read = await run(["read", "manuals/courier.pdf", "manuals/scan.pdf", "--json"]);
    const [courier, scan] = JSON.parse(read.stdout) as {
      pages?: number;
      text?: string;
      error?: { code: string };
    }[];
    assert.equal(courier?.pages, 2);
    assert.match(courier.text ?? "", /fed on the third page of moss/);
    assert.equal(scan?.error?.code, "no-text-layer");
  });

  it("lists sessions and checks health", async () => {
    await run(["How does a crashed run continue?"]);
    const Listed = z.array(
      z.object({
        id: z.string(),
        question: z.string(),
        status: z.string(),
        started: z.iso.datetime(),
        report: z.string().nullable(),
      }),
    );
    const [listed] = Listed.parse(JSON.parse((await run(["sessions", "--json"])).stdout));
    assert.equal(listed?.status, "done");
    const Health = z.object({
      ok: z.boolean(),
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    });
    const well = await run(["health", "--json"], gemini());
    assert.equal(well.code, 0);
    assert.equal(Health.parse(JSON.parse(well.stdout)).ok, true);
    const ill = await run(["health"], { ...gemini(), GEMINI_API_KEY: "bad-key-for-tests" });
    assert.equal(ill.code, 1);
    assert.match(ill.stdout, /FAIL\s+engine: Google does not recognize this Gemini API key/);
    assert.match(ill.stdout, /→ Set GEMINI_API_KEY/);
    const broken = await run(["health", "--json"], { RESEARCH_DEPTH: "huge", GEMINI_BASE_URL: "ftp://x" });
    const wrong = Health.parse(JSON.parse(broken.stdout)).checks.filter(({ ok }) => !ok);
    assert.deepEqual([broken.code, wrong.map(({ name }) => name)], [1, ["settings", "settings"]]);
  });

  it("shows statistics of the journals, and of the last days", async () => {
    assert.match((await run(["stats"])).stdout, /^No sessions yet\.\n$/);
    await run(["How does a crashed run continue?"]);
    const Statistics = z.object({
      sessions: z.object({ total: z.number(), outcomes: z.object({ done: z.number() }) }),
      completion: z.object({ count: z.number(), p50: z.number().positive() }),
      verdicts: z.object({ supported: z.number() }),
    });
    const { sessions } = Statistics.parse(JSON.parse((await run(["stats", "--json", "--days", "1"])).stdout));
    assert.equal(sessions.total, 1);
    assert.match((await run(["stats"])).stdout, /1 session: 1 done\n[^]*Kinds of call +calls/);
    assert.equal((await run(["stats", "--days", "soon"])).code, 2);
  });

  it("shows the plan before anything is spent on it, and runs it on resume", async () => {
    const ended = await run(
      ["How does a crashed run continue?", "--source", "workspace", "--plan"],
      gemini(),
    );
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^How does a crashed run continue\n1\. /);
    assert.deepEqual(
      fake.requests.map(({ role }) => role),
      ["plan"],
    );
    const id = /deep-research resume (\S+)/.exec(ended.stderr)?.[1] ?? "";
    assert.equal((await run(["resume", id], gemini())).code, 0);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
  });

  it("never reads its own reports and sessions as sources", async () => {
    await run(["How does a crashed run continue?"]);
    const { evidence } = json(await run(["How does a crashed run continue?", "--json"]));
    assert.equal(
      evidence.some(({ source }) => source.kind === "workspace" && source.path.startsWith("data/")),
      false,
    );
  });

  it("gives each report a name of its own", async () => {
    await mkdir(path.join(folder.path, "data/reports"), { recursive: true });
    const first = json(await run(["How does a crashed run continue?", "--json"]));
    const second = json(await run(["How does a crashed run continue?", "--json"]));
    assert.equal(second.report, first.report?.replace(".md", "-2.md"));
  });
});
