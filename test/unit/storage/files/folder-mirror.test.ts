import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pushSessions } from "../../../../src/app/mirror-folder.js";
import type { FileStore } from "../../../../src/core/domain/file-store.js";
import { DiskStore } from "../../../../src/storage/files/disk-store.js";
import { FolderMirror, MIRROR_LIMITS } from "../../../../src/storage/files/folder-mirror.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const { signal } = new AbortController();
const SESSION = "data/sessions/20261129-120000-question";

describe("the mirror of a folder", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let mirror: FolderMirror;
  /** Paths in the order in which they were written to the store. */
  let written: string[];
  const there = (name: string): string => path.join(folder.path, "remote", name);
  const here = (name: string): string => path.join(mirror.folder, name);
  const openMirror = (limits = MIRROR_LIMITS): FolderMirror => {
    const store = new DiskStore(path.join(folder.path, "remote"));
    const recording: FileStore = {
      place: store.place,
      list: store.list.bind(store),
      read: store.read.bind(store),
      remove: store.remove.bind(store),
      write: async (...args) => {
        const version = await store.write(...args);
        written.push(args[0]);
        return version;
      },
    };
    return new FolderMirror(recording, path.join(folder.path, "mirror"), limits);
  };
  const push = (): Promise<void> =>
    pushSessions(
      mirror,
      { sessionStoragePath: here("data/sessions"), reportOutputPath: here("data/reports") },
      signal,
    );
  const put = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const listOf = async (root: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const each of new DiskStore(root).list("", signal)) names.push(each.path);
    return names.sort();
  };

  beforeEach(async () => {
    written = [];
    folder = await aFolder({
      "remote/notes.md": "# Notes",
      "remote/src/a.ts": "export const a = 1;",
      "remote/.git/HEAD": "ref: refs/heads/main",
      "remote/node_modules/x/index.js": "x",
    });
    mirror = openMirror();
  });
  afterEach(() => folder.remove());

  it("has the files of the folder, without those of git and of packages", async () => {
    assert.deepEqual(await mirror.pull(signal), { copied: 2, leftOut: 0 });
    assert.deepEqual(await listOf(mirror.folder), ["notes.md", "src/a.ts"]);
    assert.deepEqual(await mirror.pull(signal), { copied: 0, leftOut: 0 });
  });

  it("follows what changes and what goes away there, also in another window", async () => {
    await mirror.pull(signal);
    await put(there("notes.md"), "# Other notes");
    await rm(there("src/a.ts"));
    mirror = openMirror();
    assert.deepEqual(await mirror.pull(signal), { copied: 1, leftOut: 0 });
    assert.deepEqual(await listOf(mirror.folder), ["notes.md"]);
    assert.equal(await readFile(here("notes.md"), "utf8"), "# Other notes");
  });

  it("leaves out what is beyond its limits, and counts it", async () => {
    await put(there("large.txt"), "x".repeat(101));
    mirror = openMirror({ files: 10, fileBytes: 100, bytes: 1000 });
    assert.deepEqual(await mirror.pull(signal), { copied: 2, leftOut: 1 });
    for (let at = 0; at < 20; at++) await put(there(`many/${at}.txt`), "x".repeat(90));
    const { leftOut } = await mirror.pull(signal);
    assert.ok(leftOut >= 12, String(leftOut));
    assert.ok((await listOf(mirror.folder)).length <= 10);
  });

  it("gives back sessions and reports, journals after snapshots, and nothing else", async () => {
    await mirror.pull(signal);
    await put(here(`${SESSION}/journal.jsonl`), "{}\n");
    await put(here(`${SESSION}/sources/0123456789abcdef.md`), "text");
    await put(here(`${SESSION}/lock`), "me");
    await put(here("data/reports/2026-11-29-question.md"), "# Report");
    await put(here("data/cache/entries/1"), "cached");
    await put(here("notes.md"), "# Changed by nobody of ours");
    await push();
    assert.deepEqual(written, [
      `${SESSION}/sources/0123456789abcdef.md`,
      `${SESSION}/journal.jsonl`,
      "data/reports/2026-11-29-question.md",
    ]);
    assert.equal(await readFile(there("notes.md"), "utf8"), "# Notes");
    await push();
    assert.equal(written.length, 3, "what has not changed is not written again");

    await rm(here(SESSION), { recursive: true });
    await push();
    assert.deepEqual(
      (await listOf(there("data"))).map((name) => name),
      ["reports/2026-11-29-question.md"],
    );
  });

  it("goes on with what it had when the program ended before it gave it back", async () => {
    await mirror.pull(signal);
    await put(here(`${SESSION}/journal.jsonl`), "{}\n");
    await push();
    await put(here(`${SESSION}/journal.jsonl`), "{}\n{}\n");
    mirror = openMirror();
    await mirror.pull(signal);
    assert.equal(await readFile(here(`${SESSION}/journal.jsonl`), "utf8"), "{}\n{}\n");
    await push();
    assert.equal(await readFile(there(`${SESSION}/journal.jsonl`), "utf8"), "{}\n{}\n");
  });

  it("loses nothing that changed on both sides, and says so", async () => {
    const report = "data/reports/2026-11-29-question.md";
    await mirror.pull(signal);
    await put(here(report), "first");
    await push();
    await put(here(report), "changed here");
    await put(there(report), "changed there");
    await mirror.pull(signal);
    await assert.rejects(push(), {
      code: "conflict",
      message: /2026-11-29-question\.md in .+ was changed in the meantime/,
    });
    assert.equal(await readFile(here(report), "utf8"), "changed here");
    assert.equal(await readFile(there(report), "utf8"), "changed there");
    await rm(there(report));
    await mirror.pull(signal);
    await push();
    assert.equal(await readFile(there(report), "utf8"), "changed here");
  });
});
