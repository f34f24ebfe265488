import assert from "node:assert/strict";
import { readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../../../src/common/errors.js";
import { toContent } from "../../../../src/core/domain/file-store.js";
import { readBucketAccess } from "../../../../src/storage/files/bucket-access.js";
import { DiskStore } from "../../../../src/storage/files/disk-store.js";
import { S3Store } from "../../../../src/storage/files/s3-store.js";
import { describeFileStore } from "../../../fakes/file-store-contract.js";
import { startFakeS3, type FakeS3 } from "../../../fakes/s3-server.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

const { signal } = new AbortController();
const PART_BYTES = 5 * 1024 * 1024;

describeFileStore("a folder on the disk", async () => {
  const folder = await aFolder();
  const place = path.join(folder.path, "not made yet");
  return { store: new DiskStore(place), other: new DiskStore(place), close: folder.remove };
});

for (const prefix of ["", "/team/night"]) {
  describeFileStore(`a bucket${prefix === "" ? "" : ", below a prefix"}`, async () => {
    const server = await startFakeS3();
    const open = (): S3Store =>
      new S3Store(readBucketAccess(`s3://backups${prefix}`, server.environment), PART_BYTES);
    return { store: open(), other: open(), close: () => server.close() };
  });
}

describe("a folder on the disk as a store", () => {
  it("neither follows nor lists links", async () => {
    const folder = await aFolder({ "outside/secret.md": "secret", "inside/own.md": "own" });
    try {
      await symlink("../outside", path.join(folder.path, "inside/linked"));
      await symlink("../outside/secret.md", path.join(folder.path, "inside/linked.md"));
      const store = new DiskStore(path.join(folder.path, "inside"));
      const files: string[] = [];
      for await (const { path: name } of store.list("", signal)) files.push(name);
      assert.deepEqual(files, ["own.md"]);
      assert.equal(await store.read("linked.md", 100, signal), null);
      await assert.rejects(store.read("linked/secret.md", 100, signal), { code: "cannot-write" });
      await assert.rejects(store.write("linked/new.md", toContent(Buffer.from("x")), null, signal), {
        code: "cannot-write",
      });
      await assert.rejects(store.remove("linked/secret.md", signal), { code: "cannot-write" });
    } finally {
      await folder.remove();
    }
  });

  it("holds no file open for content that nobody reads", async function () {
    if (process.platform !== "linux") this.skip();
    const folder = await aFolder({ "own.md": "own" });
    try {
      const store = new DiskStore(folder.path);
      const countOpen = async (): Promise<number> => (await readdir("/proc/self/fd")).length;
      const before = await countOpen();
      const contents = await Promise.all(Array.from({ length: 50 }, () => store.read("own.md", 100, signal)));
      assert.equal(contents.length, 50);
      assert.ok((await countOpen()) < before + 25);
    } finally {
      await folder.remove();
    }
  });

  it("notices a file that another one of its size took the place of", async () => {
    const folder = await aFolder({ "own.md": "one" });
    try {
      const store = new DiskStore(folder.path);
      const before = (await store.list("", signal).next()).value as { version: string };
      await writeFile(path.join(folder.path, "own.md"), "two");
      const write = store.write("own.md", toContent(Buffer.from("new")), before, signal);
      await assert.rejects(write, { code: "conflict" });
    } finally {
      await folder.remove();
    }
  });
});

describe("a bucket as a store", () => {
  let server: FakeS3;
  const open = (more: Record<string, string> = {}, address = "s3://backups"): S3Store =>
    new S3Store(readBucketAccess(address, { ...server.environment, ...more }), PART_BYTES);
  beforeEach(async () => {
    server = await startFakeS3();
  });
  afterEach(() => server.close());

  const lineOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      assert.ok(error instanceof ResearchError, String(error));
      return `${error.code}: ${error.line}`;
    }
    throw new Error("It did not fail.");
  };

  it("tries again when the server is busy, and says so when it stays busy", async () => {
    server.faults = [503, 429, 500];
    await open().write("one.md", toContent(Buffer.from("1")), "any", signal);
    assert.equal(server.objects.get("one.md")?.toString(), "1");
    server.faults = [503, 503, 503, 503];
    const line = await lineOf(open().read("one.md", 10, signal));
    assert.match(
      line,
      /^cannot-read: 127\.0\.0\.1:\d+ answered 503 for the bucket backups \(SlowDown: Please reduce/,
    );
  });

  it("names the bucket that is not there, and the key that is refused", async () => {
    const missing = await lineOf(open({}, "s3://nobodys").read("one.md", 10, signal));
    assert.match(missing, /^cannot-read: The bucket nobodys does not exist at 127\.0\.0\.1:\d+\. Create it/);
    const wrong = await lineOf(open({ AWS_SECRET_ACCESS_KEY: "not the secret" }).list("", signal).next());
    assert.match(
      wrong,
      /refuses access to the bucket backups \(SignatureDoesNotMatch\)\. Check AWS_ACCESS_KEY_ID/,
    );
    assert.doesNotMatch(wrong, /not the secret/);
  });

  it("names the server that cannot be reached", async () => {
    const store = open();
    await server.close();
    assert.match(
      await lineOf(store.remove("one.md", signal)),
      /^no-network: 127\.0\.0\.1:\d+ cannot be reached\./,
    );
  });

  it("leaves no parts behind when a large file fails or is cancelled", async () => {
    const controller = new AbortController();
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(PART_BYTES);
      await Promise.resolve();
      controller.abort();
      yield Buffer.alloc(PART_BYTES);
    }
    const content = { bytes: 2 * PART_BYTES, parts: parts() };
    await assert.rejects(open().write("large.bin", content, "any", controller.signal), {
      name: "AbortError",
    });
    assert.equal(server.asked.filter((each) => each.startsWith("PUT")).length, 1, "a part was sent");
    assert.deepEqual([server.uploads.size, server.objects.size], [0, 0]);
  });

  it("replaces nothing that was there before, even at a server without conditions", async () => {
    server.hasConditions = false;
    await open().write("one.md", toContent(Buffer.from("1")), null, signal);
    await assert.rejects(open().write("one.md", toContent(Buffer.from("2")), null, signal), {
      code: "conflict",
    });
    assert.equal(server.objects.get("one.md")?.toString(), "1");
  });

  it("is found by an address and by the environment, and wrong ones are named", () => {
    const environment = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "s", AWS_REGION: "eu-north-1" };
    const own = readBucketAccess("s3://my-bucket/a/b/", environment);
    assert.deepEqual(
      [own.endpoint.href, own.isPathStyle],
      ["https://my-bucket.s3.eu-north-1.amazonaws.com/", false],
    );
    assert.equal(own.prefix, "a/b");
    assert.equal(
      readBucketAccess("s3://my.bucket", environment).endpoint.href,
      "https://s3.eu-north-1.amazonaws.com/",
    );
    const wrong: [string, Record<string, string>, RegExp][] = [
      ["s3://", {}, /s3:\/\/ is not the address of a bucket; allowed: s3:\/\/BUCKET/],
      ["s3://Bucket", {}, /s3:\/\/Bucket is not the address/],
      ["s3://bucket/../x", {}, /is not the address/],
      ["s3://bucket", { AWS_ACCESS_KEY_ID: " " }, /AWS_ACCESS_KEY_ID is not set/],
      ["s3://bucket", { AWS_SECRET_ACCESS_KEY: "" }, /AWS_SECRET_ACCESS_KEY is not set/],
      ["s3://bucket", { AWS_REGION: "x/y" }, /AWS_REGION is "x\/y"; allowed: a region such as eu-central-1/],
      [
        "s3://bucket",
        { AWS_ENDPOINT_URL_S3: "ftp://x" },
        /AWS_ENDPOINT_URL_S3 is "ftp:\/\/x"; allowed: an https URL/,
      ],
      [
        "s3://bucket",
        { AWS_ENDPOINT_URL_S3: "http://minio.example" },
        /allowed: an https URL, or an http URL on this machine/,
      ],
    ];
    for (const [address, more, expected] of wrong) {
      assert.throws(
        () => readBucketAccess(address, { ...environment, ...more }),
        expected,
        `${address} ${JSON.stringify(more)}`,
      );
    }
  });
});
