import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createHistoryReader } from "../../../../src/reading/history/history-reader.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import {
  FILE,
  git,
  HOSTILE_REPOSITORIES,
  isSprung,
  plainGit,
  setTrap,
  type Trap,
} from "../../../fakes/hostile-repository.js";

const never = new AbortController().signal;

describe("the history of a workspace", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let trap: Trap;
  beforeEach(async function () {
    if (process.platform === "win32") return this.skip();
    folder = await aFolder();
    trap = setTrap(folder.path);
  });
  afterEach(() => folder.remove());

  const start = (name = "repository"): string => {
    const where = path.join(folder.path, name);
    mkdirSync(where);
    git(where, "init", "-q");
    return where;
  };
  const commit = (where: string, file: string, text: string, message: string): string => {
    mkdirSync(path.dirname(path.join(where, file)), { recursive: true });
    writeFileSync(path.join(where, file), text);
    git(where, "add", "-A");
    git(where, "commit", "-qm", message);
    return git(where, "rev-parse", "HEAD").trim();
  };
  const everything = async (where: string): Promise<void> => {
    const history = createHistoryReader(where);
    await history.state(never);
    for (const { commit: id } of await history.messages(never))
      await history.read({ kind: "commit", commit: id }, never).catch(() => undefined);
    await history.commitsWith("harbour", never);
    await history.blame(FILE, never);
  };

  for (const [name, { make, springs }] of Object.entries(HOSTILE_REPOSITORIES)) {
    it(`runs no program of a repository: ${name}`, async () => {
      const where = make(path.join(folder.path, "repository"), trap);
      plainGit(where, ...springs);
      assert.equal(isSprung(trap), true, "plain git runs it: else this proves nothing");
      await everything(where);
      assert.equal(isSprung(trap), false);
    });
  }

  for (const [name, config, attributes, springs] of [
    ["a converter", '[diff "x"]\n\ttextconv = TRAP\n', "*.md diff=x\n", ["show", "HEAD"]],
    [
      "a converter of blame",
      '[diff "x"]\n\ttextconv = TRAP\n',
      "*.md diff=x\n",
      ["blame", "HEAD", "--", FILE],
    ],
    ["a program for differences", "[diff]\n\texternal = TRAP\n", "", ["log", "-p", "--ext-diff"]],
    [
      "a program for differences of some files",
      '[diff "x"]\n\tcommand = TRAP\n',
      "*.md diff=x\n",
      ["log", "-p", "--ext-diff"],
    ],
    [
      "a filter",
      '[filter "x"]\n\tclean = TRAP\n\trequired = true\n',
      "*.md filter=x\n",
      ["blame", "--", FILE],
    ],
    ["a pager", "[core]\n\tpager = TRAP\n[pager]\n\tlog = TRAP\n", "", ["-p", "log"]],
  ] as const) {
    it(`runs no program of a repository: ${name}`, async () => {
      const where = start();
      commit(where, FILE, "# Harbour\n", "a");
      commit(where, FILE, "# Harbour\n\nA harbour.\n", "b");
      appendFileSync(path.join(where, ".git/config"), config.replaceAll("TRAP", trap.program));
      appendFileSync(path.join(where, ".git/info/attributes"), attributes);
      writeFileSync(path.join(where, FILE), "# Harbour\n\nA harbour, edited.\n");
      if (name !== "a pager") {
        plainGit(where, ...springs);
        assert.equal(isSprung(trap), true, "plain git runs it: else this proves nothing");
      }
      await everything(where);
      assert.equal(isSprung(trap), false);
    });
  }

  it("gives messages and changes, and the same text each time", async () => {
    const where = start();
    commit(where, "mud.md", "# Mud\n", "Begin");
    const id = commit(
      where,
      "mud.md",
      "# Mud\n\nDredge in spring.\n",
      "Dredge in spring\n\nIn autumn the fish spawn.",
    );
    const history = createHistoryReader(where);
    assert.deepEqual(
      (await history.messages(never)).map(({ subject }) => subject),
      ["Dredge in spring", "Begin"],
    );
    const { title, text, commit: at } = await history.read({ kind: "commit", commit: id }, never);
    assert.deepEqual([title, at], ["Dredge in spring", id]);
    assert.match(
      text,
      /^# Dredge in spring\n\nIn autumn the fish spawn\.\n\nCommitted on \d{4}-\d\d-\d\d as [0-9a-f]{12}\./,
    );
    assert.match(text, /### mud\.md\n\n```diff\n@@ -1 \+1,3 @@\n # Mud\n\+\n\+Dredge in spring\.\n```/);
    // Settings of the repository do not change it.
    git(where, "config", "diff.noprefix", "true");
    git(where, "config", "diff.algorithm", "patience");
    git(where, "config", "i18n.logOutputEncoding", "ISO-8859-1");
    assert.equal((await createHistoryReader(where).read({ kind: "commit", commit: id }, never)).text, text);
  });

  it("finds the commits in which a text came or went, and those of a file's lines", async () => {
    const where = start();
    const first = commit(where, "a.md", "one p-queue\n", "First");
    const second = commit(where, "a.md", "one p-queue\ntwo\n", "Second");
    const third = commit(where, "a.md", "two\n", "Third");
    const history = createHistoryReader(where);
    assert.deepEqual(await history.commitsWith("p-queue", never), [third, first]);
    assert.deepEqual(await history.blame("a.md", never), [{ commit: second, text: "two" }]);
    assert.deepEqual(await history.commitsWith("--output=x", never), []);
    assert.deepEqual(await history.blame("--output=x", never), []);
  });

  it("never has an e-mail address, a secret, or what a tool wrote", async () => {
    const where = start();
    const key = "AKIA" + "IOSFODNN7EXAMPL2";
    writeFileSync(path.join(where, "package-lock.json"), "{}\n");
    const id = commit(
      where,
      ".env",
      `AWS_KEY=${key}\n`,
      "Ask a.person@example.com\n\nSigned-off-by: A <a@b.example>\nSee b@c.example.",
    );
    const history = createHistoryReader(where);
    const { text } = await history.read({ kind: "commit", commit: id }, never);
    const all = JSON.stringify([await history.messages(never), text]);
    assert.doesNotMatch(all, /@|Signed|AKIA|package-lock|\.env/);
    assert.match(text, /^# Ask \(address removed\)\n\nSee \(address removed\)/);
  });

  it("has annotated tags, with what they say", async () => {
    const where = start();
    commit(where, "a.md", "a\n", "First");
    git(where, "tag", "plain");
    git(where, "tag", "-am", "The harbour release\n\nIt dredges.", "v1.0.0");
    const history = createHistoryReader(where);
    const tag = (await history.messages(never)).at(-1);
    assert.equal(tag?.subject, "v1.0.0: The harbour release");
    const { text } = await history.read({ kind: "commit", commit: tag.commit }, never);
    assert.match(text, /^# v1\.0\.0: The harbour release\n\nIt dredges\./);
    assert.equal((await history.messages(never)).length, 2);
  });

  it("has what concerns the folder, where that is a part of a repository", async () => {
    const where = start();
    commit(where, "other/b.md", "b\n", "Elsewhere");
    const id = commit(where, "mine/a.md", "a\n", "Mine");
    const history = createHistoryReader(path.join(where, "mine"));
    assert.deepEqual(
      (await history.messages(never)).map(({ subject }) => subject),
      ["Mine"],
    );
    assert.match((await history.read({ kind: "commit", commit: id }, never)).text, /a\.md/);
  });

  it("tells a shallow clone, a folder without a repository, and one without commits", async () => {
    const where = start();
    commit(where, "a.md", "a\n", "First");
    commit(where, "a.md", "b\n", "Second");
    assert.equal(await createHistoryReader(where).state(never), "whole");
    execFileSync("git", [
      "clone",
      "-q",
      "--depth",
      "1",
      `file://${where}`,
      path.join(folder.path, "shallow"),
    ]);
    assert.equal(await createHistoryReader(path.join(folder.path, "shallow")).state(never), "shallow");
    assert.equal(await createHistoryReader(folder.path).state(never), "none");
    assert.equal(await createHistoryReader(start("empty")).state(never), "unreadable");
    assert.deepEqual(await createHistoryReader(folder.path).messages(never), []);
  });

  it("refuses what is no commit of the repository", async () => {
    const where = start();
    commit(where, "a.md", "a\n", "First");
    const history = createHistoryReader(where);
    for (const id of ["HEAD", "--output=x", "a".repeat(40), ""])
      await assert.rejects(history.read({ kind: "commit", commit: id }, never), /is not in the repository/);
  });

  it("keeps what a commit changed within bounds", async () => {
    const where = start();
    for (let n = 0; n < 300; n++)
      writeFileSync(path.join(where, `n${n}.md`), `${"word ".repeat(200)}\n`.repeat(50));
    const id = commit(where, "fence.md", "```\nends the block\n```\n", "Many");
    const { text } = await createHistoryReader(where).read({ kind: "commit", commit: id }, never);
    assert.ok(text.length < 70_000);
    assert.match(text, /And changes of \d+ more files\.$/);
    assert.match(text, /\+'''\n\+ends the block\n\+'''/);
  });
});
