import assert from "node:assert/strict";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  findObstacle,
  isRealFolder,
  createRealFolder,
  assertRealPath,
  NotRealFolderError,
  trustedRoot,
} from "../../../src/common/real-folder.js";
import { isBelow } from "../../../src/common/is-below.js";
import { aFolder } from "../../fakes/temporary-folder.js";

describe("a real folder", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let root: string;
  let outside: string;
  beforeEach(async () => {
    folder = await aFolder();
    root = path.join(folder.path, "workspace");
    outside = path.join(folder.path, "outside");
    await mkdir(path.join(root, "data/sessions"), { recursive: true });
    await mkdir(outside);
  });
  afterEach(() => folder.remove());

  it("is told by each part below its root, also where the last parts are not there", async () => {
    const sessions = path.join(root, "data/sessions");
    assert.equal(await findObstacle(root, sessions), null);
    assert.equal(await findObstacle(root, path.join(sessions, "none/sources")), null);
    assert.equal(await isRealFolder(root, sessions), true);
    assert.equal(await isRealFolder(root, path.join(sessions, "none")), false);
    for (const [place, target] of [
      ["link", outside],
      ["data/inner", "sessions"],
      ["data/dangling", "../nowhere"],
    ] as const) {
      await symlink(target, path.join(root, place));
      for (const below of ["", "sessions/deep"]) {
        const at = path.join(root, place, below);
        assert.deepEqual(await findObstacle(root, at), {
          kind: "link",
          place: path.join(root, place),
          shown: place,
          target,
        });
        assert.equal(await isRealFolder(root, at), false);
        await assert.rejects(assertRealPath(root, at), NotRealFolderError);
      }
    }
    await writeFile(path.join(root, "file"), "");
    assert.equal((await findObstacle(root, path.join(root, "file/x")))?.kind, "file");
  });

  it("is made part by part, through no link, and the first new part is told", async () => {
    assert.equal(await createRealFolder(root, path.join(root, "a/b/c")), path.join(root, "a"));
    assert.equal(await createRealFolder(root, path.join(root, "a/b/d")), path.join(root, "a/b/d"));
    assert.equal(await createRealFolder(root, path.join(root, "a/b/d")), undefined);
    const other = path.join(folder.path, "other");
    assert.equal(await createRealFolder(other, other), other);
    await symlink(outside, path.join(root, "link"));
    await symlink(path.join(outside, "new"), path.join(root, "dangling"));
    for (const name of ["link", "link/a", "dangling", "dangling/a"]) {
      await assert.rejects(createRealFolder(root, path.join(root, name)), { code: "ELOOP" });
    }
    await writeFile(path.join(root, "file"), "");
    await assert.rejects(createRealFolder(root, path.join(root, "file/a")), { code: "ENOTDIR" });
    assert.deepEqual(await readdir(outside), []);
  });

  it("may be reached through a link above its root, which the user chose", async () => {
    const chosen = path.join(folder.path, "chosen");
    await symlink(root, chosen);
    assert.equal(await findObstacle(chosen, path.join(chosen, "data/sessions")), null);
    assert.equal(trustedRoot(chosen, root), chosen);
    assert.equal(trustedRoot(path.join(root, "data"), root), root);
  });

  it("lies below a folder by whole names", () => {
    for (const [inner, below] of [
      ["/a/b", true],
      ["/a/..b", true],
      ["/a", false],
      ["/ab", false],
      ["/a/../b", false],
      ["/", false],
    ] as const) {
      assert.equal(isBelow(path.resolve(inner), path.resolve("/a")), below, inner);
    }
  });

  it("is never looked for outside its root", async () => {
    await assert.rejects(findObstacle(root, outside), RangeError);
    await assert.rejects(createRealFolder(root, outside), RangeError);
  });
});
