import { formatMessage } from "../common/messages.js";
import path from "node:path";
import * as z from "zod";
import { toWorkspaceRelative } from "../app/run-result.js";
import { ResearchError } from "../common/errors.js";
import {
  archiveChosenSessions,
  archiveZipPath,
  backUpWorkspace,
  newBackupName,
  restoreWorkspace,
  unarchiveSession,
  type BackupResult,
  type RestoreResult,
} from "../app/archive.js";
import { resolveSessionId, resolveSessionIds } from "../app/resolve-session-id.js";
import {
  isBucketAddress,
  openBackupBucket,
  openBackupFolder,
  withBackupFromBucket,
  type BackupPlace,
} from "../app/backup-place.js";
import { backUpInto, backUpRepeatedly, type BackupLimits } from "../app/backup-schedule.js";
import { resolvePath, loadConfig } from "./flags.js";
import { EXIT, forTerminal, print, printJson, reportError, toShellPath } from "./output.js";
import { cancelBySignals } from "./signals.js";

/* The backup and archive commands. Each returns its exit code and throws its errors. */

const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  overwrite: z.boolean().default(false),
  olderThan: z.string().optional(),
  keep: z.string().optional(),
  every: z.string().optional(),
  maxAge: z.string().optional(),
});

const MILLISECONDS = { s: 1000, m: 60_000, h: 60 * 60_000, d: 24 * 60 * 60_000 };

export async function backupCommand(target: string | undefined, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const limits: BackupLimits = {
    keep: positive("--keep", wholeNumber("--keep", flags.keep)),
    maxAgeDays: positive("--max-age", wholeNumber("--max-age", flags.maxAge)),
  };
  if (flags.every !== undefined) return repeatBackup(target, parseInterval(flags.every), limits, flags);
  const config = await loadConfig(flags);
  const isInBucket = target !== undefined && isBucketAddress(target);
  if (isInBucket || limits.keep !== null || limits.maxAgeDays !== null) {
    const place = openPlace(target, config.workspace);
    const made = await untilCancelled((signal, progress) =>
      backUpInto(config, place, limits, {
        signal,
        onFile: (files) => progress(`${files} files packed`),
      }),
    );
    printBackup(config.workspace, made, flags.json);
    return EXIT.done;
  }
  const file =
    target === undefined ? path.join(config.workspace, newBackupName(new Date())) : path.resolve(target);
  const made = await untilCancelled((signal, progress) =>
    backUpWorkspace(config, file, { signal, onFile: (files) => progress(`${files} files packed`) }),
  );
  printBackup(config.workspace, { ...made, file }, flags.json);
  return EXIT.done;
}

/** The bucket or the folder that a user names; otherwise the workspace. */
function openPlace(target: string | undefined, workspace: string): BackupPlace {
  return target !== undefined && isBucketAddress(target)
    ? openBackupBucket(target, process.env)
    : openBackupFolder(path.resolve(target ?? workspace));
}

/** Makes backups until a signal comes. */
async function repeatBackup(
  target: string | undefined,
  every: number,
  limits: BackupLimits,
  flags: z.infer<typeof Flags>,
): Promise<number> {
  const { workspace } = await loadConfig(flags);
  const place = openPlace(target, workspace);
  const controller = new AbortController();
  const release = cancelBySignals(controller);
  try {
    await backUpRepeatedly(() => loadConfig(flags), place, {
      ...limits,
      every,
      signal: controller.signal,
      onBackup: (made) => printBackup(workspace, made, flags.json),
      onFailure: (error) => void reportError(error, flags.json),
    });
  } finally {
    release();
  }
  return EXIT.done;
}

function printBackup(
  workspace: string,
  made: BackupResult & { file: string; removed?: string[] },
  json: boolean,
): void {
  const { file, leftOut, removed, ...counts } = made;
  const shown = (each: string): string =>
    isBucketAddress(each) ? each : toWorkspaceRelative(workspace, each);
  for (const each of leftOut) printNotice(`Skipped (not part of a session, or not readable): ${shown(each)}`);
  const old = removed?.map(shown);
  for (const each of old ?? []) printNotice(`Removed the old backup ${each}`);
  if (json) {
    printJson({ file: shown(file), ...counts, ...(old === undefined ? {} : { removed: old }) });
    return;
  }
  const { sessions, reports, bytes } = counts;
  printNotice(
    `${count(sessions, "session")} and ${count(reports, "report")}, ${Math.ceil(bytes / 1024)} KB.`,
  );
  print(isBucketAddress(file) ? file : toShellPath(workspace, file));
}

