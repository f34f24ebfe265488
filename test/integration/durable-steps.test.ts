import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { SCHEMA } from "../../src/storage/sessions/journal-schema.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { runProgram, type Ended } from "../fakes/run-program.js";

/* Nothing lost and nothing paid twice, seen from outside: the built program against a stand-in for Gemini. */

const KEY = "fake-key-for-durable-tests";
const QUESTION = "How does a crashed run continue?";
const Result = z.object({
  session: z.string(),
  status: z.string(),
  report: z.string().nullable(),
  calls: z.object({ model: z.number(), search: z.number(), read: z.number() }),
  usd: z.number(),
});

describe("a research that is cut off", () => {
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

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: fake.address,
    WEB_SEARCHES: "google",
    ...more,
  });
  const run = (args: string[], given = env(), during?: Parameters<typeof runProgram>[3]): Promise<Ended> =>
    runProgram(folder.path, args, given, during);
  const json = ({ stdout, stderr }: Ended): z.infer<typeof Result> => {
    assert.notEqual(stdout, "", stderr);
    return Result.parse(JSON.parse(stdout));
  };
  const report = (result: { report: string | null }): Promise<string> =>
    readFile(path.join(folder.path, result.report ?? ""), "utf8");
  const sessions = path.join("data", "sessions");
  /** Calls `act` once when the program's words match. */
  const when =
    (
      pattern: RegExp,
      act: (kill: (signal: NodeJS.Signals) => void) => unknown,
    ): Parameters<typeof runProgram>[3] =>
    (kill, stderr) => {
      const timer = setInterval(() => {
        if (!pattern.test(stderr())) return;
        clearInterval(timer);
        void act(kill);
      }, 5);
      setTimeout(() => clearInterval(timer), 20_000).unref();
    };
  const slow = async (latency: number): Promise<void> => {
    await fake.close();
    fake = await startFakeGemini({ latency });
  };

  it("keeps to its calls, says so in a partial report, and goes on with more", async () => {
    const ended = await run([QUESTION, "--source", "workspace", "--max-calls", "4", "--json"]);
    assert.equal(ended.code, 3, ended.stderr);
    const partial = json(ended);
    assert.ok(fake.requests.length <= 4, `${fake.requests.length} calls`);
    assert.match(await report(partial), /The limit of 4 calls for this session has been reached/);
    assert.match(await report(partial), /\[\[1\.\d\]\]/);
    assert.equal((await run(["verify", partial.report ?? ""])).code, 0);
    const before = fake.requests.length;
    const whole = json(await run(["resume", partial.session, "--json"]));
    assert.equal(whole.status, "done");
    const plans = fake.requests.filter(({ role }) => role === "plan").length;
    assert.equal(plans, 1);
    assert.ok(fake.requests.length > before);
    assert.ok(whole.calls.model > partial.calls.model && whole.usd > partial.usd);
  });

  it("keeps to its tokens, its dollars and its minutes", async () => {
    for (const [flag, value, said] of [
      ["--max-tokens", "3000", /The limit of 3000 tokens/],
      ["--max-usd", "0.0005", /The limit of \S*0\.0005/],
    ] as const) {
      const ended = await run([QUESTION, "--source", "workspace", "--no-cache", flag, value, "--json"]);
      assert.equal(ended.code, 3, ended.stderr);
      assert.match(await report(json(ended)), said);
    }
    await slow(1500);
    const ended = await run([
      QUESTION,
      "--source",
      "workspace",
      "--no-cache",
      "--max-minutes",
      "0.04",
      "--json",
    ]);
    assert.equal(ended.code, 3, ended.stderr);
    assert.match(await report(json(ended)), /minutes for this run has been reached/);
  });

  it("refuses a limit that is none, in one line", async () => {
    const ended = await run([QUESTION, "--max-usd", "much"]);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /--max-usd is "much"; allowed: a number; 0 means no limit\./);
  });

  it("asks before it costs a lot, and is not asked again", async () => {
    const ask = [QUESTION, "--source", "workspace", "--json"];
    const dear = env({ ASK_ABOVE_USD: "0.000001" });
    const ended = await run(ask, dear);
    assert.equal(ended.code, 2);
    assert.match(
      ended.stderr,
      /was not started: it may take \d+ to \d+ calls, .* To run it: deep-research resume \S+ --yes/,
    );
    assert.deepEqual(
      fake.requests.map(({ role }) => role),
      ["plan"],
    );
    const { session } = json(ended);
    assert.equal((await run(["resume", session, "--yes"], dear)).code, 0);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
    const generous = await run(ask, env({ ASK_ABOVE_USD: "100" }));
    assert.equal(generous.code, 0, generous.stderr);
  });

  it("ends with what is there when it is told to", async () => {
    await slow(300);
    const ended = await run(
      [QUESTION, "--source", "workspace", "--json"],
      env(),
      when(/Evidence from/, (kill) => kill("SIGQUIT")),
    );
    assert.equal(ended.code, 3, ended.stderr);
    const partial = json(ended);
    assert.match(await report(partial), /You finished the run early/);
    assert.match(await report(partial), /\[\[1\.\d\]\]/);
    const asked = fake.requests.length;
    assert.equal(json(await run(["resume", partial.session, "--json"])).status, "done");
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
    assert.ok(fake.requests.length > asked);
  });

  const sessionIds = async (): Promise<string[]> =>
    (await readdir(path.join(folder.path, sessions))).filter((name) => !name.startsWith("."));

  it("is run by one process at a time", async () => {
    await slow(400);
    let second: Promise<Ended> | null = null;
    const first = await run(
      [QUESTION, "--source", "workspace", "--json"],
      env(),
      when(/Plan:/, async () => {
        const [id = ""] = await sessionIds();
        second = run(["resume", id]);
      }),
    );
    assert.equal(first.code, 0, first.stderr);
    const ended = await (second as Promise<Ended> | null);
    assert.equal(ended?.code, 1);
    assert.match(ended.stderr, /is already running in another window or program \(process \d+\)/);
  });

  it("says that its folder is gone, and leaves nothing half done", async () => {
    await slow(300);
    const ended = await run(
      [QUESTION, "--source", "workspace"],
      env(),
      when(/Plan:/, () => rm(path.join(folder.path, sessions), { recursive: true })),
    );
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /its folder no longer exists|was moved or removed/);
    assert.doesNotMatch(ended.stderr, /\n\s+at |node:/);
  });

  it("does not pay twice for the same answer in another session, unless told to", async () => {
    const ask = [QUESTION, "--source", "workspace", "--json"];
    const first = json(await run(ask));
    const paid = fake.requests.length;
    assert.ok(paid > 3);
    const second = json(await run(ask));
    assert.equal(fake.requests.length, paid);
    assert.equal(second.usd, 0);
    assert.equal((await report(second)).replaceAll(second.session, first.session), await report(first));
    await run([...ask, "--no-cache"]);
    assert.equal(fake.requests.length, 2 * paid);
    assert.match((await run(["clear-cache"])).stdout, /^Cleared the cache: removed \d/);
    await run(ask);
    assert.equal(fake.requests.length, 3 * paid);
  });

  it("asks Google again in each session: its results are kept in none but their own", async () => {
    const ask = [QUESTION, "--source", "workspace", "--source", "google", "--json"];
    await run(ask);
    const searches = (): number => fake.requests.filter(({ role }) => role === "search").length;
    const once = searches();
    assert.ok(once > 0);
    const others = (): number => fake.requests.length - searches();
    const paid = others();
    await run(ask);
    assert.equal(searches(), 2 * once);
    // No other task sees what Google says, so their answers are as they were.
    assert.equal(others(), paid);
    for (const name of await readdir(path.join(folder.path, "data", "cache"), { recursive: true })) {
      const file = path.join(folder.path, "data", "cache", name);
      if ((await stat(file)).isFile())
        assert.doesNotMatch(
          await readFile(file, "utf8"),
          /searchEntryPoint|suggestions|berichten zwei Quellen|The second source adds/,
        );
    }
  });

  describe("begun by any version so far", () => {
    for (const version of Array.from({ length: SCHEMA }, (_, n) => n + 1)) {
      const from = path.resolve("test/fixtures/sessions", `schema-${version}`);

      it(`goes on from schema ${version}, migrated once with a backup where that is not ours`, async () => {
        await rm(folder.path, { recursive: true });
        await mkdir(folder.path);
        await cp(from, folder.path, { recursive: true });
        const ids = (await sessionIds()).sort();
        const listed = z
          .array(z.object({ id: z.string(), status: z.string() }))
          .parse(JSON.parse((await run(["sessions", "--json"])).stdout));
        assert.deepEqual(listed.map(({ id }) => id).sort(), ids);
        for (const { id, status } of listed) {
          const file = path.join(folder.path, sessions, id, "journal.jsonl");
          const old = await readFile(file, "utf8");
          const read = (text: string): number =>
            text.split("\n").filter((line) => /"intent".*"kind":"read"/.test(line)).length;
          // Whoever brings it to another machine is asked: it does not say where it was begun.
          const result = json(await run(["resume", id, "--yes", "--json"]));
          assert.equal(result.status, "done", `${id}, which was ${status}`);
          const now = await readFile(file, "utf8");
          assert.ok(now.startsWith(`{"schema":${SCHEMA},`));
          assert.equal(read(now), read(old), "what was read is not read again");
          const backup = path.join(path.dirname(file), `journal.schema-${version}.jsonl`);
          assert.equal(await readFile(backup, "utf8").catch(() => null), version === SCHEMA ? null : old);
          assert.equal((await run(["verify", result.report ?? ""])).code, 0);
          const again = await readFile(file, "utf8");
          await run(["resume", id, "--yes", "--json"]);
          assert.ok((await readFile(file, "utf8")).startsWith(again), "migrated once, then only added to");
        }
        assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 0);
      });

      it(`still verifies reports of schema ${version}`, async () => {
        await cp(from, folder.path, { recursive: true });
        const ended = await run(["verify", "data/reports", "--json"]);
        assert.equal(ended.code, 0, ended.stdout);
      });
    }

    it("is refused kindly where the version is a later one", async () => {
      const id = "20261122-101500-from-the-future-7f3a";
      await mkdir(path.join(folder.path, sessions, id), { recursive: true });
      await writeFile(
        path.join(folder.path, sessions, id, "journal.jsonl"),
        `${JSON.stringify({ schema: 99, id, question: "What comes?", started: "2026-11-22T10:15:00.000Z" })}\n`,
      );
      const ended = await run(["resume", id]);
      assert.equal(ended.code, 1);
      assert.match(
        ended.stderr,
        new RegExp(
          `newer version of Deep Research \\(schema 99; this version supports ${SCHEMA}\\)\\. Update Deep Research`,
        ),
      );
      assert.match((await run(["sessions"])).stdout, /What comes\?/);
    });
  });
});
