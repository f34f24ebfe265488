import assert from "node:assert/strict";
import { ResearchError } from "../../src/common/errors.js";
import {
  collectContent,
  toContent,
  type FileStore,
  type StoredFile,
} from "../../src/core/domain/file-store.js";

/* What every `FileStore` does alike. Each implementation runs these tests. */

export interface OpenStore {
  store: FileStore;
  /** A second one on the same files, as another process has it. */
  other: FileStore;
  close(): Promise<void>;
}

const MAX = 64 * 1024 * 1024;
const { signal } = new AbortController();

const text = (content: string): ReturnType<typeof toContent> => toContent(Buffer.from(content));

async function readText(store: FileStore, path: string): Promise<string | null> {
  const found = await store.read(path, MAX, signal);
  return found === null ? null : Buffer.from(await collectContent(found.parts, found.bytes)).toString();
}

async function listAll(
  store: FileStore,
  under = "",
  enters?: (folder: string) => boolean,
): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const file of store.list(under, signal, enters)) files.push(file);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const pathsOf = (files: StoredFile[]): string[] => files.map(({ path }) => path);

const isConflict = (error: unknown): boolean => {
  assert.ok(error instanceof ResearchError, String(error));
  assert.equal(error.code, "conflict", error.line);
  return true;
};

/** Content of some megabytes, in parts of odd sizes, none of them like another. */
function large(bytes: number): { content: Buffer; parts: () => AsyncIterable<Uint8Array> } {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) content.writeUInt32LE((at * 2654435761) >>> 0, at);
  // eslint-disable-next-line @typescript-eslint/require-await -- a stand-in for a stream
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes; at += 1_234_567) yield content.subarray(at, at + 1_234_567);
  }
  return { content, parts };
}