export async function restoreCommand(file: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const { workspace } = await loadConfig(flags);
  const result = await untilCancelled(async (signal, progress) => {
    const restore = (from: string): Promise<RestoreResult> =>
      restoreWorkspace(from, workspace, (yaml) => loadConfig(flags, yaml), {
        overwrite: flags.overwrite,
        signal,
        onFile: (files) => progress(`${files} files written`),
      });
    if (!isBucketAddress(file)) return restore(await resolvePath(file, workspace));
    return withBackupFromBucket(file, process.env, signal, (from, address) => {
      printNotice(`Restoring ${address}`);
      return restore(from);
    });
  });
  const { restored, present, replaced, sessions, reports } = result;
  const kept = result.kept.map((each) => toWorkspaceRelative(workspace, each));
  for (const each of kept) printNotice(`Replaced; the old file was kept as ${each}`);
  if (result.ownSettings) printNotice("The workspace’s existing deep-research.yaml was kept.");
  if (flags.json) printJson({ restored, present, replaced, sessions, reports, kept });
  else {
    printNotice(
      `${count(sessions, "session")} and ${count(reports, "report")}: ${count(restored, "file")} restored.`,
    );
    if (present > 0) printNotice(`${count(present, "file")} already present with the same content.`);
    print(toShellPath(workspace, result.folders.sessions));
  }
  return EXIT.done;
}

export async function archiveCommand(given: string[], options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  const ids = await resolveSessionIds(config, given);
  const chosen = {
    ids,
    olderThan: wholeNumber("--older-than", flags.olderThan),
    keep: wholeNumber("--keep", flags.keep),
  };
  if (ids.length === 0 && chosen.olderThan === null && chosen.keep === null) {
    throw new ResearchError(
      "bad-settings",
      "Name the sessions to archive.",
      "Use --older-than DAYS, --keep N, or session ids.",
    );
  }
  const { archived, skipped } = await untilCancelled((signal, progress) =>
    archiveChosenSessions(config, chosen, {
      signal,
      onSession: (session, of) => progress(`Packing session ${session} of ${of}`),
    }),
  );
  for (const { id, why } of skipped) printNotice(`Skipped ${id}: ${formatMessage(why)}.`);
  if (flags.json) printJson({ archived, skipped });
  else if (archived.length === 0) printNotice("No sessions were archived.");
  else
    for (const id of archived)
      print(toShellPath(config.workspace, archiveZipPath(config.settings.sessionStoragePath, id)));
  // The command fails if a session that the user named was not archived.
  return skipped.some(({ id }) => ids.includes(id)) ? EXIT.failed : EXIT.done;
}

export async function unarchiveCommand(given: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  const { workspace, settings } = config;
  const id = await resolveSessionId(config, given);
  const sessions = settings.sessionStoragePath;
  const wasAway = await untilCancelled((signal) => unarchiveSession(sessions, id, signal));
  if (!wasAway) printNotice("The session is already in its folder.");
  const folder = toWorkspaceRelative(workspace, path.join(sessions, id));
  if (flags.json) printJson({ session: id, folder });
  else print(toShellPath(workspace, folder));
  return EXIT.done;
}

function wholeNumber(flag: string, given: string | undefined): number | null {
  if (given === undefined) return null;
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw new ResearchError(
    "bad-settings",
    `${flag} is ${JSON.stringify(given)}; allowed: a whole number from 0.`,
  );
}

function positive(flag: string, given: number | null): number | null {
  if (given !== 0) return given;
  throw new ResearchError("bad-settings", `${flag} is 0; allowed: a whole number from 1.`);
}

/** Milliseconds of an interval such as 24h. */
function parseInterval(given: string): number {
  const [, digits = "", unit = ""] = /^([1-9]\d{0,3})([smhd])$/.exec(given) ?? [];
  if (digits !== "") return Number(digits) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
  throw new ResearchError(
    "bad-settings",
    `--every is ${JSON.stringify(given)}; allowed: a number with s, m, h or d, such as 24h.`,
  );
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}

function printNotice(line: string): void {
  process.stderr.write(`${forTerminal(line)}\n`);
}

/** Runs until done or Ctrl-C; in a terminal, with a progress line updated at most five times a second. */
async function untilCancelled<T>(
  work: (signal: AbortSignal, progress: (line: string) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { stderr } = process;
  let shownAt = 0;
  const progress = (line: string): void => {
    if (!stderr.isTTY || performance.now() - shownAt < 200) return;
    shownAt = performance.now();
    stderr.write(`\r\u001b[2K${line}`);
  };
  const release = cancelBySignals(controller);
  try {
    return await work(controller.signal, progress);
  } finally {
    if (shownAt > 0) stderr.write("\r\u001b[2K");
    release();
  }
}
