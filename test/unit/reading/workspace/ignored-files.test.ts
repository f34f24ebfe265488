import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";
import { createWorkspaceReader } from "../../../../src/reading/workspace/workspace-reader.js";
import { plainGit } from "../../../fakes/hostile-repository.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const signal = new AbortController().signal;

describe("what git ignores", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  const environment = { ...process.env };

  beforeEach(async () => {
    folder = await aFolder();
    process.env["HOME"] = at("home");
    process.env["XDG_CONFIG_HOME"] = "";
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) {
      if (!(name in environment)) Reflect.deleteProperty(process.env, name);
    }
    // Not a new object: only the process's own reaches what is started and the time zone.
    Object.assign(process.env, environment);
    await folder.remove();
  });

  const at = (...names: string[]): string => path.join(folder.path, ...names);
  const put = async (file: string, content = "Some words of text."): Promise<void> => {
    await mkdir(path.dirname(at(file)), { recursive: true });
    await writeFile(at(file), content);
  };
  const listed = async (root: string): Promise<string[]> =>
    (
      await createWorkspaceReader({ root: at(root), exclude: [], text: extractDocumentText }).files(signal)
    ).map((file) => file.path);
  const git = (root: string, ...args: string[]): void => {
    plainGit(at(root), ...args);
  };
  /** Files of a repository with its rules, in git's words. */
  const makeRepository = async (root: string): Promise<void> => {
    await put(`${root}/.gitignore`, "Drafts/\n*.tmp.md\n");
    await put(`${root}/README.md`);
    await put(`${root}/drafts/kept.md`);
    await put(`${root}/Drafts/secret.md`);
    await put(`${root}/a.tmp.md`);
    await put(`${root}/notes/deep/b.tmp.md`);
    await put(`${root}/notes/deep/b.md`);
    git(root, "init", "-q");
  };

  const WAYS: [name: string, withoutGit: () => void][] = [
    ["git", () => undefined],
    ["our own rules, without git", () => (process.env["PATH"] = "")],
  ];
  for (const [name, prepare] of WAYS) {
    it(`is left out by ${name}: case counts where the file system says so`, async function () {
      if (process.platform !== "linux") return this.skip();
      await makeRepository("project");
      prepare();
      assert.deepEqual(await listed("project"), ["README.md", "drafts/kept.md", "notes/deep/b.md"]);
    });

    it(`is left out by ${name}: the excludes of the user, and of the repository for a linked worktree`, async () => {
      await makeRepository("project");
      await put("home/.config/git/ignore", "private.md\n");
      await put("project/.git/info/exclude", "local.md\n");
      git("project", "add", ".gitignore");
      git("project", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "a");
      git("project", "worktree", "add", "-q", at("linked"));
      for (const root of ["project", "linked"]) {
        for (const file of ["private.md", "local.md", "open.md"]) await put(`${root}/${file}`);
      }
      prepare();
      assert.deepEqual(await listed("linked"), ["open.md"]);
      assert.equal((await listed("project")).includes("open.md"), true);
      assert.equal(
        (await listed("project")).some((file) => /private|local/.test(file)),
        false,
      );
    });

    it(`is left out by ${name}: a repository in a repository has rules of its own`, async () => {
      await makeRepository("project");
      await put("project/library/.gitignore", "generated.md\n");
      await put("project/library/generated.md");
      await put("project/library/c.tmp.md");
      git("project/library", "init", "-q");
      prepare();
      const inner = (await listed("project")).filter((file) => file.startsWith("library/"));
      assert.deepEqual(inner, ["library/c.tmp.md"]);
    });

    it(`is left out by ${name}: a folder in an ignored folder`, async () => {
      await makeRepository("project");
      await put("project/Drafts/deep/d.md");
      prepare();
      assert.deepEqual(await listed("project/Drafts"), []);
      assert.deepEqual(await listed("project/Drafts/deep"), []);
    });
  }

  it("obeys core.excludesFile and reads tracked files, as git does", async () => {
    await makeRepository("project");
    await put("home/my-ignores", "private.md\n");
    git("project", "config", "--global", "core.excludesFile", at("home/my-ignores"));
    await put("project/private.md");
    git("project", "add", "-f", "a.tmp.md");
    const files = await listed("project");
    assert.equal(files.includes("private.md"), false);
    assert.equal(files.includes("a.tmp.md"), true, "a tracked file is not ignored");
  });
});
