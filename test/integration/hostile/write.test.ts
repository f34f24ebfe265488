import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { aFolder } from "../../fakes/temporary-folder.js";
import { runProgram, type Ended } from "../../fakes/run-program.js";
import { aManifest, aZip, type FakeEntry } from "../../fakes/zip.js";

/*
 * Folders of strangers that try to have files written or removed outside what is ours: links in place of our folders
 * and files, settings, journals, locks and backups. The built program is run in each, and what must not be touched
 * is compared byte for byte.
 */

const QUESTION = "How does a crashed run continue?";

/** All below a folder: files by their hash, links by where they lead. */
async function everything(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const file = path.join(folder, name);
    const about = await lstat(file);
    found[name] = about.isSymbolicLink()
      ? `-> ${await readlink(file)}`
      : about.isFile()
        ? createHash("sha256")
            .update(await readFile(file))
            .digest("hex")
        : "a folder";
  }
  return found;
}

describe("a stranger's folder writes and removes nothing outside ours", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let workspace: string;
  let outside: string;
  /** A workspace with one session and its report, made once. */
  let made: Awaited<ReturnType<typeof aFolder>>;
  let session: string;
  let report: string;

  before(async function () {
    if (process.platform === "win32") this.skip();
    made = await aFolder();
    await cp("test/e2e/workspace", made.path, { recursive: true });
    const ended = await runProgram(made.path, [QUESTION, "--json", "--depth", "quick"]);
    assert.equal(ended.code, 0, ended.stderr);
    ({ session, report } = JSON.parse(ended.stdout) as { session: string; report: string });
    await rm(path.join(made.path, "data/cache"), { recursive: true, force: true });
  });
  after(() => made.remove());

  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", workspace, "-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const at = (...names: string[]): string => path.join(workspace, ...names);
  const run = (...args: string[]): Promise<Ended> => runProgram(workspace, args);
  const ask = (): Promise<Ended> => run(QUESTION, "--depth", "quick");
  /** What must be the same afterwards. */
  const canary = async (): Promise<unknown> => {
    git("fsck", "--full", "--strict");
    const objects = await everything(at(".git"));
    return { outside: await everything(outside), objects, head: git("log", "--format=%H") };
  };
  const link = async (target: string, ...names: string[]): Promise<void> => {
    await mkdir(path.dirname(at(...names)), { recursive: true });
    await rm(at(...names), { recursive: true, force: true });
    await symlink(target, at(...names));
  };

  beforeEach(async () => {
    folder = await aFolder({ "outside/entries/mine.txt": "mine", "outside/index/mine.db": "mine" });
    outside = path.join(folder.path, "outside");
    workspace = path.join(folder.path, "workspace");
    await mkdir(path.join(outside, "objects/ab"), { recursive: true });
    await writeFile(path.join(outside, "objects/ab", `${"a".repeat(64)}.json`), "named like ours");
    await cp("test/e2e/workspace", workspace, { recursive: true });
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "Not pushed anywhere");
  });
  afterEach(() => folder.remove());

  /** With the session and report that were made before. */
  const withSession = async (): Promise<void> => {
    await cp(path.join(made.path, "data"), at("data"), { recursive: true });
  };

  describe("by its cache", () => {
    const plants: Record<string, () => Promise<unknown>> = {
      "that is a link to .git": () => link("../.git", "data/cache"),
      "that is a link out of the workspace": () => link("../../outside", "data/cache"),
      "whose objects are a link to git's": () => link("../../.git/objects", "data/cache/objects"),
      "whose entries and index are links to .git": async () => {
        await link("../../.git", "data/cache/entries");
        await link("../../.git", "data/cache/index");
      },
      "that holds a repository itself": () => cp(at(".git"), at("data/cache"), { recursive: true }),
      "that holds somebody's files": async () => {
        await mkdir(at("data/cache/objects/ab"), { recursive: true });
        await writeFile(at("data/cache/objects/notes.md"), "mine");
      },
    };
    for (const [what, plant] of Object.entries(plants)) {
      it(what, async () => {
        await plant();
        const [before, cache] = [await canary(), await everything(at("data"))];
        const asked = await ask();
        assert.equal(asked.code, 0, asked.stderr);
        assert.match(
          asked.stderr,
          /The cache is not used: data\/cache\S* (?:is a link that leads to|contains something)/,
        );
        const cleared = await run("clear-cache");
        assert.equal(cleared.code, 1, cleared.stdout);
        assert.match(cleared.stderr, /The cache was not cleared, and nothing was removed: data\/cache/);
        const health = await run("health");
        assert.match(health.stdout, /WARN {2}cache folder: The cache is not used: data\/cache/);
        assert.deepEqual(await canary(), before);
        const data = await everything(at("data"));
        for (const [name, content] of Object.entries(cache)) assert.equal(data[name], content, name);
      });
    }

    it("that was another machine's: it is taken over, and cleared", async () => {
      assert.equal((await ask()).code, 0);
      await cp(at("data/cache"), at("data/copy"), { recursive: true });
      await rm(at("data/cache"), { recursive: true });
      await rename(at("data/copy"), at("data/cache"));
      const before = await canary();
      const asked = await ask();
      assert.equal(asked.code, 0);
      assert.doesNotMatch(asked.stderr, /The cache is not used/);
      const cleared = await run("clear-cache");
      assert.deepEqual(
        [cleared.code, cleared.stdout.startsWith("Cleared the cache")],
        [0, true],
        cleared.stdout,
      );
      assert.deepEqual((await readdir(at("data/cache"))).sort(), [".gitignore", "mark"]);
      assert.deepEqual(await canary(), before);
    });
  });

  describe("by its folders for sessions and reports", () => {
    for (const [name, target] of [
      ["data", "../outside"],
      ["data", ".git"],
      ["data", "docs"],
      ["data/sessions", "../../outside"],
      ["data/reports", "../../outside"],
      ["data/reports", "../../outside/new"],
    ] as const) {
      it(`${name} -> ${target}`, async () => {
        await withSession();
        await run("backup", "../b.zip");
        await link(target, name);
        const before = { ...((await canary()) as object), docs: await everything(at("docs")) };
        const always = [
          [QUESTION],
          ["restore", "../b.zip", "--overwrite"],
          ["clear-cache"],
          ["archive", session],
        ];
        const others = [
          ["resume", session],
          ["archive", "--keep", "0"],
          ["unarchive", session],
          ["refresh", report],
          ["accept", session, "--overwrite"],
          ["discard", session],
          ["follow", session, "And then?"],
          ["backup", "../c.zip"],
        ];
        // One look at the folders stands before all of them.
        for (const args of target === "../outside" ? [...always, ...others] : always) {
          const ended = await run(...args);
          assert.equal(ended.code, 2, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
          assert.match(
            ended.stderr,
            new RegExp(`^${name} is a link that leads to ${target}\\. Remove the link, or set`),
          );
        }
        const health = await run("health");
        assert.match(health.stdout, new RegExp(`FAIL {2}settings: ${name} is a link that leads to`));
        assert.deepEqual({ ...((await canary()) as object), docs: await everything(at("docs")) }, before);
      });
    }

    it("is used where the user's own environment names the folder behind the link", async () => {
      await link("../../outside", "data/reports");
      const env = { REPORT_OUTPUT_PATH: path.join(outside, "reports") };
      const ended = await runProgram(workspace, [QUESTION, "--depth", "quick"], env);
      assert.equal(ended.code, 0, ended.stderr);
      assert.equal((await readdir(path.join(outside, "reports"))).length, 1);
    });

    for (const [setting, why] of [
      [
        "sessionStoragePath: .",
        /sessionStoragePath in deep-research\.yaml:\d+ is ".*": sessions and the cache/,
      ],
      ["sessionStoragePath: .git/sessions", /\.git belongs to another program/],
      ["sessionStoragePath: data/reports", /reports use the same folder/],
      ["reportOutputPath: .git/hooks", /\.git belongs to another program/],
      ["sessionStoragePath: data/cache", /this is the cache folder/],
    ] as const) {
      it(`${setting}, in the folder and from a backup`, async () => {
        await mkdir(path.join(folder.path, "cache/objects"), { recursive: true });
        await writeFile(path.join(folder.path, "cache/objects/mine"), "mine");
        const beside = await everything(path.join(folder.path, "cache"));
        const before = await canary();
        const content = Buffer.from(`${setting}\n`);
        const entries: FakeEntry[] = [{ name: "settings/deep-research.yaml", content }];
        await writeFile(path.join(folder.path, "b.zip"), aZip([...entries, aManifest(entries)]));
        for (const env of [
          {},
          { SESSION_STORAGE_PATH: path.join(outside, "own"), REPORT_OUTPUT_PATH: at("r") },
        ]) {
          const restored = await runProgram(workspace, ["restore", "../b.zip"], env);
          assert.equal(restored.code, 2, restored.stderr);
          assert.match(restored.stderr, why);
        }
        assert.equal((await readdir(workspace)).includes("deep-research.yaml"), false);
        await writeFile(at("deep-research.yaml"), content);
        for (const args of [[QUESTION], ["clear-cache"], ["archive", "--keep", "0"]]) {
          const ended = await run(...args);
          assert.equal(ended.code, 2, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
          assert.match(ended.stderr, why);
        }
        assert.deepEqual(await canary(), before);
        assert.deepEqual(await everything(path.join(folder.path, "cache")), beside);
      });
    }

    it("does not take a folder beside the sessions for its cache that is the project's own", async () => {
      await mkdir(at("cache/objects"), { recursive: true });
      await writeFile(at("cache/objects/mine"), "mine");
      await writeFile(at("deep-research.yaml"), "sessionStoragePath: kept\n");
      const before = await everything(at("cache"));
      const asked = await ask();
      assert.equal(asked.code, 0, asked.stderr);
      assert.match(
        asked.stderr,
        /The cache is not used: cache contains something that Deep Research did not create: objects\/mine\./,
      );
      assert.equal((await run("clear-cache")).code, 1);
      assert.deepEqual(await everything(at("cache")), before);
    });
  });

  describe("by a session", () => {
    const commands = (): string[][] => [
      ["resume", session],
      ["archive", session],
      ["archive", "--keep", "0"],
      ["refresh", report],
    ];
    const inSession = (...names: string[]): string => path.join("data/sessions", session, ...names);

    it("whose folder is a link", async () => {
      await withSession();
      await rename(at(inSession()), path.join(outside, "session"));
      await link("../../../outside/session", inSession());
      const before = await canary();
      for (const args of commands()) await run(...args);
      const resumed = await run("resume", session);
      assert.equal(resumed.code, 1);
      assert.match(resumed.stderr, new RegExp(`^${session} is a link that leads to`));
      const archived = await run("archive", session);
      assert.equal(archived.code, 1);
      assert.match(archived.stderr, /its folder is a link, and links are not followed/);
      assert.deepEqual(await canary(), before);
    });

    for (const name of ["journal.jsonl", "sources", "lock", "plan.md", "refreshed.md", "changes.json"]) {
      it(`whose ${name} is a link`, async () => {
        await withSession();
        const target = path.join(outside, name);
        if (name === "sources" || name === "journal.jsonl") await rename(at(inSession(name)), target);
        else await writeFile(target, `---\nsession: ${session}\n---\n\n# Mine\n`);
        await link(`../../../../outside/${name}`, inSession(name));
        const before = await canary();
        for (const args of commands()) {
          const ended = await run(...args);
          if (args[0] === "resume") {
            assert.equal(ended.code, 1, ended.stdout);
            assert.match(ended.stderr, new RegExp(`${name} is a link that leads to`));
          }
        }
        assert.deepEqual(await canary(), before);
      });
    }

    it("whose lock names a path, or whose archive is a link", async () => {
      await withSession();
      await writeFile(path.join(outside, "precious.next"), "mine");
      const token = "/../../../../../outside/precious";
      await writeFile(at(inSession("lock")), JSON.stringify({ token, host: "", pid: 0, begun: null }));
      await link("../../../outside", "data/sessions/archive");
      const before = await canary();
      for (const args of commands()) await run(...args);
      await rm(at(inSession("lock")));
      const archived = await run("archive", session);
      assert.equal(archived.code, 1);
      assert.match(archived.stderr, /^archive is a link that leads to/);
      assert.deepEqual(await canary(), before);
    });

    it("that calls itself another's, or by a path", async () => {
      await withSession();
      const journal = await readFile(at(inSession("journal.jsonl")), "utf8");
      for (const id of ["20260101-000000-another", "../../../outside/x"]) {
        await writeFile(
          at(inSession("journal.jsonl")),
          journal.replaceAll(`"id":"${session}"`, `"id":"${id}"`),
        );
        const before = await canary();
        const ended = await run("resume", session);
        assert.equal(ended.code, 1);
        assert.match(ended.stderr, / has the id /);
        assert.deepEqual(await canary(), before);
      }
      for (const id of ["../../outside", "archive", "..", ".", "a/b"]) {
        for (const command of ["resume", "archive", "unarchive", "accept", "discard"]) {
          const ended = await run(command, id);
          assert.equal(ended.code, 2, `${command} ${id}: ${ended.stderr}`);
        }
      }
    });
  });

  describe("by a refresh that waits", () => {
    const ID = "20260101-000000-refresh-abcd";
    /** A session of a stranger whose draft is to take the place of a file. */
    const plant = async (target: string): Promise<void> => {
      await mkdir(at("data/sessions", ID), { recursive: true });
      const refreshes = { session, report: target, sha256: "0".repeat(64) };
      const header = {
        ...{ schema: 3, id: ID, question: QUESTION, started: "2026-01-01T00:00:00.000Z", engine: "offline" },
        ...{
          depth: "quick",
          maxSources: 3,
          pages: [],
          scope: ["workspace"],
          environment: "production",
          refreshes,
        },
      };
      const ended = {
        type: "ended",
        at: "2026-01-01T00:00:01.000Z",
        status: "done",
        report: null,
        error: null,
      };
      const lines = [header, { type: "asked", header }, ended].map((line) => `${JSON.stringify(line)}\n`);
      await writeFile(at("data/sessions", ID, "journal.jsonl"), lines.join(""));
      const draft = (await readFile(at(report), "utf8")).replace(`session: ${session}`, `session: ${ID}`);
      await writeFile(at("data/sessions", ID, "refreshed.md"), `${draft}\ntouch pwned\n`);
    };
    const targets: Record<string, (() => Promise<unknown>) | null> = {
      "../outside/.bash_aliases": null,
      "../outside/new.md": null,
      "data/reports/../../../outside/new.md": null,
      "README.md": null,
      ".git/hooks/pre-commit": null,
      "data/reports/x.sh": null,
      "data/sessions/x.md": null,
      "data/reports": null,
      "data/reports/link.md": () => link("../../../outside/new.md", "data/reports/link.md"),
      "data/reports/sub/new.md": () => link("../../../outside", "data/reports/sub"),
    };
    for (const [target, prepare] of Object.entries(targets)) {
      it(`for ${target}`, async () => {
        await withSession();
        await prepare?.();
        await plant(target);
        const before = { ...((await canary()) as object), readme: await readFile(at("README.md"), "utf8") };
        const reports = await everything(at("data/reports"));
        for (const args of [
          ["accept", ID, "--overwrite"],
          ["accept", ID],
          ["resume", ID],
        ]) {
          const ended = await run(...args);
          assert.notEqual(ended.code, 0, args.join(" "));
          assert.match(ended.stderr, /is not in the reports folder|is a link/);
        }
        assert.deepEqual(
          { ...((await canary()) as object), readme: await readFile(at("README.md"), "utf8") },
          before,
        );
        assert.deepEqual(await everything(at("data/reports")), reports);
        // What cannot be accepted can be removed.
        assert.equal((await run("discard", ID)).code, 0);
      });
    }

    it("for an absolute path", async () => {
      await withSession();
      await plant(path.join(outside, "new.md"));
      const before = await canary();
      const ended = await run("accept", ID, "--overwrite");
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, /is not in the reports folder/);
      assert.deepEqual(await canary(), before);
    });

    it("goes to a report in a folder of the user's below the reports, as before", async () => {
      await withSession();
      await plant("data/reports/2026/new.md");
      await mkdir(at("data/reports/2026"));
      const ended = await run("accept", ID, "--overwrite");
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(await readFile(at("data/reports/2026/new.md"), "utf8"), /touch pwned/);
    });

    it("and a report elsewhere is not refreshed at all, and it is said what to do", async () => {
      await withSession();
      await cp(at(report), at("docs/copy.md"));
      const before = await everything(at("data/sessions"));
      const ended = await run("refresh", "docs/copy.md");
      assert.equal(ended.code, 2);
      assert.match(
        ended.stderr,
        /is not in the reports folder\. Move it to that folder and refresh it there/,
      );
      assert.deepEqual(await everything(at("data/sessions")), before);
    });
  });

  it("by a name or a link in a backup's way", async () => {
    await withSession();
    await run("backup", "../b.zip");
    await rm(at("data"), { recursive: true });
    for (const place of [`data/sessions/${session}`, `data/sessions/${session}/sources`, report]) {
      await mkdir(path.join(outside, "target"), { recursive: true });
      await link(path.join(outside, "target"), place);
      const before = await canary();
      for (const args of [
        ["restore", "../b.zip"],
        ["restore", "../b.zip", "--overwrite"],
      ]) {
        const ended = await run(...args);
        assert.equal(ended.code, 1, `${place}: ${ended.stdout}`);
        assert.match(ended.stderr, /is a link that leads to|Something other than a file exists at/);
      }
      assert.deepEqual(await canary(), before);
      await rm(at("data"), { recursive: true });
    }
    const content = Buffer.from("---\nsession: s\n---\n");
    for (const name of [
      "reports/a\u202edm.md",
      "reports/a\u200b.md",
      "reports/con .md",
      "reports/a./b.md",
      "reports/a\u00a0/b.md",
    ]) {
      const entries: FakeEntry[] = [{ name, content }];
      await writeFile(path.join(folder.path, "n.zip"), aZip([...entries, aManifest(entries)]));
      const ended = await run("restore", "../n.zip");
      assert.equal(ended.code, 1, name);
      assert.match(ended.stderr, /is not a valid path in a backup/);
    }
    assert.deepEqual((await readdir(workspace)).includes("data"), false);
  });
});
