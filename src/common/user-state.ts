import { msg } from "./messages.js";
import { randomBytes } from "node:crypto";
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
import { sha256Hex } from "./hash.js";

/*
 * Decisions of a user on this machine, stored outside every workspace so that no workspace can make them. Unreadable
 * decisions count as not made.
 */

const NAME = "deep-research";
const ACCEPTED_KEYS = "accepted-keys.json";
const MACHINE_SECRET = "machine-secret";
const WEB_SEARCHES = "web-searches.json";
const LIMIT = { maxBytes: 1024 ** 2 };

const WebSearches = z.object({ version: z.literal(1), searches: z.array(z.string()) });

/** SHA-256 of the accepted key for each folder, by its real path. */
const AcceptedKeys = z.object({
  version: z.literal(1),
  folders: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** The absolute state folder; null if the system has none. */
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
    // A container's user may have no home folder.
    return undefined;
  }
}

/** Whether the user accepted exactly this key for the folder. */
export async function isKeyAccepted(workspace: string, key: string): Promise<boolean> {
  const [accepted, folder] = await Promise.all([acceptedKeys(), realFolderPath(workspace)]);
  return Object.hasOwn(accepted, folder) && accepted[folder] === hashKey(key);
}

/** Records that the key may be used for the folder. @throws ResearchError "cannot-write" */
export async function acceptKey(workspace: string, key: string): Promise<void> {
  const folder = await realFolderPath(workspace);
  await writeAccepted({ ...(await acceptedKeys()), [folder]: hashKey(key) });
}

/** Forgets the key of the folder. @returns whether one had been accepted. @throws ResearchError "cannot-write" */
export async function forgetKey(workspace: string): Promise<boolean> {
  const folder = await realFolderPath(workspace);
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

/** The search services that the user decided on; null if nobody was asked yet. */
export async function readWebSearchDecision(): Promise<string[] | null> {
  return WebSearches.safeParse(parseJson(await readState(WEB_SEARCHES))).data?.searches ?? null;
}

/** Records which search services may get questions. @throws ResearchError "cannot-write" */
export async function writeWebSearchDecision(searches: readonly string[]): Promise<void> {
  await writeState(WEB_SEARCHES, `${JSON.stringify({ version: 1, searches }, null, 2)}\n`);
}

/** Secrets by state folder; each process reads them once. */
const secrets = new Map<string, Promise<Buffer | null>>();

/**
 * A secret of this user on this machine, created on first use. It identifies data that was written here. Null if it
 * cannot be stored.
 */
export async function machineSecret(): Promise<Buffer | null> {
  const folder = userStateFolder();
  if (folder === null) return null;
  const known = secrets.get(folder) ?? readOrCreateSecret();
  secrets.set(folder, known);
  const secret = await known;
  // The folder may become writable later.
  if (secret === null) secrets.delete(folder);
  return secret;
}

async function readOrCreateSecret(): Promise<Buffer | null> {
  const found = parseSecret(await readState(MACHINE_SECRET));
  if (found !== null) return found;
  try {
    const text = `${randomBytes(32).toString("hex")}\n`;
    // If two processes create it at once, the first one's secret is used by both.
    if (
      !(await writeState(MACHINE_SECRET, text, false)) &&
      parseSecret(await readState(MACHINE_SECRET)) === null
    ) {
      await writeState(MACHINE_SECRET, text);
    }
    return parseSecret(await readState(MACHINE_SECRET));
  } catch {
    return null;
  }
}

function parseSecret(text: string): Buffer | null {
  return /^[0-9a-f]{64}\n?$/.test(text) ? Buffer.from(text.trim(), "hex") : null;
}

async function readState(name: string): Promise<string> {
  const folder = userStateFolder();
  return folder === null ? "" : readRegularText(path.join(folder, name), LIMIT).catch(() => "");
}

/** @returns false if the file exists and `replace` is false */
async function writeState(name: string, text: string, replace = true): Promise<boolean> {
  const folder = userStateFolder();
  if (folder === null) {
    throw new ResearchError(
      "cannot-write",
      msg`There is no home folder, so nothing can be saved.`,
      msg`Set DEEP_RESEARCH_STATE to a folder of your own.`,
    );
  }
  const file = path.join(folder, name);
  try {
    await ensureFolder(folder, folder, PRIVATE_FOLDER);
    if (!replace) return await writeFileExclusive(file, text, PRIVATE_FILE);
    await writeFileAtomic(file, text, PRIVATE_FILE);
    return true;
  } catch (error) {
    throw stateWriteError(file, error);
  }
}

function stateWriteError(file: string, error: unknown): ResearchError {
  const { message } = toWriteError(file, error instanceof ResearchError ? error.cause : error);
  return new ResearchError(
    "cannot-write",
    message,
    msg`Make its folder writable, or set DEEP_RESEARCH_STATE to a folder of your own.`,
    { cause: error },
  );
}

/** The real path of a folder, so that every name of it counts as the same. */
async function realFolderPath(folder: string): Promise<string> {
  return realpath(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return path.resolve(folder);
    throw error;
  });
}

function hashKey(key: string): string {
  return sha256Hex(key);
}
