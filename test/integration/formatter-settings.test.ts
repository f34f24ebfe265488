import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { aFolder } from "../fakes/temporary-folder.js";
import { runProgram } from "../fakes/run-program.js";

const prettier = path.resolve("node_modules/prettier/bin/prettier.cjs");

describe("a formatter over a whole repository", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
  });
  afterEach(() => folder.remove());

  it("leaves snapshots as they are", async () => {
    const ended = await runProgram(folder.path, ["How does a crashed run continue?"]);
    assert.equal(ended.code, 0, ended.stderr);
    const sessions = path.join(folder.path, "data/sessions");
    const names = (await readdir(sessions, { recursive: true })).filter((name) => name.endsWith(".md"));
    const read = (): Promise<string[]> =>
      Promise.all(names.map((name) => readFile(path.join(sessions, name), "utf8")));
    const files = await read();
    assert.ok(names.some((name) => name.endsWith(".md")));
    // A file of the workspace that needs it shows that the formatter ran.
    execFileSync(
      process.execPath,
      [prettier, "--write", "--prose-wrap=always", "--print-width=20", "data/sessions", "docs"],
      {
        cwd: folder.path,
        stdio: "ignore",
      },
    );
    assert.notEqual(
      await readFile(path.join(folder.path, "docs/retries.md"), "utf8"),
      await readFile("test/e2e/workspace/docs/retries.md", "utf8"),
    );
    assert.deepEqual(await read(), files);
    const checked = await runProgram(folder.path, ["verify", "data/reports"]);
    assert.doesNotMatch(checked.stdout, /snapshot/);
  });

  it("is said to be a cause where a snapshot was changed", async () => {
    const ended = await runProgram(folder.path, ["How does a crashed run continue?"]);
    const report = ended.stdout.trim().split("\n").at(-1) ?? "";
    execFileSync(process.execPath, [
      prettier, "--write", "--no-config", "--no-editorconfig", "--prose-wrap=always", "--print-width=20",
      path.join(folder.path, "data/sessions"),
    ], { cwd: folder.path, stdio: "ignore" }); // prettier-ignore
    const checked = await runProgram(folder.path, ["verify", report]);
    assert.equal(checked.code, 4);
    assert.match(checked.stdout, /has been changed since it was taken, by hand or by a formatter/);
  });
});
