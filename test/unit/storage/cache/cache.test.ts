import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { Cache, findCacheProblem, clearCache } from "../../../../src/storage/cache/cache.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

describe("the cache", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let now = new Date("2026-11-22T10:00:00Z");
  beforeEach(async () => {
    folder = await aFolder();
    now = new Date("2026-11-22T10:00:00Z");
  });
  afterEach(() => folder.remove());

  const at = (): string => path.join(folder.path, "cache");
  const open = (limits = { megabytes: 10, days: 7 }, where = at()): Cache =>
    new Cache(where, limits, () => now);
  const put = async (cache: Cache, input: unknown, value: unknown): Promise<void> => {
    cache.put(input, value);
    await cache.settled();
  };
  const files = async (part: string): Promise<string[]> =>
    (await readdir(path.join(at(), part), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  const later = (hours: number): void => void (now = new Date(now.getTime() + hours * 3600_000));

  it("gives back what was put, by what was asked, in a later process too", async () => {
    await put(open(), { a: 1, b: "x" }, { answer: "é" });
    const known = await open().get({ b: "x", a: 1 }, z.object({ answer: z.string() }));
    assert.deepEqual(known, { value: { answer: "é" }, at: new Date("2026-11-22T10:00:00Z") });
    assert.equal(await open().get({ a: 2 }, z.unknown()), null);
    // What no longer has the form that is asked for is as good as not there.
    assert.equal(await open().get({ a: 1, b: "x" }, z.object({ other: z.string() })), null);
  });

  it("gives what is not written yet to other sessions of the process", async () => {
    const cache = open();
    cache.put("soon", "x");
    assert.equal((await cache.get("soon", z.string()))?.value, "x");
    assert.equal((await files("entries")).length, 0);
    await cache.settled();
    assert.equal((await open().get("soon", z.string()))?.value, "x");
  });

  it("names objects by what they hold, and keeps one thing once", async () => {
    await put(open(), "one", "same");
    await put(open(), "two", "same");
    assert.equal((await files("objects")).length, 1);
    assert.equal((await files("entries")).length, 2);
  });

  it("gives nothing that was changed", async () => {
    await put(open(), "q", "what was said");
    const [object = ""] = await files("objects");
    await writeFile(object, '"what was never said"');
    assert.equal(await open().get("q", z.string()), null);
  });

  it("gives nothing that is too old, or of the future", async () => {
    await put(open(), "q", 1);
    later(23);
    assert.equal((await open().get("q", z.number(), 24 * 3600_000))?.value, 1);
    later(2);
    assert.equal(await open().get("q", z.number(), 24 * 3600_000), null);
    assert.equal((await open().get("q", z.number()))?.value, 1);
    later(24 * 7);
    assert.equal(await open().get("q", z.number()), null);
    now = new Date("2026-11-21T10:00:00Z");
    assert.equal(await open().get("q", z.number()), null);
  });

  it("gives nothing that came with a copy of the folder", async () => {
    await put(open(), "q", "planted");
    const copy = path.join(folder.path, "clone");
    await cp(at(), copy, { recursive: true });
    assert.equal(await open(undefined, copy).get("q", z.string()), null);
    assert.equal((await open().get("q", z.string()))?.value, "planted");
  });

  it("gives others a folder of their own, without what came with a copy", async () => {
    const own = (await open().own("index")) ?? "";
    await mkdir(own, { recursive: true });
    const name = `${"a".repeat(32)}-0.db`;
    await writeFile(path.join(own, name), "planted");
    assert.ok(existsSync(path.join((await open().own("index")) ?? "", name)));
    const copy = path.join(folder.path, "clone");
    await cp(at(), copy, { recursive: true });
    assert.ok(!existsSync(path.join((await open(undefined, copy).own("index")) ?? "none", name)));
    assert.equal(await open({ megabytes: 0, days: 7 }).own("index"), null);
  });

  it("makes room: first what is too old, then what was not used for longest", async () => {
    const cache = open({ megabytes: 0.05, days: 7 });
    for (let n = 0; n < 10; n++) {
      await put(cache, n, String(n).repeat(10_000));
      const [entry = ""] = (await files("entries")).filter((file) => !used.has(file));
      used.add(entry);
      await utimes(entry, now, now);
      later(1);
    }
    await cache.get(0, z.string());
    const removed = await cache.trim();
    assert.ok(removed.files >= 12, `${removed.files}`);
    assert.notEqual(await cache.get(0, z.string()), null);
    assert.equal(await cache.get(1, z.string()), null);
    assert.notEqual(await cache.get(9, z.string()), null);
    const bytes = await Promise.all(
      [...(await files("objects")), ...(await files("entries"))].map(async (file) => (await stat(file)).size),
    );
    assert.ok(bytes.reduce((a, b) => a + b, 0) <= 50_000);
  });
  const used = new Set<string>();

  it("can be switched off, and cleared", async () => {
    await put(open({ megabytes: 0, days: 7 }), "q", 1);
    assert.deepEqual(await readdir(folder.path), []);
    await put(open(), "q", 1);
    assert.equal(await readFile(path.join(at(), ".gitignore"), "utf8"), "*\n");
    assert.equal((await clearCache(at())).files, 2);
    assert.deepEqual((await readdir(at())).sort(), [".gitignore", "mark"]);
    assert.deepEqual(await clearCache(at()), { files: 0, bytes: 0 });
    assert.deepEqual(await clearCache(path.join(folder.path, "none")), { files: 0, bytes: 0 });
  });

  for (const [what, clear] of [
    ["cleared", () => clearCache(at())],
    ["removed by hand", () => rm(at(), { recursive: true })],
  ] as const) {
    it(`goes on keeping where it was ${what} meanwhile, out of git and for later processes, too`, async () => {
      const cache = open();
      // So many that the first and the second round have folders in common, and others that are new.
      const round = async (name: string): Promise<void> => {
        for (let n = 0; n < 100; n++) cache.put([name, n], `${name} ${n}`);
        await cache.settled();
      };
      await round("before");
      await clear();
      await round("after");
      assert.deepEqual((await readdir(at())).sort(), [".gitignore", "entries", "mark", "objects"]);
      for (let n = 0; n < 100; n++) {
        assert.equal(await open().get(["before", n], z.string()), null);
        assert.equal((await open().get(["after", n], z.string()))?.value, `after ${n}`);
      }
    });
  }

  it("takes along what a clearing that was cut off left", async () => {
    await put(open(), "q", 1);
    await rename(path.join(at(), "objects"), path.join(at(), `objects.${randomUUID()}`));
    assert.equal((await clearCache(at())).files, 2);
    assert.deepEqual((await readdir(at())).sort(), [".gitignore", "mark"]);
  });

  /** A folder of that name that somebody else made, and what must be left of it. */
  const foreign: [string, (at: string) => Promise<unknown>, RegExp][] = [
    [
      "holds files",
      (at) => writeFile(path.join(at, "notes.md"), "mine"),
      /cache contains something that Deep Research did not create: notes\.md\.$/,
    ],
    ["is a repository", (at) => cp(repository(), at, { recursive: true }), /did not create: /],
    [
      "has an own .gitignore",
      (at) => writeFile(path.join(at, ".gitignore"), "*.o\n"),
      /did not create: \.gitignore/,
    ],
    [
      "has a file of a similar name",
      async (at) => {
        await mkdir(path.join(at, "objects/ab"), { recursive: true });
        await writeFile(path.join(at, "objects/ab", "c".repeat(38)), "an object of git");
      },
      /did not create: objects\/ab\/c+\./,
    ],
    [
      "has a link in a part's place",
      (at) => symlink(path.join(repository(), "objects"), path.join(at, "objects")),
      /^cache\/objects is a link that leads to /,
    ],
    [
      "has a link among the objects",
      async (at) => {
        await mkdir(path.join(at, "objects"), { recursive: true });
        await symlink(repository(), path.join(at, "objects/ab"));
      },
      /^cache\/objects\/ab is a link that leads to /,
    ],
    [
      "has a link in an object's place",
      async (at) => {
        await mkdir(path.join(at, "objects/ab"), { recursive: true });
        await symlink(path.join(repository(), "HEAD"), path.join(at, "objects/ab", `${"a".repeat(64)}.json`));
      },
      /is a link that leads to /,
    ],
    [
      "is a link itself",
      async (at) => {
        await rm(at, { recursive: true });
        await symlink(repository(), at);
      },
      /^cache is a link that leads to /,
    ],
  ];
  const repository = (): string => path.join(folder.path, "repository");
  const everything = async (of: string): Promise<string[]> => (await readdir(of, { recursive: true })).sort();

  for (const [what, plant, why] of foreign) {
    it(`is not used where its folder ${what}, and nothing there is removed`, async () => {
      await mkdir(path.join(repository(), "objects/ab"), { recursive: true });
      await writeFile(path.join(repository(), "objects/ab/object"), "an unpushed commit");
      await writeFile(path.join(repository(), "HEAD"), "ref: refs/heads/main\n");
      await mkdir(path.join(repository(), "index"));
      await mkdir(at());
      await plant(at());
      const before = await everything(folder.path);
      const cache = open();
      await put(cache, "q", 1);
      assert.equal(await cache.get("q", z.number()), null);
      assert.equal(await cache.own("index"), null);
      await cache.trim();
      assert.match(formatMessage((await cache.problem())!), why);
      assert.match(formatMessage((await findCacheProblem(at()))!), why);
      await assert.rejects(clearCache(at()), { code: "cannot-write", message: /nothing was removed/ });
      assert.deepEqual(await everything(folder.path), before);
    });
  }

  for (const part of ["entries", "objects", "index"]) {
    it(`is not used where a link takes the place of its own ${part} later`, async () => {
      await put(open(), "q", "kept");
      await mkdir(path.join(repository(), "ab"), { recursive: true });
      await writeFile(path.join(repository(), "ab", `${"a".repeat(64)}.json`), "precious");
      await writeFile(path.join(repository(), `${"a".repeat(32)}-0.db`), "precious");
      const running = open();
      assert.equal((await running.get("q", z.string()))?.value, "kept");
      await rm(path.join(at(), part), { recursive: true, force: true });
      await symlink(repository(), path.join(at(), part));
      const before = await everything(repository());
      // Also by one that had it open before.
      for (const cache of [running, open()]) {
        await put(cache, "q2", "x");
        if (part === "index") assert.equal(await cache.own("index"), null);
        else assert.equal(await cache.get("q2", z.string()), null);
        await cache.trim();
      }
      assert.match(formatMessage((await open().problem())!), new RegExp(`^cache/${part} is a link`));
      await assert.rejects(clearCache(at()), /is a link/);
      assert.deepEqual(await everything(repository()), before);
    });
  }

  it("leaves what is not its own where it clears", async () => {
    await put(open(), "q", 1);
    await writeFile(path.join(at(), "objects", "README"), "mine");
    await writeFile(path.join(at(), ".DS_Store"), "");
    assert.equal((await clearCache(at())).files, 2);
    assert.deepEqual(await everything(at()), [
      ".DS_Store",
      ".gitignore",
      "mark",
      "objects",
      "objects/README",
    ]);
  });

  it("is not made through a link above it", async () => {
    await mkdir(repository());
    await symlink(repository(), path.join(folder.path, "data"));
    const cache = new Cache(
      path.join(folder.path, "data/cache"),
      { megabytes: 1, days: 1 },
      () => now,
      folder.path,
    );
    await put(cache, "q", 1);
    assert.equal(formatMessage((await cache.problem())!), `data is a link that leads to ${repository()}.`);
    assert.deepEqual(await readdir(repository()), []);
  });

  it("says that it could not be cleared", async () => {
    const file = path.join(folder.path, "file");
    await writeFile(file, "a file stands in its place");
    await assert.rejects(clearCache(file), { code: "cannot-write", message: /a file exists/ });
    assert.ok(existsSync(file));
  });

  it("says that it may not be cleared", async function () {
    if (process.platform === "win32" || process.getuid?.() === 0) this.skip();
    await put(open(), "q", 1);
    await chmod(at(), 0o500);
    try {
      await assert.rejects(clearCache(at()), { code: "cannot-write", message: /permission denied/ });
      assert.equal((await open().get("q", z.number()))?.value, 1);
    } finally {
      await chmod(at(), 0o700);
    }
  });

  it("is done without where it cannot be written", async () => {
    await writeFile(at(), "a file stands in its place");
    await put(open(), "q", 1);
    assert.equal(await open().get("q", z.number()), null);
  });

  it("keeps its files to the user", async function () {
    if (process.platform === "win32") this.skip();
    await put(open(), "q", 1);
    for (const file of [...(await files("objects")), ...(await files("entries"))]) {
      assert.equal((await stat(file)).mode & 0o777, 0o600);
    }
  });
});
