import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { aFolder } from "../../fakes/temporary-folder.js";
import { FILE, HOSTILE_REPOSITORIES, isSprung, plainGit, setTrap } from "../../fakes/hostile-repository.js";
import { runProgram } from "../../fakes/run-program.js";

/* A clone or an archive of a stranger, opened in the terminal: no program of its git runs. */

describe("a stranger's repository, in the terminal", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async function () {
    if (process.platform === "win32") return this.skip();
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  for (const [name, { make, springs }] of Object.entries(HOSTILE_REPOSITORIES)) {
    it(`runs nothing: ${name}`, async () => {
      const trap = setTrap(folder.path);
      const repository = path.join(folder.path, "clone");
      const where = make(repository, trap);
      plainGit(where, ...springs);
      assert.equal(isSprung(trap), true, "plain git runs it: else this proves nothing");

      const asked = await runProgram(repository, ["What is a harbour?", "--json", "--depth", "quick"]);
      assert.equal(asked.code, 0, asked.stderr);
      assert.ok(asked.stdout.includes(FILE), "the file was read, and asked about");
      assert.equal(isSprung(trap), false, "one question");

      for (const opened of new Set([repository, where])) {
        writeFileSync(path.join(opened, ".env"), "GEMINI_API_KEY=fake-key-of-a-stranger\n");
      }
      // With a key in `.env` any command asks git about it.
      await runProgram(repository, ["sessions"]);
      await runProgram(folder.path, ["health", "--workspace", where]);
      await runProgram(where, ["trust"]);
      assert.equal(isSprung(trap), false, "a key in .env");
    });
  }

  it("finds git neither in the clone nor in the folder that it is called in", async () => {
    const trap = setTrap(folder.path);
    const repository = path.join(folder.path, "clone");
    HOSTILE_REPOSITORIES["a monitor of files"]!.make(repository, trap);
    mkdirSync(path.join(repository, "bin"));
    for (const program of ["bin/git", "git", "git.exe"]) {
      writeFileSync(path.join(repository, program), `#!/bin/sh\necho run >> '${trap.canary}'\n`, {
        mode: 0o755,
      });
    }
    const paths = [".", "", "bin", path.join(repository, "bin"), process.env["PATH"]];
    const env = { PATH: paths.join(path.delimiter) };
    const asked = await runProgram(repository, ["What is a harbour?", "--json", "--depth", "quick"], env);
    assert.equal(asked.code, 0, asked.stderr);
    assert.equal(isSprung(trap), false);
  });
});
