import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  link,
  lutimes,
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
import { randomUUID } from "node:crypto";
import path from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { ResearchError } from "../../../../src/common/errors.js";
import { isRunning, lockPath, lockSession } from "../../../../src/storage/sessions/session-lock.js";
import { aLockOwner } from "../../../fakes/lock-owner.js";
import { aFolder } from "../../../fakes/temporary-folder.js";

describe("a session's lock", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  const owner = async (more: object, name = "lock"): Promise<void> =>
    writeFile(path.join(folder.path, name), JSON.stringify({ ...(await aLockOwner()), ...more }));
  const refused = (pattern: RegExp): Promise<void> =>
    assert.rejects(lockSession(folder.path), (error: unknown) => {
      assert.ok(error instanceof ResearchError);
      assert.equal(error.code, "session-running");
      assert.match(error.message, pattern);
      return true;
    });
  /** The number of a process that has ended. */
  const deadProcess = async (): Promise<number> => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    return child.pid ?? 0;
  };

  it("lets one run in, in one process too, and the next when it is released", async () => {
    const lock = await lockSession(folder.path);
    assert.equal(await isRunning(folder.path), true);
    await refused(/already running in this window/);
    await lock.release();
    assert.equal(await isRunning(folder.path), false);
    assert.deepEqual(await readdir(folder.path), []);
    await (await lockSession(folder.path)).release();
  });

  it("lets in one of many that come at once", async () => {
    const pid = await deadProcess();
    // Who comes between two others is a matter of luck: so again and again.
    for (let round = 0; round < 100; round++) {
      await owner({ pid });
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockSession(folder.path)));
      const got = tries.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      assert.equal(got.length, 1);
      await got[0]?.release();
      assert.deepEqual(await readdir(folder.path), []);
    }
  });

  it("succeeds one who was killed while it succeeded another", async () => {
    const dead = { pid: await deadProcess() };
    const first = randomUUID();
    await owner({ ...dead, token: first });
    await owner(dead, `lock.${first}.next`);
    const lock = await lockSession(folder.path);
    await refused(/already running in this window/);
    await lock.release();
    assert.deepEqual(await readdir(folder.path), []);
  });

  it("sees at once that its owner was killed", async () => {
    await owner({ pid: await deadProcess() });
    assert.equal(await isRunning(folder.path), false);
    await (await lockSession(folder.path)).release();
  });

  it("sees that another process got its owner's number", async function () {
    if (process.platform !== "linux") this.skip();
    await owner({ begun: "another boot 1" });
    await (await lockSession(folder.path)).release();
  });

  it("makes no path of what a lock says, and writes through no link", async () => {
    const outside = path.join(folder.path, "outside");
    await mkdir(outside);
    await writeFile(path.join(outside, "precious.next"), "mine");
    const session = path.join(folder.path, "session");
    await mkdir(session);
    const longAgo = new Date(Date.now() - 61_000);
    for (const token of ["/../../outside/precious", "x/../../outside/precious", "", "..", 7]) {
      const dead = { ...(await aLockOwner()), token, pid: await deadProcess() };
      await writeFile(lockPath(session), JSON.stringify(dead));
      // What has no token of ours is nobody's: its silence decides.
      await assert.rejects(lockSession(session), { code: "session-running" });
      await utimes(lockPath(session), longAgo, longAgo);
      await (await lockSession(session)).release();
      assert.deepEqual(await readdir(session), []);
    }
    // A link in the lock's place is refused, however old it is, and what it leads to stays.
    await writeFile(
      path.join(outside, "file"),
      JSON.stringify({ token: randomUUID(), host: "", pid: 1, begun: null }),
    );
    await symlink(path.join(outside, "file"), lockPath(session));
    await lutimes(lockPath(session), longAgo, longAgo);
    const before = await readFile(path.join(outside, "file"), "utf8");
    await assert.rejects(lockSession(session), { code: "cannot-write", message: /it is a link/ });
    assert.equal(await isRunning(session), false);
    assert.equal(await readFile(path.join(outside, "file"), "utf8"), before);
    assert.deepEqual((await readdir(outside)).sort(), ["file", "precious.next"]);
    assert.equal(await readFile(path.join(outside, "precious.next"), "utf8"), "mine");
  });

  it("waits for a living process, and names it", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      await owner({ pid: child.pid });
      await refused(new RegExp(`process ${child.pid}`));
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("takes one on another machine for dead after a minute's silence, and not before", async () => {
    await owner({ host: "elsewhere" });
    await refused(/on elsewhere/);
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(lockPath(folder.path), longAgo, longAgo);
    assert.equal(await isRunning(folder.path), false);
    await (await lockSession(folder.path)).release();
  });

  it("takes nobody for dead whose process numbers count elsewhere: in another container, or in another boot", async () => {
    const dead = await deadProcess();
    const longAgo = new Date(Date.now() - 61_000);
    for (const namespace of ["another-boot pid:[4026531836]", null]) {
      if (process.platform !== "linux" && namespace === null) continue;
      await owner({ pid: dead, begun: "another boot 1", namespace });
      assert.equal(await isRunning(folder.path), true);
      await refused(/in another container on /);
      await utimes(lockPath(folder.path), longAgo, longAgo);
      assert.equal(await isRunning(folder.path), false);
      await (await lockSession(folder.path)).release();
    }
  });

  it("is not taken from a living owner in another namespace, though both are its first process", async function () {
    const inNamespace = ["--pid", "--fork", "--kill-child", "--mount-proc", process.execPath, "-e"];
    const isPossible = spawnSync("unshare", [...inNamespace, ""]).status === 0;
    // Only an administrator may make one.
    if (!isPossible) this.skip();
    const say = 'require("fs").readFileSync("/proc/sys/kernel/random/boot_id","utf8").trim()';
    const owned = `const fs = require("fs");
      const namespace = ${say} + " " + fs.readlinkSync("/proc/self/ns/pid");
      const ticks = fs.readFileSync("/proc/1/stat", "utf8").split(") ")[1].split(" ")[19];
      console.log(JSON.stringify({ pid: process.pid, namespace, begun: ${say} + " " + ticks }));
      setInterval(() => {}, 1000);`;
    const child = spawn("unshare", [...inNamespace, owned], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const there = JSON.parse(String(line)) as { pid: number };
      assert.equal(there.pid, 1);
      await owner(there);
      await refused(/in another container/);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("treats one that cannot be read by its silence", async () => {
    await writeFile(lockPath(folder.path), "{half");
    await refused(/another machine/);
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(lockPath(folder.path), longAgo, longAgo);
    await (await lockSession(folder.path)).release();
  });

  it("tells its owner when it is lost: the folder is gone, or another has it", async () => {
    const inner = path.join(folder.path, "a");
    const another = randomUUID();
    for (const [end, code] of [
      [() => rm(inner, { recursive: true }), "cannot-write"],
      [
        () => writeFile(lockPath(inner), JSON.stringify({ token: another, host: "y", pid: 1, begun: null })),
        "session-running",
      ],
    ] as const) {
      await mkdir(inner, { recursive: true });
      const lock = await lockSession(inner, 20);
      await end();
      if (!lock.lost.aborted) await once(lock.lost, "abort");
      assert.equal((lock.lost.reason as ResearchError).code, code);
      await lock.release();
    }
    // What is another's is not removed.
    assert.match(await readFile(lockPath(inner), "utf8"), new RegExp(another));
  });

  it("shows that it is alive by the folder's clock, whatever ours says", async () => {
    const lock = await lockSession(folder.path, 20);
    const text = await readFile(lockPath(folder.path), "utf8");
    const real = globalThis.Date;
    const old = new Date(Math.floor(Date.now() / 1000 - 30) * 1000);
    await utimes(lockPath(folder.path), old, old);
    try {
      globalThis.Date = class extends real {
        constructor() {
          super(real.now() - 120_000);
        }
      } as DateConstructor;
      while ((await stat(lockPath(folder.path))).mtimeMs === old.getTime()) await setTimeout(5);
    } finally {
      globalThis.Date = real;
    }
    const { mtimeMs } = await stat(lockPath(folder.path));
    assert.ok(Math.abs(Date.now() - mtimeMs) < 20_000, new Date(mtimeMs).toISOString());
    assert.equal(await readFile(lockPath(folder.path), "utf8"), text);
    await lock.release();
  });

  it("is not lost where it cannot be read for a while", async function () {
    if (process.platform === "win32") this.skip();
    const file = lockPath(folder.path);
    const lock = await lockSession(folder.path, 20);
    const [kept, circle] = ["kept", "circle"].map((name) => path.join(folder.path, name)) as [string, string];
    await link(file, kept);
    await symlink(file, circle);
    await rename(circle, file);
    await assert.rejects(readFile(file), { code: "ELOOP" });
    await setTimeout(200);
    assert.equal(lock.lost.aborted, false);
    await rename(kept, file);
    await setTimeout(100);
    assert.equal(lock.lost.aborted, false);
    const lost = once(lock.lost, "abort");
    await rm(file);
    await lost;
    await lock.release();
  });

  it("is looked at by our clock where nothing can be written beside it", async function () {
    if (process.platform !== "linux") this.skip();
    // The lock's path is nearly as long as one may be: a longer name beside it is refused, to an administrator too.
    const rest = 4095 - "/lock".length - folder.path.length;
    const inner = folder.path + `/${"a".repeat(29)}`.repeat(rest / 30);
    await mkdir(inner, { recursive: true });
    const file = lockPath(inner);
    await writeFile(file, JSON.stringify({ token: randomUUID(), host: "elsewhere", pid: 1, begun: null }));
    assert.equal(await isRunning(inner), true);
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(file, longAgo, longAgo);
    assert.equal(await isRunning(inner), false);
    await assert.rejects(lockSession(inner), { code: "cannot-write" });
  });

  it("is not running where the lock goes away while it is looked at", async () => {
    for (let round = 0; round < 60; round++) {
      await owner({ host: "elsewhere" });
      const seen = isRunning(folder.path);
      for (let turn = 0; turn < round % 12; turn++) await setImmediate();
      await rm(lockPath(folder.path));
      assert.equal(typeof (await seen), "boolean");
      assert.equal(await isRunning(folder.path), false);
    }
  });
});
