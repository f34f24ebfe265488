import { createHash, randomBytes } from "node:crypto";
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import * as z from "zod";
import { readRegularText } from "./read-file.js";
import { systemErrorCode, ResearchError } from "./errors.js";
import {
  toWriteError,
  ensureFolder,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  writeFileExclusive,
  writeFileAtomic,
} from "./files.js";
import { parseJson } from "./parse-json.js";

/*
 * What one user has decided on this machine: outside every workspace, so that no workspace decides it. What cannot be
 * read there counts as not decided.
 */

const NAME = "deep-research";
const ACCEPTED_KEYS = "accepted-keys.json";
const MACHINE_SECRET = "machine-secret";
const LIMIT = { maxBytes: 1024 ** 2 };

/** For each folder whose key was accepted, by its real path, the SHA-256 of that key. */
const AcceptedKeys = z.object({
  version: z.literal(1),
  folders: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** The folder of the state, absolute; null where the system names none. */
export function userStateFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): string | null {
  const absolute = (folder: string | undefined): string | null =>
    folder !== undefined && path.isAbsolute(folder) ? folder : null;
  const set = absolute(env["DEEP_RESEARCH_STATE"]);
  if (set !== null) return set;
  const home = absolute(homeFolder());
  const below = (...names: string[]): string | null => (home === null ? null : path.join(home, ...names));
  const base =
    platform === "win32"
      ? (absolute(env["APPDATA"]) ?? below("AppData", "Roaming"))
      : platform === "darwin"
        ? below("Library", "Application Support")
        : (absolute(env["XDG_CONFIG_HOME"]) ?? below(".config"));
  return base === null ? null : path.join(base, NAME);
}

function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    // A container's user may have none.
    return undefined;
  }
}

/** Whether the user has said that this very key may be used for the folder. */
export async function isKeyAccepted(workspace: string, key: string): Promise<boolean> {
  const [accepted, folder] = await Promise.all([acceptedKeys(), realFolder(workspace)]);
  return Object.hasOwn(accepted, folder) && accepted[folder] === hashOf(key);
}

/** Remembers that the key may be used for the folder. @throws ResearchError "cannot-write" */
export async function acceptKey(workspace: string, key: string): Promise<void> {
  const folder = await realFolder(workspace);
  await writeAccepted({ ...(await acceptedKeys()), [folder]: hashOf(key) });
}

/** Forgets the key of the folder. @returns whether one had been accepted. @throws ResearchError "cannot-write" */
export async function forgetKey(workspace: string): Promise<boolean> {
  const folder = await realFolder(workspace);
  const accepted = await acceptedKeys();
  if (!Object.hasOwn(accepted, folder)) return false;
  await writeAccepted(Object.fromEntries(Object.entries(accepted).filter(([each]) => each !== folder)));
  return true;
}

async function acceptedKeys(): Promise<Record<string, string>> {
  const text = await readState(ACCEPTED_KEYS);
  return AcceptedKeys.safeParse(parseJson(text)).data?.folders ?? {};
}

async function writeAccepted(folders: Record<string, string>): Promise<void> {
  await writeState(ACCEPTED_KEYS, `${JSON.stringify({ version: 1, folders }, null, 2)}\n`);
}

/** Secrets by the folder of the state: a process reads each once. */
const secrets = new Map<string, Promise<Buffer | null>>();

/**
 * A secret of this user on this machine, made at the first call: it tells what was written here from what came from
 * elsewhere. Null where none can be kept.
 */
export async function machineSecret(): Promise<Buffer | null> {
  const folder = userStateFolder();
  if (folder === null) return null;
  const known = secrets.get(folder) ?? readOrMakeSecret();
  secrets.set(folder, known);
  const secret = await known;
  // The folder may be writable later.
  if (secret === null) secrets.delete(folder);
  return secret;
}

async function readOrMakeSecret(): Promise<Buffer | null> {
  const found = secretIn(await readState(MACHINE_SECRET));
  if (found !== null) return found;
  try {
    const text = `${randomBytes(32).toString("hex")}\n`;
    // Of two that begin at once the first one's counts for both.
    if (
      !(await writeState(MACHINE_SECRET, text, false)) &&
      secretIn(await readState(MACHINE_SECRET)) === null
    ) {
      await writeState(MACHINE_SECRET, text);
    }
    return secretIn(await readState(MACHINE_SECRET));
  } catch {
    return null;
  }
}

function secretIn(text: string): Buffer | null {
  return /^[0-9a-f]{64}\n?$/.test(text) ? Buffer.from(text.trim(), "hex") : null;
}

async function readState(name: string): Promise<string> {
  const folder = userStateFolder();
  return folder === null ? "" : readRegularText(path.join(folder, name), LIMIT).catch(() => "");
}

/** @returns false where something is there and `replace` is false */
async function writeState(name: string, text: string, replace = true): Promise<boolean> {
  const folder = userStateFolder();
  if (folder === null) {
    throw new ResearchError(
      "cannot-write",
      "There is no home folder, so nothing can be saved.",
      "Set DEEP_RESEARCH_STATE to a folder of your own.",
    );
  }
  const file = path.join(folder, name);
  try {
    await ensureFolder(folder, folder, PRIVATE_FOLDER);
    if (!replace) return await writeFileExclusive(file, text, PRIVATE_FILE);
    await writeFileAtomic(file, text, PRIVATE_FILE);
    return true;
  } catch (error) {
    throw cannotRemember(file, error);
  }
}

function cannotRemember(file: string, error: unknown): ResearchError {
  const { message } = toWriteError(file, error instanceof ResearchError ? error.cause : error);
  return new ResearchError(
    "cannot-write",
    message,
    "Make its folder writable, or set DEEP_RESEARCH_STATE to a folder of your own.",
    { cause: error },
  );
}

/** A folder by its real path: it is the same one by every name. */
async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return path.resolve(folder);
    throw error;
  });
}

function hashOf(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex");
}
