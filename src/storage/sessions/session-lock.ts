import { msg } from "../../common/messages.js";
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readlink, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import * as z from "zod";
import { readRegularText } from "../../common/read-file.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { LOCK_LIMITS } from "../file-limits.js";
import { toWriteError, PRIVATE_FILE, writeFileExclusive } from "../../common/files.js";

/*
 * One run at a time per session: a lock file next to the journal names the owner. A killed owner leaves the file
 * behind and is detected at once, because its process is gone or its number belongs to another process. Where that
 * cannot be determined (another machine, container or system), a lock without a heartbeat counts as stale.
 */

const Owner = z.object({
  /** New for each run, to distinguish owners. Validated as a UUID because it becomes part of a path. */
  token: z.uuid(),
  host: z.string(),
  pid: z.number().int().nonnegative(),
  /** Distinguishes a process from a later one with the same number; null if the system does not tell. */
  begun: z.string().nullable(),
  /**
   * The boot and the namespace that the process number counts in. Containers with one host name share a folder, and the
   * first process of each has the number 1. Null if the system has none; earlier versions did not write it.
   */
  namespace: z.string().nullable().default(null),
});
type Owner = z.infer<typeof Owner>;

export interface LockOwner {
  /** Aborted with a ResearchError when the lock is lost: the folder is gone, or another run took it. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/** Tokens of this process's runs: a lock of this process without one is stale. */
const ownTokens = new Set<string>();

/** Heartbeat interval, and the time without heartbeat after which an owner counts as dead. Milliseconds. */
const HEARTBEAT_MS = 10_000;
const STALE_AFTER_MS = 60_000;

export function lockPath(folder: string): string {
  return path.join(folder, "lock");
}

/**
 * Locks a session's folder for this run.
 * @throws ResearchError "session-running" if another run holds the lock; "cannot-write"
 */
export async function lockSession(folder: string, beat = HEARTBEAT_MS): Promise<LockOwner> {
  const file = lockPath(folder);
  const token = randomUUID();
  const own: Owner = {
    token,
    host: hostname(),
    pid: process.pid,
    begun: await processStart(process.pid),
    namespace: await processNamespace(),
  };
  ownTokens.add(token);
  try {
    await acquire(folder, file, own);
  } catch (error) {
    ownTokens.delete(token);
    throw error;
  }

  const lost = new AbortController();
  const timer = setInterval(() => {
    void (async () => {
      // A temporary read error (too many open files, an unavailable share) is not a lost lock: the next beat tells.
      const seen = await readOwner(file).catch(() => undefined);
      if (seen === undefined) return;
      if (seen?.token === token) return sendHeartbeat(file).catch(() => undefined);
      clearInterval(timer);
      lost.abort(seen === null ? folderGoneError(folder) : await sessionRunningError(folder, seen));
    })();
  }, beat);
  timer.unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      ownTokens.delete(token);
      if ((await readOwner(file).catch(() => null))?.token === token)
        await unlink(file).catch(() => undefined);
    },
  };
}

/**
 * Heartbeat: updates the file's time by the file system's own clock, since another machine's may differ. It rewrites
 * the first character that every lock file has, so readers never see other content.
 */
async function sendHeartbeat(file: string): Promise<void> {
  const handle = await open(file, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await handle.write("{", 0);
  } finally {
    await handle.close();
  }
}

/**
 * Takes the lock. A stale lock is never deleted by name, because the name may already belong to a new owner. Instead
 * we lock a per-owner claim file first, re-check, then rename the claim over the stale lock.
 */
async function acquire(folder: string, file: string, own: Owner): Promise<void> {
  for (let tries = 0; !(await writeFileExclusive(file, JSON.stringify(own), PRIVATE_FILE)); tries++) {
    const seen = await readOwner(file);
    if (seen === null) continue;
    if (tries > 4 || !(await isDead(file, seen))) throw await sessionRunningError(folder, seen);
    const claim = `${file}.${seen.token}.next`;
    await acquire(folder, claim, own);
    if ((await readOwner(file))?.token === seen.token) {
      await rename(claim, file).catch(async (error: unknown) => {
        await unlink(claim).catch(() => undefined);
        throw toWriteError(file, error);
      });
      return;
    }
    await unlink(claim).catch(() => undefined);
  }
}

