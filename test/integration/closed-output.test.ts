import assert from "node:assert/strict";
import { spawn, spawnSync, type StdioOptions } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { lockPath } from "../../src/storage/sessions/session-lock.js";
import { readJournal } from "../../src/storage/sessions/journal.js";
import { listSessions } from "../../src/storage/sessions/list-sessions.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { aFolder } from "../fakes/temporary-folder.js";

/*
 * What a user sees whose pipe ends, whose disk is full or whose terminal is closed: one line or nothing, a session
 * that goes on, and nothing paid twice.
 */

const QUESTION = "How does a crashed run continue?";
const ASK = [QUESTION, "--source", "workspace", "--no-cache"];

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

describe("a program whose output or terminal goes away", function () {
  if (process.platform === "win32") return;
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  const sessions = (): string => path.join(folder.path, "data/sessions");
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini({ latency: 30 });
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  /** @param ends what becomes of stdout and stderr: read, closed at once, or written to a full disk */
  function run(
    args: string[],
    ends: ("read" | "closed" | "full")[] = ["read", "read"],
    during?: (kill: (signal: NodeJS.Signals) => void, stderr: string) => void,
    more: Record<string, string> = {},
  ): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const { PATH = "", HOME = "" } = process.env;
      const full = openSync("/dev/full", "w");
      const stdio: StdioOptions = ["ignore", ...ends.map((end) => (end === "full" ? full : "pipe"))];
      const env = { PATH, HOME, GEMINI_API_KEY: "fake-key", GEMINI_BASE_URL: fake.address, ...more };
      const child = spawn(process.execPath, [path.resolve("dist/cli.js"), ...args], {
        cwd: folder.path,
        env,
        stdio,
      });
      closeSync(full);
      const said = { stdout: "", stderr: "" };
      if (ends[0] === "closed") child.stdout?.destroy();
      if (ends[1] === "closed") child.stderr?.destroy();
      child.stdout?.on("data", (chunk) => (said.stdout += String(chunk)));
      child.stderr?.on("data", (chunk) => {
        said.stderr += String(chunk);
        during?.((signal) => child.kill(signal), said.stderr);
      });
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, ...said }));
    });
  }

  /** The one session, and its report without its id. */
  async function left(): Promise<{ id: string; status: string; report: string; isLocked: boolean }> {
    const [session, ...others] = await listSessions(sessions());
    assert.ok(session !== undefined && others.length === 0);
    const { id, status } = session;
    const file = session.report === null ? null : path.join(folder.path, session.report);
    const report = file === null ? "" : (await readFile(file, "utf8")).replaceAll(id, "ID");
    return { id, status, report, isLocked: existsSync(lockPath(path.join(sessions(), id))) };
  }

  /** The answers of the model that a session's journal holds. */
  const paidOutcomes = async (id: string): Promise<number> => {
    const { outcomes } = await readJournal(path.join(sessions(), id, "journal.jsonl"));
    return [...outcomes.values()].filter(({ usage }) => usage.in + usage.out > 0).length;
  };

  const isClean = ({ stderr }: Ended): void => assert.doesNotMatch(stderr, /\n\s+at |node:|Error:|EPIPE/);

  it("ends its research all the same, and tells what it can", async () => {
    const cases = [
      { ends: ["closed", "closed"], code: 0 },
      { ends: ["closed", "read"], code: 0 },
      { ends: ["read", "closed"], code: 0 },
      { ends: ["read", "full"], code: 0 },
      { ends: ["full", "read"], code: 1 },
      { ends: ["full", "full"], code: 1 },
    ] as const;
    for (const { ends, code } of cases) {
      const before = fake.requests.length;
      const ended = await run(ASK, [...ends]);
      assert.deepEqual([ended.code, ended.signal], [code, null], `${ends.join()}: ${ended.stderr}`);
      isClean(ended);
      const { id, status, report, isLocked } = await left();
      assert.deepEqual([status, isLocked], ["done", false]);
      if (ends[0] === "read") assert.match(ended.stdout, /^data\/reports\/\S+\.md\n$/);
      if (ends[0] === "full" && ends[1] === "read") {
        assert.match(ended.stderr, /\nThe output could not be written: the disk is full\.\n$/);
      }
      const paid = fake.requests.length;
      assert.ok(paid > before);
      // Nothing is asked again for what the output lost.
      const again = await run(["resume", id]);
      assert.equal(again.code, 0, again.stderr);
      assert.equal(fake.requests.length, paid);
      assert.equal((await left()).report, report);
      await folder.remove();
      await cp("test/e2e/workspace", folder.path, { recursive: true });
    }
  });

  it("says of other commands that their output is lost, or nothing where nobody reads on", async () => {
    const made = await run(ASK);
    const report = made.stdout.trim();
    const text = await readFile(path.join(folder.path, report), "utf8");
    const forged = path.join(folder.path, "data/reports/forged.md");
    await writeFile(forged, text.replace(/sources\/[0-9a-f]{16}\.md/g, `sources/${"0".repeat(16)}.md`));
    const commands: [string[], number][] = [
      [["sessions"], 0],
      [["sessions", "--json"], 0],
      [["stats"], 0],
      [["verify", report], 0],
      [["verify", "data/reports/forged.md"], 4],
      [["read", "README.md"], 0],
      [["resume", "20261122-101500-none-0000", "--json"], 2],
      [["clear-cache"], 0],
      [["--help"], 0],
    ];
    for (const [args, code] of commands) {
      const closed = await run(args, ["closed", "read"]);
      assert.equal(closed.code, code, `${args.join(" ")}: ${closed.stderr}`);
      isClean(closed);
      const full = await run(args, ["full", "read"]);
      assert.equal(full.code, code === 0 ? 1 : code, `${args.join(" ")}: ${full.stderr}`);
      isClean(full);
      assert.match(full.stderr, /The output could not be written: the disk is full\.\n$/, args.join(" "));
      assert.equal((await run(args, ["full", "full"])).code, full.code);
      assert.equal((await run(args, ["closed", "closed"])).code, code);
    }
  });

  it("is cancelled by a signal, gives its lock back, and goes on without paying twice", async () => {
    const undisturbed = await run(ASK);
    assert.equal(undisturbed.code, 0, undisturbed.stderr);
    const whole = await left();
    const calls = fake.requests.length;
    for (const [signals, code] of [
      [["SIGHUP"], 129],
      // A terminal that is closed may say so twice: its shell does, and the system.
      [["SIGHUP", "SIGHUP"], 129],
      [["SIGTERM"], 130],
      [["SIGINT"], 130],
    ] as const) {
      await folder.remove();
      await cp("test/e2e/workspace", folder.path, { recursive: true });
      await fake.close();
      fake = await startFakeGemini({ latency: 150 });
      let isSent = false;
      const ended = await run(ASK, ["read", "read"], (kill, stderr) => {
        if (isSent || !stderr.includes("Evidence from")) return;
        isSent = true;
        for (const signal of signals) kill(signal);
      });
      assert.deepEqual([ended.code, ended.signal], [code, null], ended.stderr);
      isClean(ended);
      const { id, status, isLocked } = await left();
      assert.deepEqual([status, isLocked], ["cancelled", false]);
      assert.match(ended.stderr, new RegExp(`Cancelled\\. To resume: deep-research resume ${id}\\n$`));
      // Answers that were on their way when the signal came are in no journal: only those that are must not be paid for again.
      const saved = await paidOutcomes(id);
      const sent = fake.requests.length;
      assert.ok(saved > 0 && saved <= sent, signals.join());
      const resumed = await run(["resume", id, "--no-cache"]);
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.equal((await left()).report, whole.report);
      assert.equal(fake.requests.length - sent, calls - saved, signals.join());
      assert.equal(await paidOutcomes(id), calls, signals.join());
    }
  });

  it("goes on from where it was when nobody was left to tell", async () => {
    let isSent = false;
    const ended = await run(ASK, ["closed", "read"], (kill, stderr) => {
      if (!isSent && stderr.includes("Plan:")) kill("SIGHUP");
      isSent ||= stderr.includes("Plan:");
    });
    assert.equal(ended.code, 129);
    const { id } = await left();
    assert.equal((await run(["resume", id], ["closed", "closed"])).code, 0);
    const { status, isLocked } = await left();
    assert.deepEqual([status, isLocked], ["done", false]);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
  });

  it("gives its lock back where the terminal is closed while it asks", async function () {
    if (spawnSync("script", ["--version"]).status !== 0) this.skip();
    const { PATH = "", HOME = "" } = process.env;
    const command = [process.execPath, path.resolve("dist/cli.js"), ...ASK]
      .map((each) => `'${each}'`)
      .join(" ");
    const more = { GEMINI_API_KEY: "fake-key", GEMINI_BASE_URL: fake.address, ASK_ABOVE_USD: "0.000001" };
    const env = { PATH, HOME, TERM: "dumb", ...more };
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder.path, env });
    let said = "";
    await new Promise<void>((resolve, reject) => {
      terminal.once("error", reject);
      terminal.stdout.on("data", (chunk) => {
        said += String(chunk);
        if (said.includes("[y/N]")) resolve();
      });
      setTimeout(() => reject(new Error(said)), 60_000).unref();
    });
    const { id } = await left();
    terminal.kill("SIGKILL");
    for (let tries = 0; (await left()).isLocked && tries < 300; tries++) await wait(50);
    const { status, isLocked } = await left();
    assert.equal(isLocked, false);
    assert.match(status, /^(?:failed|cancelled)$/);
    assert.equal((await run(["resume", id, "--yes"])).code, 0);
    assert.equal(fake.requests.filter(({ role }) => role === "plan").length, 1);
  });

  it("says an error that nobody waited for in one line", async () => {
    for (const kind of ["rejection", "exception"]) {
      const options = {
        NODE_OPTIONS: `--require ${path.resolve("test/fakes/failing-files.js")}`,
        FAILING: kind,
      };
      const ended = await run([...ASK, "--json"], ["read", "read"], undefined, options);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /(?:^|\n)Something went wrong: something broke\n$/);
      const said = z.object({ error: z.object({ message: z.string() }) });
      assert.match(said.parse(JSON.parse(ended.stdout)).error.message, /something broke$/);
    }
  });
}).timeout(180_000);