export function describeFileStore(name: string, open: () => Promise<OpenStore>): void {
  describe(`files in ${name}`, () => {
    let opened: OpenStore;
    let store: FileStore;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterEach(() => opened.close());

    it("are none in the beginning", async () => {
      assert.deepEqual(await listAll(store), []);
      assert.deepEqual(await listAll(store, "data/sessions"), []);
      assert.equal(await store.read("data/none.md", MAX, signal), null);
    });

    it("are read as they were written, by others too", async () => {
      await store.write("data/one.md", text("Some text: ü, 漢字."), null, signal);
      await store.write("data/empty.md", text(""), null, signal);
      assert.equal(await readText(opened.other, "data/one.md"), "Some text: ü, 漢字.");
      assert.equal(await readText(opened.other, "data/empty.md"), "");
      assert.deepEqual(
        (await listAll(opened.other)).map(({ path, bytes }) => [path, bytes]),
        [
          ["data/empty.md", 0],
          ["data/one.md", 22],
        ],
      );
    });

    it("keep names that mean something in an address", async () => {
      const names = ["a b.md", "a+b.md", "100%.md", "a&b='c'.md", "q#1.md", "ä/ß (1).md", "(x)!*~.md"];
      for (const each of names) await store.write(each, text(each), null, signal);
      assert.deepEqual(pathsOf(await listAll(store)), [...names].sort());
      for (const each of names) assert.equal(await readText(store, each), each);
    });

    it("are listed below a folder, and without the folders that are not entered", async () => {
      for (const each of ["a/1", "a/b/2", "a/b/c/3", "ab/4", "5"])
        await store.write(each, text(each), null, signal);
      assert.deepEqual(pathsOf(await listAll(store, "a")), ["a/1", "a/b/2", "a/b/c/3"]);
      assert.deepEqual(pathsOf(await listAll(store, "", (folder) => folder !== "a/b")), ["5", "a/1", "ab/4"]);
    });

    it("have a version that a list, a read and a write give alike, and that changes with the content", async () => {
      const first = await store.write("one.md", text("first"), null, signal);
      const [listed] = await listAll(store);
      const read = await store.read("one.md", MAX, signal);
      assert.ok(listed !== undefined && read !== null);
      await collectContent(read.parts, read.bytes);
      assert.deepEqual([listed.version, read.version], [first, first]);
      const second = await store.write("one.md", text("other"), { version: first }, signal);
      assert.notEqual(second, first);
      assert.equal((await listAll(store))[0]?.version, second);
    });

    it("are not replaced by a write that expects none, or another version", async () => {
      const first = await store.write("one.md", text("first"), null, signal);
      await assert.rejects(store.write("one.md", text("again"), null, signal), isConflict);
      await opened.other.write("one.md", text("by another"), { version: first }, signal);
      await assert.rejects(store.write("one.md", text("late"), { version: first }, signal), isConflict);
      await assert.rejects(store.write("none.md", text("late"), { version: first }, signal), isConflict);
      assert.equal(await readText(store, "one.md"), "by another");
      assert.deepEqual(pathsOf(await listAll(store)), ["one.md"]);
      await store.write("one.md", text("whatever was there"), "any", signal);
      assert.equal(await readText(store, "one.md"), "whatever was there");
    });

    it("are made by one of several writers that each expect none", async () => {
      const writers = [store, opened.other, store, opened.other];
      const results = await Promise.allSettled(
        writers.map((each, at) => each.write("lease.json", text(`writer ${at}`), null, signal)),
      );
      const won = results.flatMap(({ status }, at) => (status === "fulfilled" ? [at] : []));
      assert.equal(won.length, 1, JSON.stringify(results));
      assert.equal(await readText(store, "lease.json"), `writer ${won[0]}`);
      for (const each of results) if (each.status === "rejected") isConflict(each.reason);
    });

    it("may be large, and are whole or not there", async function () {
      this.timeout(60_000);
      const { content, parts } = large(12 * 1024 * 1024 + 3);
      await store.write("large.bin", { bytes: content.length, parts: parts() }, null, signal);
      const found = await store.read("large.bin", MAX, signal);
      assert.ok(found !== null);
      assert.ok(content.equals(await collectContent(found.parts, found.bytes)));
      await assert.rejects(
        store.write("large.bin", { bytes: content.length, parts: parts() }, null, signal),
        isConflict,
      );

      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* parts();
        throw new Error("The source broke off.");
      }
      await assert.rejects(
        store.write("broken.bin", { bytes: content.length + 1, parts: broken() }, null, signal),
      );
      assert.deepEqual(pathsOf(await listAll(store)), ["large.bin"]);
    });

    it("are not read beyond a limit", async () => {
      await store.write("one.md", text("0123456789"), null, signal);
      await assert.rejects(store.read("one.md", 9, signal), { code: "too-large" });
      const found = await store.read("one.md", 10, signal);
      assert.equal(found?.bytes, 10);
      await collectContent(found.parts, found.bytes);
    });

    it("are removed once, and gone twice", async () => {
      await store.write("a/one.md", text("1"), null, signal);
      await store.write("a/two.md", text("2"), null, signal);
      await store.remove("a/one.md", signal);
      await store.remove("a/one.md", signal);
      await store.remove("no/such/folder.md", signal);
      assert.deepEqual(pathsOf(await listAll(opened.other)), ["a/two.md"]);
      await store.write("a/one.md", text("again"), null, signal);
      assert.equal(await readText(store, "a/one.md"), "again");
    });

    it("lie in the store: a path that leads elsewhere is an error of the program", async () => {
      for (const path of ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".", "a\\b", "a\0b"]) {
        await assert.rejects(store.write(path, text("x"), "any", signal), RangeError, path);
        await assert.rejects(store.read(path, MAX, signal), RangeError, path);
        await assert.rejects(store.remove(path, signal), RangeError, path);
      }
      assert.deepEqual(await listAll(store), []);
    });

    it("wait for nobody who has given up", async () => {
      await store.write("one.md", text("1"), null, signal);
      const aborted = AbortSignal.abort();
      await assert.rejects(store.write("one.md", text("2"), "any", aborted), { name: "AbortError" });
      await assert.rejects(store.read("one.md", MAX, aborted), { name: "AbortError" });
      await assert.rejects(store.remove("one.md", aborted), { name: "AbortError" });
      await assert.rejects(store.list("", aborted)[Symbol.asyncIterator]().next(), { name: "AbortError" });
      assert.equal(await readText(store, "one.md"), "1");
    });
  });
}
