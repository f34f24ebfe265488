import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { acquireSharedResources } from "../../src/app/shared-resources.js";
import { resumeResearch, startResearch } from "../../src/app/run-session.js";
import type { EngineConfig } from "../../src/app/types.js";
import type { RunResult } from "../../src/app/run-result.js";
import { isRunning } from "../../src/storage/sessions/session-lock.js";
import { listSessions } from "../../src/storage/sessions/list-sessions.js";
import { journalPath } from "../../src/storage/sessions/session.js";
import { loadSettings } from "../../src/config/load-settings.js";
import type { Settings } from "../../src/config/settings-schema.js";
import { interceptFiles, systemError, type FileOperation, type Decide } from "../fakes/faulty-files.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { Disk, putBack } from "../fakes/power-cut.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";

/*
 * Every call to the file system that a research makes for its session and its report fails, one after the other, and in
 * several ways. The rule, whatever fails:
 *
 * 1. A call whose outcome was handed on to the research is in the journal, and is never made again.
 * 2. What fails once loses nothing at all: every call that was answered is in the journal when the run has ended.
 *    Where the disk fails to the end, calls are lost that were under way at the first failure, and no others.
 * 3. Once the disk is well again, the session ends with the report of an undisturbed run.
 */

const KEY = "fake-key-for-fault-tests";
const QUESTION = "How does a crashed run continue?";
/** Every so many calls fail of those that are asked for in one test; FAULTS=1 in the environment: each one. */
const STEP = Number(process.env["FAULTS"] ?? 5);

interface Outcome {
  key: string;
  kind: string;
}

