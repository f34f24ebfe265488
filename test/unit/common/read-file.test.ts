import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync } from "node:fs";
import { createServer } from "node:net";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  openRegularFileSync,
  readBytesAtSync,
  readFirstBytes,
  readRegularFile,
  readRegularText,
} from "../../../src/common/read-file.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("reading a file that somebody else put there", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  const at = (name: string): string => path.join(folder.path, name);
  const limits = { maxBytes: 1000 };

  before(async () => (folder = await aFolder()));
  after(() => folder.remove());

  it("reads a file up to the limit", async () => {
    await writeFile(at("whole"), "x".repeat(1000));
    assert.equal((await readRegularFile(at("whole"), limits)).length, 1000);
    await writeFile(at("empty"), "");
    assert.equal(await readRegularText(at("empty"), limits), "");
  });

  it("refuses what is larger, without reading it", async () => {
    await writeFile(at("large"), "");
    await truncate(at("large"), 1e12);
    await assert.rejects(readRegularFile(at("large"), limits), { code: "EFBIG" });
  });

  it("refuses devices, FIFOs, sockets and folders at once", async function () {
    if (process.platform === "win32") this.skip();
    execFileSync("mkfifo", [at("fifo")]);
    await symlink("/dev/zero", at("zero"));
    await mkdir(at("folder"));
    const server = createServer().listen(at("socket"));
    try {
      for (const name of ["fifo", "zero", "folder", "socket"]) {
        await assert.rejects(readRegularFile(at(name), limits), { code: "ENOTREG" }, name);
      }
    } finally {
      server.close();
    }
  });

  it("follows a link, unless told not to", async () => {
    await writeFile(at("target"), "text");
    await symlink("target", at("link"));
    assert.equal(await readRegularText(at("link"), limits), "text");
    await assert.rejects(readRegularText(at("link"), { ...limits, followLinks: false }), { code: "ENOTREG" });
  });

  it("reads in the same way without promises", function () {
    if (process.platform === "win32") this.skip();
    const { descriptor, size } = openRegularFileSync(at("whole"), limits);
    assert.equal(size, 1000);
    assert.equal(readBytesAtSync(descriptor, Buffer.alloc(2000), 2000, 990).toString(), "x".repeat(10));
    closeSync(descriptor);
    for (const name of ["fifo", "zero", "folder"]) {
      assert.throws(() => openRegularFileSync(at(name), limits), { code: "ENOTREG" }, name);
    }
    assert.throws(() => openRegularFileSync(at("link"), { ...limits, followLinks: false }), {
      code: "ENOTREG",
    });
    assert.throws(() => openRegularFileSync(at("large"), limits), { code: "EFBIG" });
  });

  it("reads the beginning of a file of any size", async () => {
    assert.deepEqual(await readFirstBytes(at("large"), 3), Buffer.alloc(3));
    assert.equal((await readFirstBytes(at("target"), 100)).toString(), "text");
    await assert.rejects(readFirstBytes(at("fifo"), 3), { code: "ENOTREG" });
  });

  it("says that a file is missing as the system does", async () => {
    await assert.rejects(readRegularFile(at("missing"), limits), { code: "ENOENT" });
  });
});
