import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import * as z from "zod";
import { readRegularText } from "../../common/read-file.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { LOCK_LIMITS } from "../file-limits.js";
import { toWriteError, PRIVATE_FILE, writeFileExclusive } from "../../common/files.js";

/*
 * One run at a time for a session: a file beside the journal names who is running it. A killed owner
 * leaves the file behind, and is seen to be dead at once: its process is gone, or is another one of
 * the same number. Where that cannot be told (another machine, another system), by its silence.
 */

const Owner = z.object({
  /** New for each run, so that one owner is told from the next. It becomes a part of a path, so nothing else will do. */
  token: z.uuid(),
  host: z.string(),
  pid: z.number().int().nonnegative(),
  /** What tells a process from a later one of the same number; null where the system does not say. */
  begun: z.string().nullable(),
});
type Owner = z.infer<typeof Owner>;

export interface LockOwner {
  /** Aborted with a ResearchError when the lock is no longer ours: the folder is gone, or another took it. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/** The tokens of this process's runs: a lock of ours without its run was left where it could not be removed. */
const held = new Set<string>();

/** How often an owner shows that it is alive, and after which silence it counts as dead. Milliseconds. */
const BEAT = 10_000;
const SILENCE = 60_000;

export function lockPath(folder: string): string {
  return path.join(folder, "lock");
}

/**
 * Locks a session's folder for this run.
 * @throws ResearchError "session-running" where another run has it; "cannot-write"
 */
export async function lockSession(folder: string, beat = BEAT): Promise<LockOwner> {
  const file = lockPath(folder);
  const token = randomUUID();
  const own: Owner = { token, host: hostname(), pid: process.pid, begun: await begunOf(process.pid) };
  held.add(token);
  try {
    await take(folder, file, own);
  } catch (error) {
    held.delete(token);
    throw error;
  }

  const lost = new AbortController();
  const timer = setInterval(() => {
    void (async () => {
      // What cannot be read just now (too many open files, a share that is away) is not lost: the next beat tells.
      const seen = await ownerOf(file).catch(() => undefined);
      if (seen === undefined) return;
      if (seen?.token === token) return showLife(file).catch(() => undefined);
      clearInterval(timer);
      lost.abort(seen === null ? gone(folder) : running(folder, seen));
    })();
  }, beat);
  timer.unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      held.delete(token);
      if ((await ownerOf(file).catch(() => null))?.token === token) await unlink(file).catch(() => undefined);
    },
  };
}

/**
 * Has the file system stamp the file with its own clock, by which silence is told: another machine's may differ.
 * What is written stands there already, and begins any owner, so that nobody reads anything else.
 */
async function showLife(file: string): Promise<void> {
  const handle = await open(file, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await handle.write("{", 0);
  } finally {
    await handle.close();
  }
}

/**
 * Makes the file ours. A dead owner's is never removed first, since what is removed by name may be the next
 * owner's already: to succeed it one must own the claim to that, of which there is one for each owner, taken in
 * this same way. Who has the claim, and finds the dead one still there, puts the claim in its place.
 */
async function take(folder: string, file: string, own: Owner): Promise<void> {
  for (let tries = 0; !(await writeFileExclusive(file, JSON.stringify(own), PRIVATE_FILE)); tries++) {
    const seen = await ownerOf(file);
    if (seen === null) continue;
    if (tries > 4 || !(await isDead(file, seen))) throw running(folder, seen);
    const claim = `${file}.${seen.token}.next`;
    await take(folder, claim, own);
    if ((await ownerOf(file))?.token === seen.token) {
      await rename(claim, file).catch(async (error: unknown) => {
        await unlink(claim).catch(() => undefined);
        throw toWriteError(file, error);
      });
      return;
    }
    await unlink(claim).catch(() => undefined);
  }
}

/** True where a run that is alive has the session. Never throws. */
export async function isRunning(folder: string): Promise<boolean> {
  const file = lockPath(folder);
  const seen = await ownerOf(file).catch(() => null);
  // Who only looks may have no right to write there, or come when the lock goes: then our own clock must do.
  return seen !== null && !(await isDead(file, seen).catch(() => isSilent(file)));
}

/** By our clock, where the file system's cannot be asked. True where there is no lock. */
async function isSilent(file: string): Promise<boolean> {
  const last = await lstat(file).catch(() => null);
  return last === null || Date.now() - last.mtimeMs > SILENCE;
}

/** Who has it; null where there is none. One that cannot be read is nobody's, whose silence decides. */
async function ownerOf(file: string): Promise<Owner | null> {
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
    return { token: "", host: "", pid: 0, begun: null };
  }
}

async function isDead(file: string, owner: Owner): Promise<boolean> {
  if (owner.host === hostname()) {
    if (!isAlive(owner.pid)) return true;
    const begun = await begunOf(owner.pid);
    if (begun !== null && owner.begun !== null) {
      const isOwn = owner.pid === process.pid && begun === owner.begun;
      return isOwn ? !held.has(owner.token) : begun !== owner.begun;
    }
  }
  return (await silenceOf(file)) > SILENCE;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one that is there.
    return systemErrorCode(error) === "EPERM";
  }
}

/** The boot and the moment of it at which a process began, where Linux tells. */
async function begunOf(pid: number): Promise<string | null> {
  try {
    const boot = (await readRegularText("/proc/sys/kernel/random/boot_id", LOCK_LIMITS)).trim();
    const line = await readRegularText(`/proc/${pid}/stat`, LOCK_LIMITS);
    // The name of the program may hold blanks and brackets; the 22nd field is the 20th behind it.
    const ticks = line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? null : `${boot} ${ticks}`;
  } catch {
    return null;
  }
}

/** Milliseconds since the owner's last sign, by the file system's own clock: ours may differ, or jump. */
async function silenceOf(file: string): Promise<number> {
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

function running(folder: string, { pid, host }: Owner): ResearchError {
  const id = path.basename(folder);
  const message =
    host === hostname()
      ? pid === process.pid
        ? `Session “${id}” is already running in this window.`
        : `Session “${id}” is already running in another window or program (process ${pid}).`
      : host === ""
        ? `Session “${id}” is already running on another machine.`
        : `Session “${id}” is already running on ${host}.`;
  return new ResearchError("session-running", message, "Wait until it has finished, or cancel it there.");
}

function gone(folder: string): ResearchError {
  return new ResearchError(
    "cannot-write",
    `The session's folder ${folder} was moved or removed while it ran.`,
    "Restore the folder and resume the session.",
  );
}