describe("a session whose files fail", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  let settings: Settings;
  let shared: ReturnType<typeof acquireSharedResources>;
  let undisturbed: { report: string; requests: number; files: number };
  let trials = 0;

  before(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", path.join(folder.path, "workspace"), { recursive: true });
    fake = await startFakeGemini();
    settings = await loadSettings(path.join(folder.path, "workspace"), []);
    // The threads and the index serve all runs.
    shared = acquireSharedResources();
    const trial = await begun();
    const { asked } = await run(trial, () => "fine");
    undisturbed = { report: await reportOf(trial), requests: fake.requests.length, files: asked.length };
    assert.ok(undisturbed.requests > 5 && undisturbed.files > 60);
    await rm(trial.root, { recursive: true });
  });
  after(async () => {
    await shared.release();
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  interface Trial {
    root: string;
    config: EngineConfig;
  }

  /** Folders of its own for sessions and reports, beside the workspace. */
  async function begun(): Promise<Trial> {
    const root = path.join(folder.path, "trials", String(++trials));
    await mkdir(root, { recursive: true });
    return { root, config: configAt(root) };
  }

  function configAt(root: string): EngineConfig {
    const [sessionStoragePath, reportOutputPath] = [path.join(root, "sessions"), path.join(root, "reports")];
    return {
      workspace: path.join(folder.path, "workspace"),
      settings: { ...settings, sessionStoragePath, reportOutputPath },
      key: KEY,
      baseUrl: fake.address,
      cache: false,
    };
  }

  interface Ran {
    result: RunResult | null;
    asked: FileOperation[];
    /** Keys of the steps whose outcome was handed on. */
    told: string[];
    /** Calls of the model that were begun, and whose outcome was not handed on. */
    underWay: number;
  }

  /** A run, new or resumed, on files that fail as `decide` says. */
  async function run(
    { root, config }: Trial,
    decide: Decide,
    session: string | null = null,
    after: (asked: FileOperation, told: number) => void = () => undefined,
  ): Promise<Ran> {
    const asked: FileOperation[] = [];
    const told: string[] = [];
    const begun = new Set<string>();
    const deciding: Decide = (each, number) => {
      asked.push(each);
      return decide(each, number);
    };
    const stop = await interceptFiles(root, deciding, (each) => after(each, told.length));
    const watch = {
      signal: new AbortController().signal,
      listen: (event: { type: string; phase?: string; kind?: string; key?: string; reused?: boolean }) => {
        if (event.type === "step" && event.phase === "started" && event.kind === "model")
          begun.add(event.key ?? "");
        if (event.type === "step" && event.phase === "done" && event.reused === false)
          told.push(event.key ?? "");
      },
    };
    const question = { question: QUESTION, depth: "quick", maxSources: 10, scope: ["workspace"], pages: [] };
    try {
      const running =
        session === null
          ? startResearch(config, question as Parameters<typeof startResearch>[1], watch)
          : resumeResearch(config, session, watch);
      const result = await running.catch(() => null);
      for (const key of told) begun.delete(key);
      return { result, asked, told, underWay: begun.size };
    } finally {
      stop();
    }
  }

  async function sessionOf({ config }: Trial): Promise<string | null> {
    return (await listSessions(config.settings.sessionStoragePath))[0]?.id ?? null;
  }

  async function outcomesOf({ config }: Trial, session: string): Promise<Outcome[]> {
    const file = journalPath(path.join(config.settings.sessionStoragePath, session));
    const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
    return lines
      .map((line) => JSON.parse(line) as Outcome & { type?: string })
      .filter(({ type }) => type === "outcome");
  }

  /** The one report, without what differs from session to session. */
  async function reportOf(trial: Trial): Promise<string> {
    const reports = trial.config.settings.reportOutputPath;
    const names = (await readdir(reports)).filter((name) => name.endsWith(".md"));
    assert.equal(names.length, 1, names.join());
    const text = await readFile(path.join(reports, names[0] ?? ""), "utf8");
    return text.replaceAll((await sessionOf(trial)) ?? "", "ID").replaceAll(`trials/${trials}/`, "trials/N/");
  }

  const paid = (outcomes: Outcome[]): Outcome[] => outcomes.filter(({ kind }) => kind === "model");

  /** Runs, fails, resumes, and holds it all to the rule. @returns the calls to files that were made */
  async function tried(decide: Decide, losesNothing: boolean, what: string): Promise<FileOperation[]> {
    const trial = await begun();
    const before = fake.requests.length;
    const { result, told, asked, underWay } = await run(trial, decide);
    const session = await sessionOf(trial);
    const asking = fake.requests.length - before;
    let repeated = 0;
    if (session === null) {
      assert.deepEqual([asking, result], [0, null], `${what}: paid, and there is no session`);
    } else {
      assert.notEqual(result, null, `${what}: a run that began says how it ended`);
      const kept = await outcomesOf(trial, session);
      const keys = new Set(kept.map(({ key }) => key));
      assert.equal(keys.size, kept.length, `${what}: an outcome stands there twice`);
      assert.deepEqual(
        told.filter((key) => !keys.has(key)),
        [],
        `${what}: an outcome was handed on and is not kept`,
      );
      const lost = (result?.calls.model ?? 0) - paid(kept).length;
      if (losesNothing) assert.equal(lost, 0, `${what}: answered, and not in the journal`);
      else assert.ok(lost <= underWay, `${what}: ${lost} lost, ${underWay} under way`);
      repeated = asking - paid(kept).length;
      assert.ok(repeated <= underWay, `${what}: ${repeated} of ${asking} calls are not in the journal`);
      if (losesNothing) assert.equal(repeated, 0, `${what}: calls that will be made again`);
      const folderOf = path.join(trial.config.settings.sessionStoragePath, session);
      assert.equal(await isRunning(folderOf), false, `${what}: nobody runs it any more`);
    }
    const again = fake.requests.length;
    const resumed = await run(trial, () => "fine", session);
    assert.equal(resumed.result?.status, "done", `${what}: ${JSON.stringify(resumed.result?.error)}`);
    assert.equal(await reportOf(trial), undisturbed.report, `${what}: another report`);
    assert.equal(
      fake.requests.length - again,
      undisturbed.requests - (session === null ? 0 : asking - repeated),
      `${what}: calls that were made again`,
    );
    await rm(trial.root, { recursive: true });
    return asked;
  }

  const nameOf = ({ name, file, to = "" }: FileOperation): string =>
    [name, ...[file, to].filter(Boolean).map((each) => path.basename(each))].join(" ");

  /** Tries a fault at each call, from the n-th on by steps. */
  async function atEach(
    fails: (asked: FileOperation, number: number, at: number) => ReturnType<Decide>,
    losesNothing: boolean,
  ): Promise<void> {
    let tries = 0;
    for (let at = 1; ; at += STEP) {
      const reached = { calls: 0 };
      let where = "";
      const decide: Decide = (asked, number) => {
        reached.calls = number;
        if (number === at) where = nameOf(asked);
        return fails(asked, number, at);
      };
      try {
        await tried(decide, losesNothing, `call ${at}`);
      } catch (error) {
        if (error instanceof Error) error.message += ` (${where})`;
        throw error;
      }
      tries++;
      if (reached.calls < at) break;
    }
    assert.ok(tries > undisturbed.files / STEP / 2, `${tries} tries`);
  }

  /** What needs room: to remove something or to make it shorter does not. */
  const needsRoom = ({ name, flags }: FileOperation): boolean =>
    ["appendFile", "writeFile", "datasync", "sync", "mkdir", "rename", "link"].includes(name) ||
    (name === "open" && flags === "wx");

  it("goes on where one call failed", async () => {
    await atEach((_, number, at) => (number === at ? systemError("EIO") : "fine"), true);
  });

  it("goes on where two calls failed, one after the other", async () => {
    await atEach(
      (_, number, at) => (number === at || number === at + 1 ? systemError("EIO") : "fine"),
      false,
    );
  });

  it("goes on where the disk was full from one call on", async () => {
    await atEach(
      (asked, number, at) => (number >= at && needsRoom(asked) ? systemError("ENOSPC") : "fine"),
      false,
    );
  });

  it("goes on where a write was cut off in the middle, and where reads come in pieces", async () => {
    await atEach((asked, number, at) => (number === at || asked.name === "read" ? "short" : "fine"), true);
  });

  it("goes on after a power cut at any moment: names that were not flushed are gone, or are there", async () => {
    const trial = await begun();
    const disk = new Disk(trial.root);
    const moments: { left: Map<string, Buffer | null>; told: number; requests: number; where: string }[] = [];
    const before = fake.requests.length;
    const { told } = await run(
      trial,
      () => "fine",
      null,
      (asked, toldBy) => {
        disk.take(asked);
        for (const names of ["flushed", "all"] as const) {
          const requests = fake.requests.length - before;
          moments.push({
            left: disk.left(names),
            told: toldBy,
            requests,
            where: `${nameOf(asked)}, ${names}`,
          });
        }
      },
    );
    const lasting = disk.left("flushed");
    for (const file of disk.left("all").keys()) assert.ok(lasting.has(file), `${file} lasts in the end`);
    await rm(trial.root, { recursive: true });
    const seen = new Set<string>();
    let sessions = 0;
    for (const [index, { left, told: toldBy, requests, where }] of moments.entries()) {
      // Between two flushes nothing changes.
      const state = [...left].map(([file, content]) => `${file} ${content?.length ?? ""}`).join("\n");
      if (seen.has(state)) continue;
      seen.add(state);
      if (seen.size % STEP !== 1 % STEP) continue;
      const what = `power cut after call ${Math.floor(index / 2) + 1} (${where})`;
      const after = await begun();
      await putBack(left, after.root);
      const [listed] = await listSessions(after.config.settings.sessionStoragePath);
      if (listed === undefined || listed.status === "damaged") {
        assert.deepEqual([toldBy, requests], [0, 0], `${what}: paid, and there is no session`);
      } else {
        sessions++;
        const kept = await outcomesOf(after, listed.id);
        const keys = new Set(kept.map(({ key }) => key));
        assert.deepEqual(
          told.slice(0, toldBy).filter((key) => !keys.has(key)),
          [],
          what,
        );
        const again = fake.requests.length;
        const resumed = await run(after, () => "fine", listed.id);
        assert.equal(resumed.result?.status, "done", `${what}: ${JSON.stringify(resumed.result?.error)}`);
        assert.equal(await reportOf(after), undisturbed.report, `${what}: another report`);
        // Nothing that the journal has is asked again, and the snapshots that it speaks of are there.
        assert.equal(fake.requests.length - again, undisturbed.requests - paid(kept).length, what);
        const reads = resumed.told.filter((key) => keys.has(key));
        assert.deepEqual(reads, [], `${what}: what had been done was done again`);
      }
      await rm(after.root, { recursive: true });
    }
    assert.ok(sessions > 20 / STEP, `${sessions} sessions`);
  });

  it("goes on where no more files could be opened for a while", async () => {
    await atEach(
      ({ name }, number, at) =>
        name === "open" && number >= at && number < at + 8 ? systemError("EMFILE") : "fine",
      false,
    );
  });
}).timeout(600_000);
