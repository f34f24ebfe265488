import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";
import { ResearchError } from "../../../../src/common/errors.js";
import { createWorkspaceReader } from "../../../../src/reading/workspace/workspace-reader.js";
import { makeEpub, makeOdt } from "../../../fakes/odt.js";
import { aWorkspace } from "../../../fakes/workspace.js";

const signal = new AbortController().signal;

describe("workspace", () => {
  let root = "";

  async function put(file: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  }

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "workspace-"));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const listed = async (): Promise<string[]> =>
    (await createWorkspaceReader({ root, exclude: ["data"], text: extractDocumentText }).files(signal)).map(
      (file) => file.path,
    );

  it("lists what a person wrote and nothing else", async () => {
    await put(".gitignore", "*.tmp.md\n/private/\n");
    await put("docs/.gitignore", "!keep.tmp.md\n");
    for (const file of [
      "README.md", "docs/keep.tmp.md", "docs/build/intro.md", "src/a.ts", ".github/CONTRIBUTING.md",
      "drop.tmp.md", "private/x.md", "node_modules/p/README.md", ".env", ".env.local", "id_rsa", "server.key",
      "package-lock.json", "a.min.js", ".github/workflows/ci.yml", "data/report.md",
    ]) await put(file, "Some words of text."); // prettier-ignore
    await put("big.json", "x".repeat(1024 * 1024 + 1));
    await put("manual.txt", "x".repeat(5 * 1024 * 1024 + 1));
    assert.deepEqual(await listed(), [
      ".github/CONTRIBUTING.md", "README.md", "docs/build/intro.md", "docs/keep.tmp.md", "src/a.ts",
    ]); // prettier-ignore
  });

  it("lists a manual that is one long file", async () => {
    await put("manual.txt", "x".repeat(5 * 1024 * 1024));
    assert.deepEqual(await listed(), ["manual.txt"]);
  });

  const search = async (question: string, query: string, limit: number) => {
    const workspace = aWorkspace(root);
    try {
      return (await workspace.search.search({ id: "q0", question, query }, limit, signal)).value;
    } finally {
      await workspace.close();
    }
  };

  it("finds files by their words, best first, documents before code", async () => {
    await put("docs/retry.md", "# Retries\n\nA failed request is retried five times.\n");
    await put("src/retry.ts", "export function retry() {\n  // a failed request is retried\n}\n");
    await put("docs/other.md", "# Colours\n\nThe sky is blue.\n");
    const value = await search("How often is a failed request retried?", "failed request retried", 5);
    assert.deepEqual(value.hits[0], {
      place: { kind: "workspace", path: "docs/retry.md" },
      title: "Retries",
    });
    assert.ok(value.hits.length <= 2);
  });

  it("reads OpenDocument texts and e-books, and names the documents whose format is not read", async () => {
    await put("notes/plan.odt", makeOdt("<text:p>A failed request is retried five times.</text:p>"));
    await put("notes/sea.epub", makeEpub({ a: "<h1>Tides</h1><p>They rise twice a day.</p>" }, "Sea"));
    await put("notes/old.doc", Buffer.from("d0cf11e0a1b11ae10000", "hex"));
    await put("notes/letter.rtf", "{\\rtf1 A failed request is never retried.}");
    await put("node_modules/p/guide.doc", "x");
    const value = await search("How often is a failed request retried?", "failed request retried", 5);
    assert.deepEqual(
      value.hits.map(({ place }) => place),
      [{ kind: "workspace", path: "notes/plan.odt" }],
    );
    assert.deepEqual(value.unread, ["notes/letter.rtf", "notes/old.doc"]);
    assert.deepEqual((await search("When do tides rise?", "tides rise", 5)).hits[0]?.title, "Sea");
    const reader = createWorkspaceReader({ root, exclude: [], text: extractDocumentText });
    await assert.rejects(reader.text("notes/old.doc", signal), /Word 97 files are not read/);
  });

  it("finds the file that a good hit speaks of by name", async () => {
    await put("a.md", "# Kent Baer\n\nHe coaches the UNLV Rebels.\n");
    await put("b.md", "# UNLV Rebels\n\nHome games are held in Whitney.\n");
    for (let n = 0; n < 9; n++) await put(`c${n}.md`, `# Other ${n}\n\nSome coaches train in town ${n}.\n`);
    const question = "Whom does Kent Baer coach?";
    const value = await search(question, question, 3);
    assert.deepEqual(
      value.hits.slice(0, 2).map(({ title }) => title),
      ["Kent Baer", "UNLV Rebels"],
    );
  });

  it("reads UTF-8 and UTF-16 with their marks, with \\n line breaks", async () => {
    await put("a.md", "\ufeff# Über\r\n\r\nText.\r\n");
    await put("b.txt", Buffer.from("\ufeffGrüße\r\nan alle", "utf16le"));
    const workspace = createWorkspaceReader({ root, exclude: [], text: extractDocumentText });
    const a = await workspace.read({ kind: "workspace", path: "a.md" }, signal);
    assert.equal(a.title, "Über");
    assert.equal(a.text, "# Über\n\nText.");
    assert.equal((await workspace.read({ kind: "workspace", path: "b.txt" }, signal)).text, "Grüße\nan alle");
  });

  it("loses invisible characters, counted, before anything is quoted", async () => {
    await put("a.md", "# A\u200b title\n\nRun \u202eit\u202c now.\n");
    const { title, text, warnings } = await createWorkspaceReader({
      root,
      exclude: [],
      text: extractDocumentText,
    }).read({ kind: "workspace", path: "a.md" }, signal);
    assert.equal(title, "A title");
    assert.equal(text, "# A title\n\nRun it now.");
    assert.match(warnings.join(" "), /^3 invisible characters were removed from the text\.$/);
  });

  it("knows the line of an HTML file that each line of its text is from", async () => {
    const html =
      "<html>\n<head><title>Guide</title></head>\n<body>\n<h2>Setup</h2>\n\n<p>Run\nit now.</p>\n<ul><li>One</li>\n<li>Two</li></ul>\n</body></html>";
    await put("g.html", html);
    const { title, text, lines } = await createWorkspaceReader({
      root,
      exclude: [],
      text: extractDocumentText,
    }).read({ kind: "workspace", path: "g.html" }, signal);
    assert.equal(title, "Guide");
    assert.equal(text, "## Setup\n\nRun it now.\n\n- One\n- Two");
    assert.deepEqual([lines?.[0], lines?.[2], lines?.[4], lines?.[5]], [4, 6, 8, 9]);
  });

  it("reads a page whose text is a template, at its lines, and no template of a page with text of its own", async () => {
    const template =
      '<script id="ops" type="text/x-handlebars-template">\n<h2>Topics</h2>\n{{#if ops}}<p>A topic\'s name has at most 249 characters.</p>{{/if}}\n</script>';
    await put(
      "ops.html",
      `<!--\n A licence of many words that is no text of the page.\n-->\n${template}\n<div class="ops"></div>\n`,
    );
    await put("app.html", `<p>${"This page says enough by itself. ".repeat(5)}</p>\n${template}`);
    const workspace = createWorkspaceReader({ root, exclude: [], text: extractDocumentText });
    const { text, lines } = await workspace.read({ kind: "workspace", path: "ops.html" }, signal);
    assert.equal(text, "## Topics\n\nA topic's name has at most 249 characters.");
    assert.deepEqual([lines?.[0], lines?.[2]], [5, 6]);
    const other = await workspace.read({ kind: "workspace", path: "app.html" }, signal);
    assert.doesNotMatch(other.text, /Topics/);
  });

  it("refuses secrets, binaries and what leads out of the folder", async () => {
    const outside = await mkdtemp(path.join(os.tmpdir(), "outside-"));
    await writeFile(path.join(outside, "x.md"), "out");
    await put(".env", "KEY=1");
    await put("a.bin.txt", Buffer.from([65, 0, 66]));
    await symlink(path.join(outside, "x.md"), path.join(root, "link.md"));
    await symlink(path.join(root, ".env"), path.join(root, "harmless.md"));
    const workspace = createWorkspaceReader({ root, exclude: [], text: extractDocumentText });
    for (const file of [
      ".env",
      "a.bin.txt",
      "link.md",
      "harmless.md",
      "../x.md",
      path.join(outside, "x.md"),
      "none.md",
    ]) {
      await assert.rejects(workspace.read({ kind: "workspace", path: file }, signal), ResearchError, file);
    }
    await rm(outside, { recursive: true, force: true });
  });

  it("names the commit of a file that is as HEAD has it", async function () {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...args], {
        encoding: "utf8",
      });
    try {
      git("init", "-q");
    } catch {
      this.skip();
    }
    await put("a.md", "# A\n");
    git("add", "a.md");
    git("commit", "-qm", "a");
    const workspace = createWorkspaceReader({ root, exclude: [], text: extractDocumentText });
    const place = { kind: "workspace" as const, path: "a.md" };
    assert.equal((await workspace.read(place, signal)).commit, git("rev-parse", "HEAD").trim());
    await put("a.md", "# B\n");
    assert.equal((await workspace.read(place, signal)).commit, null);
  });

  it("stops when it is cancelled", async () => {
    await put("a.md", "# A\n");
    await assert.rejects(
      createWorkspaceReader({ root, exclude: [], text: extractDocumentText }).files(AbortSignal.abort()),
      {
        name: "AbortError",
      },
    );
  });
});
