import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { readGitState } from "../../../src/common/git-state.js";
import { runGit } from "../../../src/common/run-git.js";
import { findCommit } from "../../../src/reading/workspace/git.js";
import { aFolder } from "../../fakes/temporary-folder.js";
import {
  FILE,
  git,
  HOSTILE_REPOSITORIES,
  isSprung,
  plainGit,
  setTrap,
  TEXT,
  type Trap,
} from "../../fakes/hostile-repository.js";

const never = new AbortController().signal;

describe("git", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let trap: Trap;
  const before = { ...process.env };

  beforeEach(async function () {
    if (process.platform === "win32") return this.skip();
    folder = await aFolder();
    trap = setTrap(folder.path);
  });
  /** The object stays: a new one would reach neither child processes nor the rest of the tests. */
  const restoreEnvironment = (): void => {
    for (const name of Object.keys(process.env))
      if (!(name in before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  };
  afterEach(async () => {
    restoreEnvironment();
    await folder.remove();
  });

  const at = (name: string): string => path.join(folder.path, name);
  const ask = async (where: string, workspace = where): Promise<[string | null, string]> => {
    const file = path.join(where, FILE);
    return [await findCommit(file, workspace, await readFile(file), never), await readGitState(file, never)];
  };
  const sound = (name = "sound"): string => {
    mkdirSync(at(name));
    writeFileSync(path.join(at(name), FILE), TEXT);
    git(at(name), "init", "-q");
    git(at(name), "add", FILE);
    git(at(name), "commit", "-qm", "a");
    return at(name);
  };

  for (const [name, { make, springs }] of Object.entries(HOSTILE_REPOSITORIES)) {
    it(`runs no program of a repository: ${name}`, async () => {
      const where = make(at("repository"), trap);
      plainGit(where, ...springs);
      assert.equal(isSprung(trap), true, "plain git runs it: else this proves nothing");
      await ask(where, at("repository"));
      assert.equal(isSprung(trap), false);
    });
  }

  it("runs no hook", async () => {
    const where = sound();
    mkdirSync(path.join(where, "hooks"));
    symlinkSync(trap.program, path.join(where, "hooks/post-index-change"));
    git(where, "config", "core.hooksPath", "hooks");
    plainGit(where, "update-index", "--force-write-index");
    assert.equal(isSprung(trap), true);
    assert.deepEqual(await ask(where), [git(where, "rev-parse", "HEAD").trim(), "tracked"]);
    assert.equal(isSprung(trap), false);
  });

  it("says what it knows of a file", async () => {
    const where = sound();
    const commit = git(where, "rev-parse", "HEAD").trim();
    assert.deepEqual(await ask(where), [commit, "tracked"]);
    writeFileSync(path.join(where, FILE), "# Edited\n");
    assert.deepEqual(await ask(where), [null, "tracked"]);
    git(where, "rm", "-q", "--cached", "-f", FILE);
    assert.deepEqual((await ask(where))[1], "untracked");
    writeFileSync(path.join(where, ".gitignore"), "*.md\n");
    assert.deepEqual((await ask(where))[1], "ignored");
    assert.equal(await readGitState(at("trap.sh"), never), "no-repository");
    // A name is no pattern.
    writeFileSync(path.join(where, "b*.md"), "");
    assert.equal(await readGitState(path.join(where, "b*.md"), never), "ignored");
  });

  it("tells what it could not say from what is not tracked", async () => {
    const damaged = sound("damaged");
    writeFileSync(path.join(damaged, ".git/index"), "damaged");
    assert.equal((await ask(damaged))[1], "unknown");
    const empty = sound("empty");
    await rm(path.join(empty, ".git/HEAD"));
    assert.deepEqual(await ask(empty), [null, "unknown"]);
    const file = sound("file");
    await rm(path.join(file, ".git"), { recursive: true });
    writeFileSync(path.join(file, ".git"), "gitdir: ../nowhere\n");
    assert.deepEqual(await ask(file), [null, "unknown"]);
    const missing = sound("missing");
    process.env["PATH"] = "";
    assert.deepEqual(await ask(missing), [null, "unknown"]);
  });

  it("takes nothing of git's own out of the environment", async () => {
    const where = sound();
    const other = HOSTILE_REPOSITORIES["a monitor of files"]!.make(at("other"), trap);
    Object.assign(process.env, {
      GIT_DIR: path.join(other, ".git"),
      GIT_WORK_TREE: other,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: trap.program,
      GIT_TRACE: at("canary"),
      GIT_EXEC_PATH: folder.path,
    });
    const [commit, state] = await ask(where);
    assert.equal(isSprung(trap), false);
    assert.equal(state, "tracked");
    restoreEnvironment();
    assert.equal(commit, git(where, "rev-parse", "HEAD").trim());
  });

  it("is never a program of the workspace, nor of the current folder", async () => {
    const where = sound();
    mkdirSync(path.join(where, "bin"));
    for (const program of [path.join(where, "bin/git"), path.join(where, "git")]) {
      writeFileSync(program, `#!/bin/sh\necho run >> '${trap.canary}'\n`);
      chmodSync(program, 0o755);
    }
    // A link to it that lies elsewhere is the same program.
    mkdirSync(at("links"));
    symlinkSync(path.join(where, "bin/git"), at("links/git"));
    const paths = [path.join(where, "bin"), at("links"), ".", "", "bin", before["PATH"]];
    process.env["PATH"] = paths.join(path.delimiter);
    const cwd = process.cwd();
    process.chdir(where);
    try {
      plainGit(where, "version");
      assert.equal(isSprung(trap), true);
      assert.equal((await ask(where))[1], "tracked");
    } finally {
      process.chdir(cwd);
    }
    assert.equal(isSprung(trap), false);
  });

  it("is bounded in time, and stops when it is told to", async () => {
    const where = sound();
    await rm(path.join(where, ".git/index"));
    execFileSync("mkfifo", [path.join(where, ".git/index")]);
    const began = performance.now();
    assert.equal((await ask(where))[1], "unknown");
    assert.ok(performance.now() - began < 20_000);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const file = path.join(where, FILE);
    const stopped = performance.now();
    assert.equal(await readGitState(file, controller.signal), "unknown");
    assert.ok(performance.now() - stopped < 4000);
    const aborted = await runGit(where, where, ["rev-parse", "HEAD"], AbortSignal.abort());
    assert.deepEqual(aborted, { state: "unknown" });
  });
});
