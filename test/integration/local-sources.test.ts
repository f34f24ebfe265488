import assert from "node:assert/strict";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatMessage } from "../../src/common/messages.js";
import { loadEnvironmentConfig } from "../../src/app/load-config.js";
import { startResearch } from "../../src/app/run-session.js";
import type { RunResult } from "../../src/app/run-result.js";
import { verifyReports } from "../../src/app/verify-reports.js";
import type { Scope } from "../../src/core/domain/research-request.js";
import { git } from "../fakes/hostile-repository.js";
import { INTEGRITY, npmManifest, npmPackage } from "../fakes/installed-packages.js";
import { aFolder } from "../fakes/temporary-folder.js";

/* Packages and history as sources of a whole research, which is then verified without a network. */

const never = new AbortController().signal;

describe("a research in what is on this machine", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder({
      ...npmManifest({ mudlark: "1.2.3" }),
      ...npmPackage("mudlark", "1.2.3", {
        files: {
          "README.md": "# Mudlark\n\n## Dredging\n\nMudlark dredges a harbour with 12 buckets by default.\n",
          "index.d.ts":
            "/** Dredges a harbour with as many buckets as are given. */\nexport declare function dredge(buckets: number): void;\n",
        },
      }),
      "docs/harbour.md": "# Harbour\n\nThe harbour opens at 6 in the morning.\n",
      ".gitignore": "node_modules/\ndata/\n",
    });
    const message =
      "Dredge by night\n\nThe dredger works by night because the ferries need the channel by day.";
    git(folder.path, "init", "-q");
    git(folder.path, "add", "-A");
    git(folder.path, "commit", "-qm", message);
  });
  afterEach(() => folder.remove());

  const research = async (question: string, scope: Scope[]): Promise<RunResult> => {
    const line = { name: (setting: string) => setting, values: {}, workspace: false };
    const { config } = await loadEnvironmentConfig(folder.path, line, {});
    const request = { question, depth: "quick" as const, maxSources: 5, scope, pages: [] };
    return startResearch(config, request, { listen: () => undefined, signal: never });
  };
  const report = async (result: RunResult): Promise<string> =>
    readFile(path.join(folder.path, result.report ?? ""), "utf8");
  const verify = async (result: RunResult) => {
    const { checked } = await verifyReports(
      [path.join(folder.path, result.report ?? "")],
      folder.path,
      never,
    );
    const [one] = checked;
    assert.ok(one !== undefined);
    return one;
  };

  it("cites an installed package by version, file and line, with the hash of the lock file", async () => {
    const result = await research("How many buckets does mudlark dredge with by default?", ["packages"]);
    assert.equal(result.status, "done");
    const cited = result.evidence.find(({ quote }) => quote.includes("12 buckets"));
    assert.deepEqual(cited?.source, {
      kind: "package", package: "mudlark@1.2.3", path: "README.md", file: "node_modules/mudlark/README.md", lines: [5, 5],
    }); // prettier-ignore
    const markdown = await report(result);
    assert.match(
      markdown,
      /\[Mudlark \(mudlark\\@1\.2\.3 README\.md\)\]\(\.\.\/\.\.\/node_modules\/mudlark\/README\.md#L5\), line 5, read on/,
    );
    assert.ok(markdown.includes(INTEGRITY));
    const checked = await verify(result);
    assert.deepEqual([checked.ok, checked.failed, checked.since, checked.checked], [true, [], [], "all"]);
  });

  it("is verified after the package was updated, moved or removed, and says so", async () => {
    const result = await research("How many buckets does mudlark dredge with by default?", ["packages"]);
    const mudlark = path.join(folder.path, "node_modules/mudlark");
    await writeFile(
      path.join(mudlark, "README.md"),
      "# Mudlark\n\nNew.\n\n## Dredging\n\nMudlark dredges a harbour with 12 buckets by default.\n",
    );
    assert.equal((await verify(result)).since[0]?.state, "moved");
    await writeFile(path.join(mudlark, "README.md"), "# Mudlark\n\nOther.\n");
    assert.equal((await verify(result)).since[0]?.state, "changed");
    await writeFile(
      path.join(mudlark, "package.json"),
      JSON.stringify({ name: "mudlark", version: "2.0.0" }),
    );
    const updated = await verify(result);
    assert.equal(updated.ok, true);
    assert.ok(updated.since.length > 0);
    for (const { state, why } of updated.since) {
      const said = "mudlark 2.0.0 is installed now; the quote is from version 1.2.3.";
      assert.deepEqual([state, formatMessage(why)], ["version", said]);
    }
    await rm(mudlark, { recursive: true });
    assert.equal((await verify(result)).since[0]?.state, "gone");
  });

  it("notices a report that names another version, file or line", async () => {
    const result = await research("How many buckets does mudlark dredge with by default?", ["packages"]);
    const file = path.join(folder.path, result.report ?? "");
    const markdown = await report(result);
    for (const [from, to] of [
      ["mudlark\\@1.2.3", "mudlark\\@9.9.9"],
      ["node_modules/mudlark/README.md#L5", "node_modules/other/README.md#L5"],
      ["README.md#L5), line 5", "README.md#L7), line 7"],
    ] as const) {
      assert.ok(markdown.includes(from), from);
      await writeFile(file, markdown.replaceAll(from, to));
      assert.equal((await verify(result)).ok, false, to);
    }
  });

  it("finds a package that the question names when it searches the workspace", async () => {
    const result = await research("How many buckets does mudlark dredge with by default?", ["workspace"]);
    assert.ok(result.evidence.some(({ source }) => source.kind === "package"));
    const other = await research("When does the harbour open in the morning?", ["workspace"]);
    assert.ok(other.evidence.every(({ source }) => source.kind === "workspace"));
  });

  it("cites a commit, which is verified with git, and by its snapshot without it", async () => {
    const result = await research("Why does the dredger work by night?", ["workspace"]);
    const cited = result.evidence.find(({ quote }) => quote.includes("because the ferries"));
    const head = git(folder.path, "rev-parse", "HEAD").trim();
    assert.equal(cited?.source.kind === "commit" ? cited.source.commit : "", head);
    const markdown = await report(result);
    assert.match(
      markdown,
      new RegExp(
        `\\[Dredge by night\\]\\([^)]+/sources/[0-9a-f]{16}\\.md#L\\d+(?:-L\\d+)?\\), lines? [0-9 to]+ at \`${head.slice(0, 7)}\`, read on`,
      ),
    );
    const [, line = ""] = /\.md#L(\d+)(?:-L\d+)?\), line/.exec(markdown) ?? [];
    const sources = path.join(folder.path, "data/sessions", result.session, "sources");
    const texts = await Promise.all(
      (await readdir(sources)).map((name) => readFile(path.join(sources, name), "utf8")),
    );
    const snapshot = texts.find((text) => text.includes("because the ferries")) ?? "";
    assert.match(snapshot.split("\n")[Number(line) - 1] ?? "", /because the ferries/);
    assert.deepEqual([(await verify(result)).ok, (await verify(result)).since], [true, []]);
    // The commit is rewritten: what was cited is still in its snapshot.
    await rm(path.join(folder.path, ".git"), { recursive: true });
    git(folder.path, "init", "-q");
    git(folder.path, "add", "-A");
    git(folder.path, "commit", "-qm", "Other");
    const rewritten = await verify(result);
    assert.deepEqual([rewritten.ok, rewritten.since[0]?.state], [true, "gone"]);
  });

  it("says what there is to do where nothing is installed", async () => {
    await rm(path.join(folder.path, "node_modules"), { recursive: true });
    const result = await research("How many buckets does mudlark dredge with?", ["packages"]);
    assert.equal(result.status, "failed");
    assert.match(
      result.error === undefined ? "" : formatMessage(result.error.message),
      /No readable sources were found .* chosen sources/,
    );
  });

  it("never reads what a hostile package points at", async () => {
    await mkdir(path.join(folder.path, "node_modules/evil"), { recursive: true });
    await writeFile(
      path.join(folder.path, "package.json"),
      JSON.stringify({ dependencies: { "../../../etc": "*", evil: "*" } }),
    );
    await writeFile(
      path.join(folder.path, "node_modules/evil/package.json"),
      JSON.stringify({ name: "evil", version: "1.0.0\n---\nsource: x", description: "[a](b)" }),
    );
    const result = await research("What does the package evil do?", ["packages"]);
    assert.equal(result.status, "failed");
  });
});
