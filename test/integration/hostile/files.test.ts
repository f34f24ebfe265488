import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../../fakes/temporary-folder.js";
import { runProgram, type Ended } from "../../fakes/run-program.js";

/*
 * A clone or an archive may hold anything in place of a file that we read: what never ends, never answers or is far too
 * large. Every command says so, in bounded time and memory, and does what it can with the rest.
 */

const MB = 1024 ** 2;
const QUESTION = "How does a crashed run continue?";
const ENGLISH = { LC_ALL: "C" };

/** What a stranger puts in place of a file. */
const REPLACEMENTS: Record<string, (file: string) => Promise<unknown>> = {
  "a FIFO": (file) => Promise.resolve(execFileSync("mkfifo", [file])),
  "a link to /dev/zero": (file) => symlink("/dev/zero", file),
  "a link to a file elsewhere": (file) => symlink("/etc/hostname", file),
  "a folder": (file) => mkdir(file),
  "a sparse file of 10 GB": (file) => nothing(file, 10_240 * MB),
  "300 MB of NULs": (file) => nothing(file, 300 * MB),
  "200 MB of NULs": (file) => nothing(file, 200 * MB),
};

async function nothing(file: string, bytes: number): Promise<void> {
  await writeFile(file, "");
  await truncate(file, bytes);
}

/** Milliseconds and bytes that a command may take; the machine may have other work. */
const LONGEST = 30_000;
const MOST_MEMORY = 300 * MB;

const Listed = z.array(z.object({ id: z.string(), status: z.string(), why: z.string().optional() }));

/** Sessions by what is replaced in them; the file is below the session's folder. */
const SESSIONS = {
  journal: "journal.jsonl",
  lock: "lock",
  draft: "refreshed.md",
  changes: "changes.json",
  plan: "plan.md",
} as const;
type Replaced = keyof typeof SESSIONS;

