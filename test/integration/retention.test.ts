import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { programEnvironment } from "../fakes/run-program.js";
import { aFolder } from "../fakes/temporary-folder.js";

/* What is removed by age, and what stays, by the built program. */

const CLI = path.resolve("dist/cli.js");
const Answer = z.object({ session: z.string(), report: z.string() });
const Cleaned = z.object({
  removed: z.boolean(),
  sessions: z.array(z.string()),
  snapshots: z.array(z.string()),
  inGit: z.array(z.string()),
  errors: z.number(),
});
const OLD = "20200102-030405-old";

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe("retention, in the terminal", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let workspace: string;
  /** The report of the old session. */
  let report: string;

  const run = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], { cwd: workspace, env: programEnvironment(env) });
      const ended: Ended = { code: null, stdout: "", stderr: "" };
      child.stdout.on("data", (chunk) => (ended.stdout += String(chunk)));
      child.stderr.on("data", (chunk) => (ended.stderr += String(chunk)));
      child.once("error", reject);
      child.once("close", (code) => resolve({ ...ended, code }));
    });
  const ask = async (env: Record<string, string> = {}): Promise<z.infer<typeof Answer>> => {
    const ended = await run(["How does a crashed run continue?", "--depth", "quick", "--json"], env);
    return Answer.parse(JSON.parse(ended.stdout));
  };
  const clean = async (args: string[], env: Record<string, string>): Promise<z.infer<typeof Cleaned>> => {
    const ended = await run(["clean", "--json", ...args], env);
    assert.equal(ended.code, 0, ended.stderr);
    return Cleaned.parse(JSON.parse(ended.stdout));
  };
  const old = (name = ""): string => path.join(workspace, "data/sessions", OLD, name);
  const git = (...args: string[]): void =>
    void execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
      cwd: workspace,
      stdio: "ignore",
    });

  beforeEach(async () => {
    folder = await aFolder();
    workspace = path.join(folder.path, "w");
    await cp("test/e2e/workspace", workspace, { recursive: true });
    const asked = await ask();
    ({ report } = asked);
    // The same session, as if it had been asked years ago.
    await rename(path.join(workspace, "data/sessions", asked.session), old());
    for (const file of [old("journal.jsonl"), path.join(workspace, report)]) {
      const text = (await readFile(file, "utf8")).replaceAll(asked.session, OLD);
      await writeFile(file, text.replace(/"started":"[^"]+"/, '"started":"2020-01-02T03:04:05.000Z"'));
    }
  });
  afterEach(() => folder.remove());

  it("removes nothing unless a limit is set, and says which settings set one", async () => {
    const ended = await run(["clean", "--yes"]);
    assert.match(ended.stderr, /No limit is set.+RETENTION_SESSION_DAYS/s);
    assert.equal(ended.code, 2);
    await ask();
    assert.ok(existsSync(old("journal.jsonl")));
  });

  it("says what it would remove, in a dry run and in health, and removes nothing", async () => {
    const env = { RETENTION_SESSION_DAYS: "30" };
    assert.deepEqual(await clean(["--dry-run"], env), {
      ...{ removed: false, sessions: [OLD], snapshots: [], inGit: [], errors: 0 },
    });
    const health = await run(["health", "--json"], env);
    assert.match(health.stdout, /Older than its limit: 1 sessions with their reports/);
    assert.ok(existsSync(old("journal.jsonl")) && existsSync(path.join(workspace, report)));
    const unasked = await run(["clean"], env);
    assert.match(unasked.stderr, /Nothing was deleted.+add --yes/s);
    assert.ok(existsSync(old("journal.jsonl")));
  });

  it("removes an old session with its report, and leaves a new one", async () => {
    const recent = await ask();
    const done = await clean(["--yes"], { RETENTION_SESSION_DAYS: "30" });
    assert.deepEqual([done.removed, done.sessions], [true, [OLD]]);
    assert.ok(!existsSync(old()) && !existsSync(path.join(workspace, report)));
    assert.equal((await run(["verify", recent.report])).code, 0);
  });

  it("removes it at the end of a run, too, from a setting in the workspace's file", async () => {
    await writeFile(path.join(workspace, "deep-research.yaml"), "retentionSessionDays: 30\n");
    const recent = await ask();
    assert.ok(!existsSync(old()) && !existsSync(path.join(workspace, report)));
    assert.equal((await run(["verify", recent.report])).code, 0);
  });

  it("removes snapshots alone, once", async () => {
    const env = { RETENTION_SNAPSHOT_DAYS: "30" };
    assert.ok(readdirSync(old("sources")).length > 0);
    assert.deepEqual((await clean(["--yes"], env)).snapshots, [OLD]);
    assert.deepEqual(readdirSync(old("sources")), []);
    assert.ok(existsSync(old("journal.jsonl")) && existsSync(path.join(workspace, report)));
    assert.deepEqual((await clean(["--yes"], env)).snapshots, []);
  });

  it("leaves what git has, journal or report alone, unless it is asked", async () => {
    git("init");
    git("add", "-f", report);
    git("commit", "-m", "Add the report");
    const env = { RETENTION_SESSION_DAYS: "30", RETENTION_SNAPSHOT_DAYS: "10" };
    const kept = await clean(["--yes"], env);
    assert.deepEqual([kept.sessions, kept.inGit], [[], [OLD]]);
    await ask(env);
    assert.ok(existsSync(old("journal.jsonl")) && readdirSync(old("sources")).length > 0);
    assert.deepEqual((await clean(["--yes", "--git"], env)).sessions, [OLD]);
    assert.ok(!existsSync(old()));
  });

  it("leaves a report that another session has refreshed", async () => {
    const file = path.join(workspace, report);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(OLD, "20261129-120000-newer"));
    await clean(["--yes"], { RETENTION_SESSION_DAYS: "30" });
    assert.ok(!existsSync(old()) && existsSync(file));
  });

  it("leaves sessions that are not finished", async () => {
    const journal = await readFile(old("journal.jsonl"), "utf8");
    await writeFile(
      old("journal.jsonl"),
      journal
        .split("\n")
        .filter((line) => !line.includes('"ended"'))
        .join("\n"),
    );
    assert.deepEqual((await clean(["--yes"], { RETENTION_SESSION_DAYS: "1" })).sessions, []);
    assert.ok(existsSync(old("journal.jsonl")));
  });

  it("forgets counted errors that were not seen for so long", async () => {
    const place = path.join(workspace, "data/statistics");
    await mkdir(place, { recursive: true });
    const seen = (last: string): unknown => ({
      code: "timeout",
      where: "read:timeout",
      count: 1,
      first: last,
      last,
    });
    const recent = new Date().toISOString();
    const records = [seen("2020-01-02T03:04:05.000Z"), { ...(seen(recent) as object), code: "overloaded" }];
    await writeFile(path.join(place, "errors.json"), JSON.stringify(records));
    assert.equal((await clean(["--yes"], { RETENTION_ERROR_DAYS: "30" })).errors, 1);
    const left = z
      .array(z.object({ code: z.string() }))
      .parse(JSON.parse(await readFile(path.join(place, "errors.json"), "utf8")));
    assert.deepEqual(
      left.map(({ code }) => code),
      ["overloaded"],
    );
    await rm(place, { recursive: true });
  });

  it("names a wrong limit, its place and what is allowed", async () => {
    for (const value of ["-1", "1.5", "soon", "99999"]) {
      const ended = await run(["clean", "--yes"], { RETENTION_SESSION_DAYS: value });
      assert.equal(ended.code, 2);
      assert.match(
        ended.stderr,
        /RETENTION_SESSION_DAYS is .+allowed: a whole number of days; 0 keeps everything/,
      );
    }
  });
});
