import path from "node:path";
import * as vscode from "vscode";
import { z } from "zod";
import type { House } from "../engine/house.js";
import { ResearchError } from "../research/errors.js";
import { archiveSessions, type Archived, type Chosen } from "../sessions/archive.js";
import { backup, backupName, type BackedUp, type Rooms } from "../sessions/backup.js";
import { restore, type Restored } from "../sessions/restore.js";
import { isRunning } from "../sessions/lock.js";
import { listSessions } from "../sessions/list.js";
import { chooseFolder, openHouse } from "./folder.js";
import { WindowProblem } from "./problems.js";

const ZIP = { "Deep Research backup": ["zip"] };

/**
 * Backs up the folder: to the path that is given, relative to the folder, or where the user says.
 * @returns what is in the backup, or undefined if the dialog was dismissed
 */
export async function backUp(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<(BackedUp & { file: string }) | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const house = await openHouse(folder, null);
  const now = new Date();
  const given = z.string().min(1).safeParse(argument);
  const file = given.success
    ? path.resolve(house.workspace, given.data)
    : (
        await vscode.window.showSaveDialog({
          title: "Deep Research: Back Up",
          saveLabel: "Back Up",
          defaultUri: vscode.Uri.joinPath(folder.uri, backupName(now)),
          filters: ZIP,
        })
      )?.fsPath;
  if (file === undefined) return undefined;
  const made = await withProgress("Backing up", (signal, progress) =>
    backup(roomsOf(house), file, { signal, now, onFile: (files) => progress(`${files} files`) }),
  );
  for (const each of made.leftOut) log.warn(`Left out of the backup, as no part of a session: ${each}`);
  const left =
    made.leftOut.length === 0 ? "" : ` ${count(made.leftOut.length, "other file")} left out: see the log.`;
  void tell(
    `Backed up ${count(made.sessions, "session")} and ${count(made.reports, "report")} to ${path.basename(file)}.${left}`,
    file,
    log,
  );
  return { ...made, file };
}

const ToRestore = z.union([
  z
    .string()
    .min(1)
    .transform((file) => ({ file, overwrite: null })),
  z.object({ file: z.string().min(1), overwrite: z.boolean().default(false) }),
]);

/**
 * Restores a backup: the one that is given, as a path relative to the folder or as `{ file, overwrite }`, or
 * one that the user picks. Where files have other content the user is asked once, unless `overwrite` says it.
 * @returns what was restored, or undefined if the user dismissed a dialog
 */
export async function restoreBackup(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<Omit<Restored, "rooms"> | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { workspace } = await openHouse(folder, null);
  const given = ToRestore.safeParse(argument);
  const file = given.success ? path.resolve(workspace, given.data.file) : await pickBackup(folder);
  if (file === undefined) return undefined;
  const bring = (overwrite: boolean): Promise<Restored> =>
    withProgress("Restoring", (signal, progress) =>
      restore(file, {
        workspace,
        rooms: async (settings) => roomsOf(await openHouse(folder, null, settings ?? undefined)),
        overwrite,
        isRunning,
        signal,
        onFile: (files) => progress(`${files} files`),
      }),
    );
  let result: Restored;
  try {
    result = await bring(given.success && given.data.overwrite === true);
  } catch (error) {
    const isOpen = !given.success || given.data.overwrite === null;
    if (!(error instanceof ResearchError && error.code === "conflict" && isOpen)) throw error;
    const overwrite = "Overwrite, Keeping the Old Files";
    const detail =
      "Nothing was written yet. Each file that is replaced is kept beside, as NAME.before-restore.";
    const chosen = await vscode.window.showWarningMessage(error.message, { modal: true, detail }, overwrite);
    if (chosen !== overwrite) return undefined;
    result = await bring(true);
  }
  const { rooms, ...counts } = result;
  for (const each of counts.kept) log.warn(`Replaced; the old file is kept as ${each}`);
  const replaced = counts.replaced === 0 ? "" : `, ${counts.replaced} replaced`;
  const there = counts.present === 0 ? "" : `, ${counts.present} there already`;
  const own = counts.ownSettings ? " The folder's own deep-research.yaml stays." : "";
  void tell(
    `${count(counts.sessions, "session")} and ${count(counts.reports, "report")}: ${count(counts.restored, "file")} restored${replaced}${there}.${own}`,
    counts.reports > 0 ? rooms.reports : rooms.sessions,
    log,
  );
  return counts;
}

