import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { aFolder } from "../fakes/temporary-folder.js";
import { makePdf, paragraph } from "../fakes/pdf.js";
import { programEnvironment, type Ended } from "../fakes/run-program.js";

/* What the program has beside it may be missing: one thing is then slower or left out, and a line says so. */

const QUESTION = "How does a crashed run continue?";

describe("a missing part", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let program: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    program = await aFolder();
    await cp("dist", path.join(program.path, "dist"), { recursive: true });
    await symlink(path.resolve("package.json"), path.join(program.path, "package.json"));
  });
  afterEach(async () => {
    await Promise.all([folder.remove(), program.remove()]);
  });

  const run = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const cli = path.join(program.path, "dist", "cli.js");
      const child = spawn(process.execPath, [cli, ...args], {
        cwd: folder.path,
        env: programEnvironment(env),
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => (stdout += String(chunk)));
      child.stderr.on("data", (chunk) => (stderr += String(chunk)));
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  const remove = (name: string): Promise<void> => rm(path.join(program.path, "dist", name));

  for (const [name, part] of [
    ["SQLite's WASM", "node-sqlite3-wasm.wasm"],
    ["the threads of the index", "workspace-worker.js"],
  ] as const) {
    it(`slows the search down, with a line, and a report is made: ${name}`, async () => {
      await remove(part);
      const ended = await run([QUESTION]);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stderr, /the workspace is searched more slowly/);
      const verified = await run(["verify", ended.stdout.trim()]);
      assert.deepEqual([verified.code, verified.stdout.includes("valid")], [0, true], verified.stdout);
    });
  }

  for (const part of ["extraction-worker.js", "pdf.js"]) {
    it(`takes PDFs away, with a line, and nothing else: ${part}`, async () => {
      await writeFile(
        path.join(folder.path, "crash.pdf"),
        makePdf([paragraph([`${QUESTION} It continues.`])]),
      );
      await remove(part);
      // A file of that name above the program's folder is somebody else's: nothing runs it.
      await writeFile(
        path.join(program.path, part),
        `require("node:fs").writeFileSync(${JSON.stringify(path.join(folder.path, "ran"))}, "")`,
      );
      const ended = await run([QUESTION]);
      assert.equal(ended.code, 0, ended.stderr);
      const read = await run(["read", "crash.pdf", "docs/retries.md"]);
      assert.equal(read.code, 1, `${read.stdout}\n${read.stderr}`);
      assert.match(read.stderr, /crash\.pdf: .*(?:not be read|cannot be read)/);
      assert.match(read.stdout, /ledger/);
      assert.equal(existsSync(path.join(folder.path, "ran")), false);
    });
  }

  it("leaves a run without commits where git is missing, and a report is made", async () => {
    const empty = path.join(program.path, "no-programs");
    await mkdir(empty);
    execFileSync("git", ["init", "--quiet", folder.path]);
    const ended = await run([QUESTION], { PATH: empty });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /^git is not installed: sources are cited without their commit\.$/m);
    assert.equal((await run(["verify", ended.stdout.trim()], { PATH: empty })).code, 0);
  });
});