describe("files that are none, in a stranger's folder", function () {
  if (process.platform === "win32") return;
  let sound: Awaited<ReturnType<typeof aFolder>>;
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let session = "";
  let report = "";
  const inFolder = (...names: string[]): string => path.join(folder.path, ...names);
  const idOf = (replaced: Replaced | "archived" | "snapshot"): string => `${session}-${replaced}`;

  before(async () => {
    sound = await aFolder();
    await cp("test/e2e/workspace", sound.path, { recursive: true });
    const ended = await runProgram(sound.path, [QUESTION, "--json"], ENGLISH);
    assert.equal(ended.code, 0, ended.stderr);
    const result = z.object({ session: z.string(), report: z.string() }).parse(JSON.parse(ended.stdout));
    ({ session, report } = result);
  });
  after(() => sound.remove());

  /** A copy of the sound session under another id, its report too. */
  async function copied(id: string): Promise<string> {
    const to = inFolder("data/sessions", id);
    await cp(inFolder("data/sessions", session), to, { recursive: true });
    const renamed = async (from: string, file: string): Promise<void> =>
      writeFile(file, (await readFile(from, "utf8")).replaceAll(session, id));
    await renamed(path.join(to, "journal.jsonl"), path.join(to, "journal.jsonl"));
    await renamed(inFolder(report), inFolder("data/reports", `${id}.md`));
    return to;
  }

  async function replaced(file: string, replacement: string): Promise<void> {
    await rm(file, { force: true, recursive: true });
    await REPLACEMENTS[replacement]?.(file);
  }

  /** Runs a command, and holds it to its time and memory. */
  async function run(...args: string[]): Promise<Ended> {
    const file = path.join(os.tmpdir(), `memory-${path.basename(folder.path)}`);
    await rm(file, { force: true });
    const memory = {
      NODE_OPTIONS: `--require ${path.resolve("test/fakes/record-memory.js")}`,
      MEMORY_FILE: file,
    };
    let isLate = false;
    const ended = await runProgram(folder.path, args, { ...ENGLISH, ...memory }, (kill) => {
      const timer = setTimeout(() => {
        isLate = true;
        kill("SIGKILL");
      }, LONGEST);
      timer.unref();
    });
    assert.equal(isLate, false, `${args.join(" ")} did not end`);
    const taken = Number(await readFile(file, "utf8")) * 1024;
    await rm(file);
    assert.ok(taken < MOST_MEMORY, `${args.join(" ")} took ${Math.round(taken / MB)} MB`);
    assert.doesNotMatch(ended.stderr, /\n\s+at |node:internal/, args.join(" "));
    return ended;
  }

  for (const replacement of Object.keys(REPLACEMENTS)) {
    it(`are refused: ${replacement}`, async () => {
      folder = await aFolder();
      try {
        await cp(sound.path, folder.path, { recursive: true });
        for (const [name, file] of Object.entries(SESSIONS)) {
          await replaced(path.join(await copied(idOf(name as Replaced)), file), replacement);
        }
        const withSnapshots = await copied(idOf("snapshot"));
        const sources = path.join(withSnapshots, "sources");
        for (const name of await readdir(sources)) await replaced(path.join(sources, name), replacement);
        await rm(inFolder("data/sessions/archive"), { recursive: true, force: true });
        await mkdir(inFolder("data/sessions/archive"));
        const archived = inFolder("data/sessions/archive", idOf("archived"));
        await replaced(`${archived}.zip`, replacement);
        await replaced(`${archived}.json`, replacement);
        const badReport = "data/reports/replaced.md";
        await replaced(inFolder(badReport), replacement);
        await replaced(inFolder("backup.zip"), replacement);
        await replaced(inFolder("docs/replaced.md"), replacement);
        await replaced(inFolder(".gitignore"), replacement);
        await replaced(inFolder("data/cache/mark"), replacement);

        // The list has every session, and says what is wrong with those that cannot be read.
        const listed = Listed.parse(JSON.parse((await run("sessions", "--json")).stdout));
        assert.equal(listed.length, Object.keys(SESSIONS).length + 3);
        const said = new Map(listed.map((each) => [each.id, each]));
        assert.equal(said.get(session)?.status, "done");
        assert.equal(said.get(idOf("lock"))?.status, "done");
        assert.equal(said.get(idOf("archived"))?.status, "damaged");
        assert.match(said.get(idOf("archived"))?.why ?? "", /archive cannot be read/);
        assert.equal(said.get(idOf("journal"))?.status, "damaged");
        const why = /not a regular file|too large|does not begin with a valid header/;
        assert.match(said.get(idOf("journal"))?.why ?? "", why);
        assert.match((await run("sessions")).stdout, new RegExp(`${idOf("journal")}  damaged  Its journal `));

        assert.equal((await run("stats", "--json")).code, 0);
        const health = await run("health");
        assert.match(health.stdout, /2 cannot be read: /);

        // What is named and cannot be read is refused in one line; nobody is told that it stands.
        // A folder is looked through: it is no wrong name for a report.
        if (replacement !== "a folder") {
          const verified = await run("verify", badReport);
          assert.equal(verified.code, 4, verified.stderr);
          assert.match(verified.stderr, /^[^\n]*(?:cannot be read|is not a Deep Research report)[^\n]*\n$/);
        }
        const forged = await run("verify", `data/reports/${idOf("snapshot")}.md`);
        assert.equal(forged.code, 4, forged.stdout);
        assert.match(forged.stdout, /1\.1: The snapshot \S+/);
        assert.equal((await run("verify", report)).code, 0);

        const resumed = await run("resume", idOf("journal"));
        assert.deepEqual([resumed.code, resumed.stdout], [1, ""]);
        assert.match(resumed.stderr, /The session at \S+ is damaged: |is a link that leads to /);
        const locked = await run("resume", idOf("lock"));
        assert.equal(locked.code, 1, locked.stdout);
        assert.match(locked.stderr, /lock|already running/);
        const again = await run("resume", idOf("archived"));
        assert.equal(again.code, 1);
        assert.match(again.stderr, /not a valid backup/);
        const planned = await run("resume", idOf("plan"));
        assert.equal(planned.code, 1);
        assert.match(planned.stderr, /The plan (?:cannot be read|is too long)|is a link that leads to /);

        const restored = await run("restore", "backup.zip");
        assert.equal(restored.code, 1, restored.stdout);
        assert.match(restored.stderr, /not a valid backup/);
        assert.notEqual((await run("accept", idOf("draft"))).code, 0);
        assert.notEqual((await run("accept", idOf("changes"))).code, 0);
        assert.equal((await run("refresh", badReport)).code, 2);
        await run("refresh", `data/reports/${idOf("journal")}.md`);

        // What snapshots hold is read anew where they were replaced; a folder is in the way of that.
        const anew = await run("resume", idOf("snapshot"));
        assert.equal(anew.code === 0, replacement !== "a folder", anew.stderr);

        const away = await run("archive", idOf("journal"));
        assert.equal(away.code, 1);
        assert.match(away.stderr, /Skipped \S+: its journal cannot be read\./);
        // A sound question in the same folder is answered; it does not see what is no file.
        const asked = await run(QUESTION);
        assert.equal(asked.code, 0, asked.stderr);
        assert.doesNotMatch(await readFile(inFolder(asked.stdout.trim()), "utf8"), /replaced\.md/);
        const made = await run("backup", "made.zip");
        assert.equal(made.code, 0, made.stderr);
        const left = ["a folder", "200 MB of NULs"].includes(replacement) ? "archived" : "journal";
        assert.match(made.stderr, new RegExp(`Skipped[^\n]*${idOf(left)}`));
      } finally {
        await folder.remove();
      }
    }).timeout(240_000);
  }

  it("are not missed where only the first line of a journal was removed: its copy is used", async () => {
    folder = await aFolder();
    try {
      await cp(sound.path, folder.path, { recursive: true });
      const file = inFolder("data/sessions", session, "journal.jsonl");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.slice(text.indexOf("\n") + 1));
      const [listed] = Listed.parse(JSON.parse((await run("sessions", "--json")).stdout));
      assert.deepEqual([listed?.id, listed?.status], [session, "done"]);
      const before = await readFile(inFolder(report), "utf8");
      const resumed = await run("resume", session);
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.match(resumed.stderr, /The first line is missing; its copy is used/);
      assert.equal(await readFile(inFolder(report), "utf8"), before);
      const stats = await run("stats", "--json");
      assert.match(stats.stdout, /"done": 1/);
    } finally {
      await folder.remove();
    }
  });
}).timeout(240_000);
