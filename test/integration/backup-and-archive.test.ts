import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../fakes/temporary-folder.js";
import { programEnvironment } from "../fakes/run-program.js";

/* Backup, restore and archive as a user of the built program meets them. */

const CLI = path.resolve("dist/cli.js");
const ASK = ["How does a crashed run continue?", "--depth", "quick", "--json"];

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe("keeping, in the terminal", function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let workspace: string;

  beforeEach(async () => {
    folder = await aFolder();
    workspace = path.join(folder.path, "w");
    await cp("test/e2e/workspace", workspace, { recursive: true });
  });
  afterEach(() => folder.remove());

  const run = (
    args: string[],
    {
      env = {},
      interruptWhen,
    }: { env?: Record<string, string>; interruptWhen?: () => Promise<boolean> } = {},
  ): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], { cwd: workspace, env: programEnvironment(env) });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => (stdout += String(chunk)));
      child.stderr.on("data", (chunk) => (stderr += String(chunk)));
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
      const interrupt = async (): Promise<void> => {
        while (child.exitCode === null && !(await interruptWhen?.())) {
          await new Promise((later) => setTimeout(later, 5));
        }
        child.kill("SIGINT");
      };
      if (interruptWhen !== undefined) interrupt().catch(reject);
    });
  const lastLine = ({ stdout }: Ended): string => stdout.trim().split("\n").at(-1) ?? "";
  const research = async (): Promise<{ session: string; report: string }> => {
    const ended = await run(ASK);
    assert.equal(ended.code, 0, ended.stderr);
    return z.object({ session: z.string(), report: z.string() }).parse(JSON.parse(ended.stdout));
  };
  /** What is meant to be kept: the cache, which each workspace makes for itself, is not. */
  const data = async (from: string): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const name of await readdir(path.join(from, "data"), { recursive: true })) {
      if (name.split(path.sep)[0] === "cache" || path.basename(name).startsWith(".")) continue;
      const file = path.join(from, "data", name);
      if ((await stat(file)).isFile()) found[name] = await readFile(file, "base64");
    }
    return found;
  };

  it("backs up at an interval until it is stopped, keeps the newest, and each can be restored", async () => {
    await research();
    const backups = path.join(folder.path, "backups");
    await mkdir(backups);
    const names = async (): Promise<string[]> =>
      (await readdir(backups)).filter((name) => name.endsWith(".zip")).sort();
    const seen = new Set<string>();
    const ended = await run(["backup", backups, "--every", "1s", "--keep", "2"], {
      interruptWhen: async () => {
        for (const name of await names()) seen.add(name);
        return seen.size >= 4;
      },
    });
    // Stopped between two backups it is done, and while one is written that one is given up.
    assert.ok(ended.code === 0 || ended.code === 130, ended.stderr);
    const left = await names();
    assert.ok(left.length <= 3, "one may just have been made");
    assert.ok(!left.includes([...seen].sort()[0] ?? ""), "the oldest is gone");
    assert.match(ended.stderr, /Removed the old backup /);
    const target = path.join(folder.path, "restored");
    await mkdir(target);
    const restored = await run(["restore", path.join(backups, left.at(-1) ?? ""), "--workspace", target]);
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal((await run(["verify", path.join(target, "data/reports"), "--workspace", target])).code, 0);

    // Begun again, it waits until the next one is due.
    const startedAt = Date.now();
    const idle = await run(["backup", backups, "--every", "24h"], {
      interruptWhen: () => Promise.resolve(Date.now() - startedAt > 3000),
    });
    assert.deepEqual([idle.code, idle.stdout], [0, ""]);
    assert.deepEqual(await names(), left);
  }).timeout(60_000);

  it("backs up once into a folder and removes what is older, for cron", async () => {
    await research();
    const backups = path.join(folder.path, "backups");
    await mkdir(backups);
    for (const name of ["deep-research-backup-20260101-020000.zip", "mine.zip"])
      await writeFile(path.join(backups, name), "old");
    const ended = await run(["backup", backups, "--max-age", "30", "--json"]);
    assert.equal(ended.code, 0, ended.stderr);
    const { file, removed } = z
      .object({ file: z.string(), removed: z.array(z.string()) })
      .parse(JSON.parse(ended.stdout));
    assert.equal(removed.length, 1);
    assert.deepEqual((await readdir(backups)).sort(), [path.basename(file), "mine.zip"].sort());
  });

  it("refuses intervals, numbers and folders that are none", async () => {
    for (const [args, why] of [
      [["--every", "tomorrow"], /--every is "tomorrow"; allowed: a number with s, m, h or d/],
      [["--every", "0h"], /--every is "0h"/],
      [["--every", "1.5h"], /--every is "1\.5h"/],
      [["--keep", "0"], /--keep is 0; allowed: a whole number from 1/],
      [["--max-age", "old"], /--max-age is "old"/],
    ] as const) {
      const ended = await run(["backup", ...args]);
      assert.equal(ended.code, 2, ended.stderr);
      assert.match(ended.stderr, why);
    }
    for (const args of [
      ["--every", "1h"],
      ["--keep", "3"],
    ]) {
      const ended = await run(["backup", path.join(folder.path, "none"), ...args]);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /none/);
    }
    assert.deepEqual(
      (await readdir(workspace)).filter((name) => name.endsWith(".zip")),
      [],
    );
  });

  it("deletes everything of a session, asks before, and says what it does not delete", async () => {
    const { session, report } = await research();
    const other = await research();
    const zip = lastLine(await run(["backup"]));
    // What a restore over it keeps of the old state goes with it.
    await appendFile(path.join(workspace, report), "changed\n");
    await appendFile(path.join(workspace, "data/sessions", session, "journal.jsonl"), "\n");
    assert.equal((await run(["restore", zip, "--overwrite"])).code, 0);
    assert.ok(Object.keys(await data(workspace)).some((name) => name.endsWith(".md.before-restore")));

    const asked = await run(["delete", session]);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /Nothing was deleted\. To delete without confirmation, add --yes/);
    const unknown = await run(["delete", session, "20260101-000000-none", "--yes"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /There is no session "20260101-000000-none"\. Nothing was deleted/);
    assert.ok((await readdir(path.join(workspace, "data/sessions"))).includes(session));

    assert.equal((await run(["archive", session])).code, 0);
    const deleted = await run(["delete", session, other.session, "--yes", "--cache", "--json"]);
    assert.equal(deleted.code, 0, deleted.stderr);
    assert.deepEqual(JSON.parse(deleted.stdout), {
      deleted: [other.session, session],
      reports: [other.report, report],
    });
    assert.match(deleted.stderr, /Not deleted: backups and copies in git/);
    // Not in a name, not in a file, the cache included.
    const words = /crashed run continue/i;
    for (const name of await readdir(path.join(workspace, "data"), { recursive: true })) {
      assert.doesNotMatch(name, /crashed-run/);
      const file = path.join(workspace, "data", name);
      if ((await stat(file)).isFile()) assert.doesNotMatch(await readFile(file, "latin1"), words, name);
    }
    assert.deepEqual(JSON.parse((await run(["sessions", "--json"])).stdout), []);
    assert.match((await run(["stats"])).stdout, /no sessions|0/i);
  });

  it("keeps the report of a deleted session on request", async () => {
    const { session, report } = await research();
    assert.equal((await run(["delete", session, "--yes", "--keep-report"])).code, 0);
    assert.deepEqual(Object.keys(await data(workspace)), [path.relative("data", report)]);
  });

  it("backs up, and restores elsewhere to the same files, whose citations stand", async () => {
    const { report } = await research();
    await research();
    await writeFile(path.join(workspace, ".env"), "GEMINI_API_KEY=a-key-that-must-stay\n");
    const ended = await run(["backup"]);
    assert.equal(ended.code, 0, ended.stderr);
    const zip = lastLine(ended);
    assert.match(zip, /^deep-research-backup-\d{8}-\d{6}\.zip$/);
    assert.equal((await readFile(path.join(workspace, zip))).includes("a-key-that"), false);

    const other = path.join(folder.path, "other");
    await mkdir(other);
    const restored = await run(["restore", zip, "--workspace", other, "--json"]);
    assert.equal(restored.code, 0, restored.stderr);
    const result = JSON.parse(restored.stdout) as Record<string, unknown>;
    assert.deepEqual(
      [result["present"], result["replaced"], result["sessions"], result["reports"]],
      [0, 0, 2, 2],
    );
    assert.deepEqual(await data(other), await data(workspace));
    assert.equal((await run(["verify", path.join(other, report), "--workspace", other])).code, 0);
    const again = await run(["restore", zip, "--workspace", other]);
    assert.equal(again.code, 0);
    assert.equal(lastLine(again), path.join(other, "data/sessions"));
  });

  it("prints the contract's objects with --json", async () => {
    const { session } = await research();
    const Backup = z.object({
      file: z.literal("keep/b.zip"),
      sessions: z.literal(1),
      reports: z.literal(1),
      files: z.number(),
      bytes: z.number(),
    });
    await mkdir(path.join(workspace, "keep"));
    Backup.parse(JSON.parse((await run(["backup", "keep/b.zip", "--json"])).stdout));
    const archived = await run(["archive", session, "--json"]);
    assert.deepEqual(JSON.parse(archived.stdout), { archived: [session], skipped: [] });
    const again = await run(["archive", session, "--json"]);
    assert.deepEqual(JSON.parse(again.stdout), {
      archived: [],
      skipped: [{ id: session, why: "it is already archived" }],
    });
  });

  it("refuses to overwrite, at either end, unless it is told to", async () => {
    const { report } = await research();
    assert.equal((await run(["backup", "b.zip"])).code, 0);
    const before = await readFile(path.join(workspace, "b.zip"));
    const second = await run(["backup", "b.zip"]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /already exists/);
    assert.deepEqual(await readFile(path.join(workspace, "b.zip")), before);

    await appendFile(path.join(workspace, report), "mine\n");
    const mine = await data(workspace);
    const refused = await run(["restore", "b.zip"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`1 file exists with different content: ${report}`));
    assert.deepEqual(await data(workspace), mine);
    const told = await run(["restore", "b.zip", "--overwrite"]);
    assert.equal(told.code, 0);
    assert.match(told.stderr, new RegExp(`kept as ${report}.before-restore`));
    assert.match(await readFile(path.join(workspace, `${report}.before-restore`), "utf8"), /mine\n$/);
  });

  it("restores settings where there are none, and then to the folders that they name", async () => {
    await writeFile(path.join(workspace, "deep-research.yaml"), "sessionStoragePath: ./kept\n");
    const { session } = await research();
    await run(["backup", "b.zip"]);
    await rm(path.join(workspace, "deep-research.yaml"));
    await rm(path.join(workspace, "kept"), { recursive: true });
    const ended = await run(["restore", "b.zip"]);
    assert.equal(lastLine(ended), "kept");
    const listed = JSON.parse((await run(["sessions", "--json"])).stdout) as { id: string }[];
    assert.deepEqual(
      listed.map(({ id }) => id),
      [session],
    );
  });

  it("cancels on Ctrl-C with 130 and leaves no file", async () => {
    const { session } = await research();
    const sources = path.join(workspace, "data/sessions", session, "sources");
    for (let n = 0; n < 20; n++) {
      await writeFile(path.join(sources, `large-${n}.md`), randomBytes(2_000_000).toString("base64"));
    }
    const before = await readdir(workspace);
    const isPacking = async (): Promise<boolean> =>
      (await readdir(workspace)).some((name) => name.includes(".part-"));
    const ended = await run(["backup"], { interruptWhen: isPacking });
    assert.equal(ended.code, 130, ended.stderr);
    assert.deepEqual(await readdir(workspace), before);
  });

  it("archives, lists, verifies and resumes", async () => {
    const { session, report } = await research();
    const listed = (await run(["sessions", "--json"])).stdout;
    const ended = await run(["archive", "--keep", "0"]);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(lastLine(ended), `data/sessions/archive/${session}.zip`);
    assert.deepEqual(
      JSON.parse((await run(["sessions", "--json"])).stdout),
      (JSON.parse(listed) as object[]).map((each) => ({ ...each, archived: true })),
    );
    assert.match((await run(["sessions"])).stdout, new RegExp(`^${session}  done, archived  `));
    assert.equal((await run(["verify", report])).code, 0);
    const text = await readFile(path.join(workspace, report), "utf8");
    const resumed = await run(["resume", session]);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /has been moved back to its folder/);
    assert.equal(lastLine(resumed), report);
    assert.equal(await readFile(path.join(workspace, report), "utf8"), text);
    assert.deepEqual(await readdir(path.join(workspace, "data/sessions/archive")), []);

    await run(["archive", session]);
    const back = await run(["unarchive", session]);
    assert.deepEqual([back.code, lastLine(back)], [0, `data/sessions/${session}`]);
  });

  it("tells bad usage from failure", async () => {
    await writeFile(path.join(workspace, "bad.zip"), "no zip");
    const expected: [string[], number, RegExp][] = [
      [["restore", "none.zip"], 2, /cannot be opened/],
      [["restore", "bad.zip"], 1, /not a valid backup: it is not a zip file/],
      [["archive"], 2, /Use --older-than DAYS, --keep N, or session ids/],
      [["archive", "--keep", "many"], 2, /--keep is "many"; allowed: a whole number/],
      [["archive", "20200101-000000-none"], 2, /There is no session/],
      [["unarchive", "../x"], 2, /is not a session id/],
      [["backup", "none/b.zip"], 1, /The folder .* does not exist/],
    ];
    for (const [args, code, why] of expected) {
      const ended = await run(args);
      assert.equal(ended.code, code, args.join(" "));
      assert.match(ended.stderr, why);
    }
  });
});
