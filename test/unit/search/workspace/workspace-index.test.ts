import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../../../src/common/errors.js";
import { EMPTY_READING } from "../../../../src/core/domain/empty-reading.js";
import type { WorkspaceOptions } from "../../../../src/reading/workspace/workspace-reader.js";
import { makeLargeFolder } from "../../../bench/speed/large-folder.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { aWorkspace, type SearchedWorkspace } from "../../../fakes/workspace.js";

const signal = new AbortController().signal;

describe("the index of a workspace", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let cache = "";
  let opened: SearchedWorkspace[] = [];

  beforeEach(async () => {
    folder = await aFolder({
      "docs/coach.md": "# Kent Baer\n\nHe coaches the UNLV Rebels.\n",
      "docs/rebels.md": "# UNLV Rebels\n\nHome games are held in Whitney.\n",
      "src/retry.ts": "export function retryRequest(times: number) {\n  // sent again after a pause\n}\n",
      "docs/guide.html":
        "<html><body><h1>Guide</h1><p>The lantern is lit by the keeper of Whitney.</p></body></html>",
      "docs/日本.md": "# 設定\n\n再試行の回数を設定します。\n",
      "notes.bin.txt": Buffer.from([65, 0, 66]),
    });
    cache = path.join(folder.path, "data/cache/index");
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await folder.remove();
  });

  const open = (options: { cache?: string | null; text?: WorkspaceOptions["text"] } = {}) => {
    const workspace = aWorkspace(folder.path, { exclude: ["data"], cache, ...options });
    opened.push(workspace);
    return workspace;
  };
  const ask = async (workspace: SearchedWorkspace, question: string): Promise<string[]> => {
    const { value } = await workspace.search.search({ id: "q0", question, query: question }, 10, signal);
    return value.hits.map(({ place, title }) => `${place.kind === "workspace" ? place.path : ""} ${title}`);
  };
  /** As another process would have it. */
  const askAnew = async (question: string, options = {}): Promise<string[]> => {
    const workspace = open(options);
    const found = await ask(workspace, question);
    await workspace.close();
    return found;
  };
  const put = (file: string, text: string | Buffer): Promise<void> =>
    writeFile(path.join(folder.path, file), text);
  const kept = async (): Promise<string[]> =>
    (await readdir(cache)).filter((name) => name.endsWith(".db")).map((name) => path.join(cache, name));

  it("finds by words of every script and by names of code, in a file and in memory", async () => {
    for (const options of [{}, {}, { cache: null }]) {
      assert.deepEqual(await askAnew("Who lights the lantern?", options), ["docs/guide.html Guide"]);
      assert.deepEqual(await askAnew("retryRequest", options), ["src/retry.ts src/retry.ts"]);
      assert.deepEqual(await askAnew("request", options), ["src/retry.ts src/retry.ts"]);
      assert.deepEqual(await askAnew("再試行", options), ["docs/日本.md 設定"]);
      assert.deepEqual(await askAnew("zzzz", options), []);
      assert.deepEqual(await askAnew('??? "" ** NEAR(', options), []);
      assert.deepEqual(await askAnew("Kent Baer", options), [
        "docs/coach.md Kent Baer",
        "docs/rebels.md UNLV Rebels",
      ]);
    }
  });

  it("finds the one file that holds an answer among many", async () => {
    const facts = await makeLargeFolder(folder.path, { files: 200, bytes: 2_000_000, seed: 3 });
    const workspace = open();
    for (const { question, file } of facts) {
      assert.ok((await ask(workspace, question))[0]?.startsWith(`${file} `), question);
    }
  });

  it("sees what changed, came and went, and reads nothing else again", async () => {
    const untouched = path.join(folder.path, "docs/rebels.md");
    const { size } = await stat(untouched);
    await utimes(untouched, 1e9, 1e9);
    assert.deepEqual(await askAnew("lantern"), ["docs/guide.html Guide"]);
    // By size and time this is the file that the index holds.
    const other = "# UNLV Rebels\n\nHome games are held in Phoenix.\n".padEnd(size).slice(0, size);
    await writeFile(untouched, other);
    await utimes(untouched, 1e9, 1e9);
    await put("docs/coach.md", "# Kent Baer\n\nHe now grows orchids.\n");
    await put("docs/new.md", "# Weather\n\nIt hails on Sundays.\n");
    await rm(path.join(folder.path, "docs/guide.html"));
    const later = open();
    assert.deepEqual(await ask(later, "lantern"), []);
    assert.deepEqual(await ask(later, "orchids"), ["docs/coach.md Kent Baer"]);
    assert.deepEqual(await ask(later, "hails"), ["docs/new.md Weather"]);
    assert.deepEqual(await ask(later, "Whitney"), ["docs/rebels.md UNLV Rebels"]);
    assert.deepEqual(await ask(later, "Phoenix"), []);
  });

  it("does not write the index again where nothing changed", async () => {
    await askAnew("lantern");
    const about = async () =>
      Promise.all((await kept()).map(async (file) => [file, (await stat(file)).mtimeMs]));
    const before = await about();
    await askAnew("lantern");
    assert.deepEqual(await about(), before);
    assert.equal(before.length, 2);
  });

  it("leaves nothing but the index", async () => {
    await askAnew("lantern");
    assert.ok((await readdir(cache)).every((name) => name.endsWith(".db")));
  });

  it("throws a damaged index away and makes it anew", async () => {
    const question = "Who lights the lantern in Whitney?";
    const expected = await askAnew(question);
    const [file = ""] = await kept();
    const whole = await readFile(file);
    const damaged = [
      Buffer.alloc(0),
      Buffer.from("SQLite format 3\0"),
      whole.subarray(0, whole.length / 2),
      Buffer.alloc(whole.length),
      Buffer.from(whole.map((byte, at) => (at > 100 ? byte ^ 0x55 : byte))),
      Buffer.from("not a database"),
    ];
    for (const [n, bytes] of damaged.entries()) {
      for (const each of await kept()) await writeFile(each, bytes);
      assert.deepEqual(await askAnew(question), expected, `damage ${n}`);
      assert.deepEqual(await askAnew(question), expected, `after damage ${n}`);
    }
  });

  it("keeps answering where another process puts a newer index in its place, or takes it away", async () => {
    const early = open();
    assert.deepEqual(await ask(early, "lantern"), ["docs/guide.html Guide"]);
    await put("docs/new.md", "# Weather\n\nIt hails on Sundays.\n");
    assert.deepEqual(await askAnew("hails"), ["docs/new.md Weather"]);
    assert.deepEqual(await ask(early, "lantern"), ["docs/guide.html Guide"]);
    await rm(cache, { recursive: true });
    assert.deepEqual(await ask(early, "orchids lantern"), ["docs/guide.html Guide"]);
  });

  it("stops when it is cancelled, and works the next time", async () => {
    await makeLargeFolder(folder.path, { files: 400, bytes: 8_000_000, seed: 5 });
    const workspace = open();
    const cancel = new AbortController();
    const asked = workspace.search.search(
      { id: "q0", question: "lantern", query: "lantern" },
      5,
      cancel.signal,
    );
    while (!existsSync(cache) || (await readdir(cache)).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const began = performance.now();
    cancel.abort();
    await assert.rejects(asked, { name: "AbortError" });
    assert.ok(performance.now() - began < 2000);
    assert.deepEqual(await kept(), []);
    assert.deepEqual(await ask(workspace, "lantern"), ["docs/guide.html Guide"]);
  });

  it("works after a process that was killed while it built, and sweeps what that left", async () => {
    await makeLargeFolder(folder.path, { files: 400, bytes: 8_000_000, seed: 5 });
    const child = spawn(process.execPath, [
      "out/bench/speed/research-process.js",
      folder.path,
      cache,
      "lantern",
    ]);
    const ended = once(child, "exit");
    while (!existsSync(cache) || (await readdir(cache)).length < 2) {
      assert.equal(child.exitCode, null);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGKILL");
    await ended;
    assert.equal(child.signalCode, "SIGKILL");
    const left = await readdir(cache);
    assert.ok(left.length > 0);
    for (const name of left) await utimes(path.join(cache, name), new Date(0), new Date(0));
    assert.deepEqual(await askAnew("lantern"), ["docs/guide.html Guide"]);
    assert.ok((await readdir(cache)).every((name) => name.endsWith(".db")));
  });

  it("lets several at once build", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => askAnew("lantern")));
    assert.deepEqual(answers, Array(3).fill(["docs/guide.html Guide"]));
    assert.deepEqual(await askAnew("lantern"), ["docs/guide.html Guide"]);
  });

  it("goes on where a thread ended", async () => {
    const workspace = open();
    assert.deepEqual(await ask(workspace, "lantern"), ["docs/guide.html Guide"]);
    await workspace.close();
    assert.deepEqual(await ask(workspace, "lantern"), ["docs/guide.html Guide"]);
  });

  it("stays in memory where it cannot be kept", async () => {
    await put("taken", "a file stands here");
    const file = path.join(folder.path, "taken");
    for (const place of [file, path.join(file, "below")]) {
      assert.deepEqual(await askAnew("lantern", { cache: place }), ["docs/guide.html Guide"]);
    }
  });

  it("is for the user alone", async () => {
    await mkdir(path.dirname(cache), { recursive: true });
    await askAnew("lantern");
    assert.equal((await stat(cache)).mode & 0o777, 0o700);
  });

  it("has PDFs read by the caller, once, but asks again for one that took too long", async () => {
    await put("a.pdf", "%PDF-1");
    await put("b.pdf", "%PDF-2");
    const asked: string[] = [];
    const text: WorkspaceOptions["text"] = ({ address }) => {
      asked.push(address);
      return address === "a.pdf"
        ? Promise.resolve({
            ...EMPTY_READING,
            title: "A paper",
            text: "Plankton glows at night.",
            pages: null,
          })
        : Promise.reject(new ResearchError("timeout", "It took too long."));
    };
    assert.deepEqual(await askAnew("plankton", { text }), ["a.pdf A paper"]);
    assert.deepEqual(await askAnew("plankton", { text }), ["a.pdf A paper"]);
    assert.deepEqual(asked.sort(), ["a.pdf", "b.pdf", "b.pdf"]);
  });
});