async function pickBackup(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: "Deep Research: Restore",
    openLabel: "Restore",
    defaultUri: folder.uri,
    filters: ZIP,
  });
  return picked?.[0]?.fsPath;
}

const ToArchive = z.object({
  ids: z.array(z.string()).default([]),
  olderThan: z.number().int().nonnegative().nullable().default(null),
  keep: z.number().int().nonnegative().nullable().default(null),
});

/**
 * Archives sessions: those that are given as `{ ids, olderThan, keep }`, or what the user chooses.
 * @returns which, or undefined if the user dismissed a pick
 */
export async function archiveOld(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<Archived | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { settings } = await openHouse(folder, null);
  const sessions = settings.sessionStoragePath;
  const given = ToArchive.safeParse(argument);
  const chosen = given.success ? given.data : await chooseSessions(sessions, folder.name);
  if (chosen === undefined) return undefined;
  const result = await withProgress("Archiving", (signal, progress) =>
    archiveSessions(sessions, chosen, {
      isRunning,
      now: new Date(),
      signal,
      onSession: (session, of) => progress(`session ${session} of ${of}`),
    }),
  );
  for (const { id, why } of result.skipped) log.warn(`Not archived: ${id}: ${why}.`);
  const [first, ...more] = result.skipped;
  const left =
    first === undefined
      ? ""
      : more.length === 0
        ? ` One was left out: ${first.why}.`
        : ` ${result.skipped.length} were left out: see the log.`;
  const shown = result.archived.length === 0 ? null : path.join(sessions, "archive");
  void tell(`${count(result.archived.length, "session")} archived.${left}`, shown, log);
  return result;
}

async function chooseSessions(sessions: string, folder: string): Promise<Chosen | undefined> {
  const here = (await listSessions(sessions)).filter(({ archived }) => archived !== true);
  if (here.length === 0)
    throw new WindowProblem("no-session", `There is no session in ${folder} to archive.`);
  const rule = (label: string, olderThan: number | null, keep: number | null) => ({
    label,
    chosen: { ids: [], olderThan, keep },
  });
  const how = await vscode.window.showQuickPick(
    [
      rule("Older than 30 days", 30, null),
      rule("Older than 90 days", 90, null),
      rule("All but the newest 20", null, 20),
      { label: "Pick sessions…", chosen: null },
    ],
    {
      title: "Deep Research: Archive Sessions",
      placeHolder: "They stay in the list, and their reports can still be verified.",
    },
  );
  if (how === undefined) return undefined;
  if (how.chosen !== null) return how.chosen;
  const picked = await vscode.window.showQuickPick(
    here.map(({ id, question, status, started }) => ({
      label: question,
      description: status,
      detail: new Date(started).toLocaleString(),
      id,
    })),
    { title: "Deep Research: Archive Which Sessions?", canPickMany: true, matchOnDescription: true },
  );
  if (picked === undefined || picked.length === 0) return undefined;
  return { ids: picked.map(({ id }) => id), olderThan: null, keep: null };
}

function roomsOf({ workspace, settings }: House): Rooms {
  return { workspace, sessions: settings.sessionStoragePath, reports: settings.reportOutputPath };
}

/** Shows progress that can be cancelled, with a new line at most five times a second. */
function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, progress: (message: string) => void) => Promise<T>,
): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Deep Research: ${title}`, cancellable: true },
      (progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        let shownAt = 0;
        return work(controller.signal, (message) => {
          if (performance.now() - shownAt < 200) return;
          shownAt = performance.now();
          progress.report({ message });
        });
      },
    ),
  );
}

/** Says what was done, with a button that shows where it is, or else the log. */
async function tell(message: string, file: string | null, log: vscode.LogOutputChannel): Promise<void> {
  log.info(message);
  const button = file === null ? "Show Log" : "Show in Folder";
  if ((await vscode.window.showInformationMessage(message, button)) !== button) return;
  if (file === null) {
    log.show();
    return;
  }
  const uri = vscode.Uri.file(file);
  // In a browser there is no file manager to show it in.
  await vscode.commands
    .executeCommand("revealFileInOS", uri)
    .then(undefined, () => vscode.commands.executeCommand("revealInExplorer", uri));
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
