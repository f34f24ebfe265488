import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { aFolder } from "../../fakes/temporary-folder.js";
import { makePdf, paragraph } from "../../fakes/pdf.js";

/* Without WebAssembly, with a damaged program of SQLite, or without its thread: the workspace is searched all the same. */

const FILES = {
  "docs/kestrel.md":
    "# The journal\n\nThe kestrel journal keeps an entry for ninety days before it is removed from the disk.\n",
  "docs/fulmar.md": "# Another\n\nThe fulmar archive is written by hand, and nobody reads it.\n",
  "src/other.ts": "export const colours = ['blue', 'green'];\n",
  "docs/petrel.pdf": makePdf([
    paragraph(["The petrel journal keeps an entry for seven weeks and is then removed."]),
  ]),
};

describe("where SQLite cannot run", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let program = "";

  beforeEach(async () => {
    folder = await aFolder(FILES);
    program = await mkdtemp(path.join(os.tmpdir(), "program-"));
    await cp("dist", path.join(program, "dist"), { recursive: true });
    await cp("package.json", path.join(program, "package.json"));
    await symlink(path.resolve("media"), path.join(program, "media"));
  });
  afterEach(async () => {
    await folder.remove();
    await rm(program, { recursive: true, force: true });
  });

  const asks = async (options: string[], question: string, file: string): Promise<void> => {
    const { PATH = "", HOME = "" } = process.env;
    const ended = spawnSync(process.execPath, [...options, path.join(program, "dist/cli.js"), question], {
      cwd: folder.path,
      encoding: "utf8",
      env: { PATH, HOME },
    });
    assert.equal(ended.status, 0, ended.stderr);
    assert.match(ended.stderr, /the workspace is searched more slowly/);
    assert.equal(ended.stderr.match(/searched more slowly/g)?.length, 1, ended.stderr);
    const [report] = await readdir(path.join(folder.path, "data/reports"));
    const text = await readFile(path.join(folder.path, "data/reports", report ?? ""), "utf8");
    assert.match(text, new RegExp(`\\[\\[1\\.1\\]\\][^]*${file}`));
    assert.match(text, /ninety days|seven weeks/);
    await rm(path.join(folder.path, "data"), { recursive: true });
  };

  it("answers from the right file with no WebAssembly at all", async () => {
    await asks(["--jitless"], "How long does the kestrel journal keep an entry?", "kestrel\\.md");
  });

  it("answers from the right file where SQLite's program is damaged or gone", async () => {
    const wasm = path.join(program, "dist/node-sqlite3-wasm.wasm");
    await writeFile(wasm, "no program at all");
    await asks([], "How long does the kestrel journal keep an entry?", "kestrel\\.md");
    await writeFile(wasm, (await readFile("dist/node-sqlite3-wasm.wasm")).subarray(0, 100_000));
    await asks([], "How long does the petrel journal keep an entry?", "petrel\\.pdf");
    await rm(wasm);
    await asks([], "How long does the kestrel journal keep an entry?", "kestrel\\.md");
  });

  it("says so in the check of health", () => {
    const { PATH = "", HOME = "" } = process.env;
    const { stdout } = spawnSync(
      process.execPath,
      ["--jitless", path.join(program, "dist/cli.js"), "health", "--json"],
      {
        cwd: folder.path,
        encoding: "utf8",
        env: { PATH, HOME },
      },
    );
    assert.match(stdout, /SQLite or its threads do not start: the workspace is searched more slowly/);
  });

  it("answers from the right file where the index's thread does not start", async () => {
    await writeFile(path.join(program, "dist/workspace-worker.js"), "throw new Error('no thread');\n");
    await asks([], "How long does the kestrel journal keep an entry?", "kestrel\\.md");
    await rm(path.join(program, "dist/workspace-worker.js"));
    await asks([], "How long does the kestrel journal keep an entry?", "kestrel\\.md");
  });
});