/** True if a live run holds the session's lock. Never throws. */
export async function isRunning(folder: string): Promise<boolean> {
  const file = lockPath(folder);
  const seen = await readOwner(file).catch(() => null);
  // A mere observer may have no write access, or come when the lock is released: then use our own clock.
  return seen !== null && !(await isDead(file, seen).catch(() => isStale(file)));
}

/** Uses our clock if the file system's is not available. True if there is no lock. */
async function isStale(file: string): Promise<boolean> {
  const last = await lstat(file).catch(() => null);
  return last === null || Date.now() - last.mtimeMs > STALE_AFTER_MS;
}

/** Reads the owner; null if there is no lock. An unreadable lock has no owner, so only its age counts. */
async function readOwner(file: string): Promise<Owner | null> {
  let text: string;
  try {
    text = await readRegularText(file, LOCK_LIMITS);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw toWriteError(file, error);
  }
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return { token: "", host: "", pid: 0, begun: null, namespace: null };
  }
}

async function isDead(file: string, owner: Owner): Promise<boolean> {
  if (await canSeeProcess(owner)) {
    if (!isAlive(owner.pid)) return true;
    const begun = await processStart(owner.pid);
    if (begun !== null && owner.begun !== null) {
      const isOwn = owner.pid === process.pid && begun === owner.begun;
      return isOwn ? !ownTokens.has(owner.token) : begun !== owner.begun;
    }
  }
  return (await timeSinceHeartbeat(file)) > STALE_AFTER_MS;
}

/** True if the owner's process number means the same process here. */
async function canSeeProcess({ host, namespace }: Owner): Promise<boolean> {
  return host === hostname() && namespace === (await processNamespace());
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
    return systemErrorCode(error) === "EPERM";
  }
}

/** The boot id and start time of a process, on Linux. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const boot = await readBootId();
    const line = await readRegularText(`/proc/${pid}/stat`, LOCK_LIMITS);
    // The program name may contain spaces and brackets; the 22nd field is the 20th after it.
    const ticks = line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? null : `${boot} ${ticks}`;
  } catch {
    return null;
  }
}

/** The boot id and this process's namespace of process numbers, on Linux. */
async function processNamespace(): Promise<string | null> {
  try {
    return `${await readBootId()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

async function readBootId(): Promise<string> {
  return (await readRegularText("/proc/sys/kernel/random/boot_id", LOCK_LIMITS)).trim();
}

/** Milliseconds since the last heartbeat by the file system's clock: ours may differ or jump. */
async function timeSinceHeartbeat(file: string): Promise<number> {
  const probe = `${file}.${randomUUID()}`;
  try {
    await (await open(probe, "wx", PRIVATE_FILE)).close();
    return (await lstat(probe)).mtimeMs - (await lstat(file)).mtimeMs;
  } catch (error) {
    throw toWriteError(file, error);
  } finally {
    await unlink(probe).catch(() => undefined);
  }
}

async function sessionRunningError(folder: string, owner: Owner): Promise<ResearchError> {
  const id = path.basename(folder);
  const { host, pid } = owner;
  const isVisible = await canSeeProcess(owner);
  const message = isVisible
    ? pid === process.pid
      ? msg`Session “${id}” is already running in this window.`
      : msg`Session “${id}” is already running in another window or program (process ${pid}).`
    : host === ""
      ? msg`Session “${id}” is already running on another machine.`
      : host === hostname()
        ? msg`Session “${id}” is already running in another container on ${host}.`
        : msg`Session “${id}” is already running on ${host}.`;
  return new ResearchError(
    "session-running",
    message,
    isVisible
      ? msg`Wait until it has finished, or cancel it there.`
      : msg`Wait until it has finished, or cancel it there. If it was killed, try again in a minute.`,
  );
}

function folderGoneError(folder: string): ResearchError {
  return new ResearchError(
    "cannot-write",
    msg`The session's folder ${folder} was moved or removed while it ran.`,
    msg`Restore the folder and resume the session.`,
  );
}
