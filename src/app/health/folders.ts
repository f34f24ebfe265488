import { localizeMessage, msg } from "../../common/messages.js";
import { access, constants, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { findCacheProblem, cacheRoot } from "../../storage/cache/cache.js";
import { cacheFolder } from "../../config/storage-folders.js";
import { isInside } from "../../common/files.js";
import type { Settings } from "../../config/settings-schema.js";
import { createCheck, type HealthCheck, type HealthCheckName, type HealthContext } from "./check.js";

/* The folders that are written to, and the room that is left there. */

const GIGABYTE = 1e9;
/** Free bytes below which it is said, and below which nothing should be begun. */
const LITTLE = GIGABYTE;
const TOO_LITTLE = 0.05 * GIGABYTE;

export async function checkFolders(on: HealthContext, settings: Settings): Promise<HealthCheck[]> {
  const { l10n, situation } = on;
  if (situation.workspace === null) return [];
  const { sessionStoragePath: sessions, reportOutputPath: reports } = settings;
  return Promise.all([
    checkFolder(on, "sessions folder", l10n.t("Folder for sessions"), sessions),
    checkFolder(on, "reports folder", l10n.t("Folder for reports"), reports),
    checkCache(on, sessions, situation.workspace),
    checkRoom(on, sessions),
  ]);
}

/** Whether the folder, or the nearest one above it that exists, can be written to. */
async function checkFolder(
  on: HealthContext,
  name: HealthCheckName,
  title: string,
  folder: string,
): Promise<HealthCheck> {
  const { l10n, situation } = on;
  const remedy = l10n.t("Make it writable, or set another folder.");
  const existing = await nearest(folder);
  const about = await stat(existing).catch(() => null);
  if (about?.isDirectory() !== true) {
    return createCheck(on, name, title, {
      state: "failed",
      detail: l10n.t("{0} is a file, but a folder is needed.", existing),
      remedy: l10n.t("Move the file away, or set another folder."),
      helps: "settings",
    });
  }
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    return createCheck(on, name, title, {
      state: "failed",
      detail: l10n.t("{0} cannot be written to.", existing),
      remedy,
      helps: "settings",
    });
  }
  const can =
    existing === folder ? l10n.t("{0} can be written to.", folder) : l10n.t("{0} can be created.", folder);
  const inside = situation.workspace !== null && (await isInside(folder, situation.workspace));
  const detail = inside ? can : `${can} ${l10n.t("It lies outside the workspace.")}`;
  return createCheck(on, name, title, { detail });
}

/** The cache is done without where its folder is somebody else's. */
async function checkCache(on: HealthContext, sessions: string, workspace: string): Promise<HealthCheck> {
  const { l10n } = on;
  const title = l10n.t("Cache folder");
  const folder = cacheFolder(sessions);
  const why = await findCacheProblem(folder, cacheRoot(sessions, workspace)).catch(() => null);
  if (why === null) return checkFolder(on, "cache folder", title, folder);
  return createCheck(on, "cache folder", title, {
    state: "warning",
    detail: localizeMessage(msg`The cache is not used: ${why}`, l10n),
    remedy: l10n.t("Remove it yourself if it is yours."),
    helps: "settings",
  });
}

async function checkRoom(on: HealthContext, folder: string): Promise<HealthCheck> {
  const { l10n } = on;
  const title = l10n.t("Disk space");
  try {
    const { bavail, bsize } = await statfs(await nearest(folder));
    const free = bavail * bsize;
    const detail = l10n.t("{0} GB are free where sessions are kept.", (free / GIGABYTE).toFixed(1));
    if (free >= LITTLE) return createCheck(on, "disk space", title, { detail });
    const remedy = l10n.t("Free some space, archive old sessions, or clear the cache.");
    return createCheck(on, "disk space", title, {
      state: free < TOO_LITTLE ? "failed" : "warning",
      detail,
      remedy,
    });
  } catch {
    return createCheck(on, "disk space", title, {
      detail: l10n.t("The free space could not be determined."),
    });
  }
}

async function nearest(folder: string): Promise<string> {
  let existing = folder;
  while ((await stat(existing).catch(() => null)) === null && path.dirname(existing) !== existing) {
    existing = path.dirname(existing);
  }
  return existing;
}
