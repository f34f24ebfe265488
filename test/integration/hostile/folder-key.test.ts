import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../../fakes/gemini.js";
import { git } from "../../fakes/hostile-repository.js";
import { programEnvironment, runProgram, type Ended } from "../../fakes/run-program.js";

/* A stranger's key in a folder's `.env`: no question leaves under the stranger's account. */

const KEY = "fake-key-of-a-stranger-ABCD";
const ASK = ["How does a crashed run continue?", "--source", "workspace", "--depth", "quick", "--json"];

describe("a key that lies in a folder, in the terminal", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let workspace: string;
  let env: Record<string, string>;
  let fake: FakeGemini;
  beforeEach(async () => {
    folder = await aFolder();
    workspace = path.join(folder.path, "w");
    await cp("test/e2e/workspace", workspace, { recursive: true });
    await writeFile(path.join(workspace, ".env"), `GEMINI_API_KEY=${KEY}\n`);
    fake = await startFakeGemini();
    env = { GEMINI_BASE_URL: fake.address, DEEP_RESEARCH_STATE: path.join(folder.path, "state") };
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });
  const run = (args: string[], more: Record<string, string> = {}): Promise<Ended> =>
    runProgram(workspace, args, { ...env, ...more });
  const engine = ({ stdout }: Ended): string =>
    z.object({ engine: z.string() }).parse(JSON.parse(stdout)).engine;

  it("is not used before the user accepted it, and is used then, until that is taken back", async () => {
    const before = await run(ASK);
    assert.deepEqual([before.code, engine(before), fake.requests.length], [0, "offline", 0], before.stderr);
    const lines = before.stderr.split("\n").filter((line) => line.includes("is not used"));
    assert.equal(lines.length, 1, before.stderr);
    assert.match(lines[0]!, /…ABCD in \S+\.env is not used.*deep-research trust$/);
    assert.equal((before.stderr + before.stdout).includes(KEY), false);
    assert.match((await run(["health"])).stdout, /WARN {2}engine: offline: the key in \.env is not used/);
    assert.equal((await run(["sessions"])).stderr, "", "what uses no key says nothing of it");

    const trust = await run(["trust", "--json"]);
    assert.deepEqual(JSON.parse(trust.stdout), {
      file: path.join(workspace, ".env"),
      key: "…ABCD",
      accepted: true,
    });
    const after = await run([...ASK, "--no-cache"]);
    assert.deepEqual([after.code, engine(after)], [0, "gemini"], after.stderr);
    assert.ok(fake.requests.length > 0);
    assert.equal((await run(["health"])).stdout.includes("is not used"), false);

    // Another key in the same file is not the one that was accepted.
    fake.requests.length = 0;
    await writeFile(path.join(workspace, ".env"), `GEMINI_API_KEY=${KEY}-2\n`);
    assert.equal(engine(await run(ASK)), "offline");
    await writeFile(path.join(workspace, ".env"), `GEMINI_API_KEY=${KEY}\n`);
    assert.match((await run(["trust", "--remove"])).stdout, /no longer used/);
    assert.deepEqual(JSON.parse((await run(["trust", "--remove", "--json"])).stdout), {
      file: path.join(workspace, ".env"),
      accepted: false,
    });
    assert.equal(engine(await run(ASK)), "offline");
    assert.equal(fake.requests.length, 0);
    await rm(path.join(workspace, ".env"));
    assert.equal((await run(["trust"])).code, 2);
  });

  it("is not used, however git is kept from saying that it is shared", async () => {
    const repository = (): void => {
      git(workspace, "init", "-q");
      git(workspace, "add", "-f", ".env");
    };
    const ways: Record<string, () => Promise<Record<string, string>> | Record<string, string>> = {
      "an archive without a repository": () => ({}),
      "git is missing": () => {
        repository();
        return { PATH: "/nowhere" };
      },
      "a damaged index": async () => {
        repository();
        await writeFile(path.join(workspace, ".git/index"), "damaged");
        return {};
      },
      "a damaged repository": async () => {
        repository();
        await rm(path.join(workspace, ".git/HEAD"));
        return {};
      },
      "called from a hook of another repository": () => {
        repository();
        const other = path.join(folder.path, "other");
        execFileSync("git", ["init", "-q", other]);
        return { GIT_DIR: path.join(other, ".git"), GIT_WORK_TREE: other };
      },
      "the folder is a git directory itself": async () => {
        await mkdir(path.join(workspace, "refs/heads"), { recursive: true });
        await mkdir(path.join(workspace, "objects"));
        await writeFile(path.join(workspace, "HEAD"), "ref: refs/heads/main\n");
        await writeFile(path.join(workspace, "config"), "[core]\n\tbare = false\n");
        return {};
      },
    };
    for (const [way, prepare] of Object.entries(ways)) {
      const more = await prepare();
      const ended = await run(ASK, more);
      const isRefused = ended.code === 2 && ended.stderr.includes("GEMINI_API_KEY in .env is refused");
      assert.ok(isRefused || (ended.code === 0 && engine(ended) === "offline"), `${way}: ${ended.stderr}`);
      assert.equal(fake.requests.length, 0, way);
      // What is shared cannot be accepted, either.
      if (isRefused) assert.equal((await run(["trust"], more)).code, 2, way);
      await rm(path.join(workspace, ".git"), { recursive: true, force: true });
    }
  });

  it("is not used where nothing can be remembered, which ends only what has to remember", async () => {
    await writeFile(path.join(folder.path, "file"), "");
    const more = { DEEP_RESEARCH_STATE: path.join(folder.path, "file/state") };
    assert.equal(engine(await run(ASK, more)), "offline");
    const trust = await run(["trust"], more);
    assert.equal(trust.code, 1);
    assert.match(trust.stderr, /Cannot write \S+file\/state.*DEEP_RESEARCH_STATE/);
  });

  it("is asked about on a terminal, once, by its end alone", async function () {
    if (process.platform !== "linux" || !existsSync("/usr/bin/script")) return this.skip();
    const onTerminal = (answer: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const command = [process.execPath, path.resolve("dist/cli.js"), ...ASK.slice(0, -1)];
        const quoted = command.map((each) => `'${each}'`).join(" ");
        const child = spawn("script", ["-qec", quoted, "/dev/null"], {
          cwd: workspace,
          env: { ...programEnvironment(env), TERM: "dumb" },
        });
        let shown = "";
        let isAnswered = false;
        child.stdout.on("data", (chunk) => {
          shown += String(chunk);
          if (isAnswered || !shown.includes("[y/N]")) return;
          isAnswered = true;
          child.stdin.write(answer);
        });
        child.once("error", reject);
        child.once("close", () => resolve(shown));
      });
    const declined = await onTerminal("\n");
    assert.match(declined, /Use the key …ABCD from \S+\.env for this folder\? \[y\/N\]/);
    assert.equal(declined.includes(KEY), false);
    assert.equal(fake.requests.length, 0);
    assert.ok((await onTerminal("y\n")).includes("[y/N]"));
    assert.ok(fake.requests.some(({ key }) => key === KEY));
    assert.doesNotMatch(await onTerminal(""), /\[y\/N\]/);
  });

  it("is not waited for in a pipe or a device, and neither are settings", async function () {
    if (process.platform === "win32") return this.skip();
    const dotEnv = path.join(workspace, ".env");
    const yaml = path.join(workspace, "deep-research.yaml");
    const began = performance.now();
    await rm(dotEnv);
    execFileSync("mkfifo", [dotEnv]);
    assert.equal((await run(["sessions"])).code, 0);
    await rm(dotEnv);
    execFileSync("ln", ["-s", "/dev/zero", dotEnv]);
    assert.equal((await run(["sessions"])).code, 0);
    await rm(dotEnv);
    for (const make of [
      ["mkfifo", yaml],
      ["mkdir", yaml],
      ["ln", "-s", "/dev/zero", yaml],
    ]) {
      execFileSync(make[0]!, make.slice(1));
      const ended = await run(["sessions"]);
      assert.deepEqual([ended.code, ended.stdout], [2, ""]);
      assert.match(ended.stderr, /deep-research\.yaml is not a regular file/);
      await rm(yaml, { recursive: true });
    }
    if (process.getuid?.() !== 0) {
      await writeFile(yaml, "maxUsd: 1\n");
      await chmod(yaml, 0o000);
      assert.match((await run(["sessions"])).stderr, /deep-research\.yaml cannot be read \(EACCES\)/);
    }
    assert.ok(performance.now() - began < 60_000);
    assert.equal(existsSync(path.join(folder.path, "state")), false, "nothing had to be remembered");
    assert.ok((await readFile(path.join(workspace, "README.md"), "utf8")).length > 0);
  });
});
