import { formatMessage } from "../../common/messages.js";
import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import {
  archiveChosenSessions,
  archiveFolder,
  backUpWorkspace,
  newBackupName,
  restoreWorkspace,
  type ArchiveResult,
  type ArchiveSelection,
  type BackupResult,
  type RestoreResult,
} from "../../app/archive.js";
import { listSessions } from "../../app/sessions.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { askModal, showInformation, pickOne, pickSeveral, withProgress } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { localizeText } from "../l10n/localize.js";
import { describeState } from "../l10n/session-words.js";
import { formatDateTime, formatNumber } from "../l10n/format.js";

const zip = (): Record<string, string[]> => ({ [vscode.l10n.t("Deep Research backup")]: ["zip"] });

/**
 * Backs up the folder, to the given path (relative to the folder) or one that the user chooses.
 * @returns the contents of the backup, or undefined if the dialog was dismissed
 */
export async function backUp(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<(BackupResult & { file: string }) | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const config = await loadWorkspaceConfig(folder, null);
  const given = z.string().min(1).safeParse(argument);
  const file = given.success
    ? path.resolve(config.workspace, given.data)
    : (
        await vscode.window.showSaveDialog({
          title: vscode.l10n.t("Deep Research: Back Up"),
          saveLabel: vscode.l10n.t("Back Up"),
          defaultUri: vscode.Uri.joinPath(folder.uri, newBackupName(new Date())),
          filters: zip(),
        })
      )?.fsPath;
  if (file === undefined) return undefined;
  const made = await withCalmProgress(vscode.l10n.t("Deep Research: Backing up"), (signal, progress) =>
    backUpWorkspace(config, file, { signal, onFile: (files) => progress(filesWord(files)) }),
  );
  for (const each of made.leftOut) log.warn(`Skipped (not part of a session, or not readable): ${each}`);
  const sentences = [
    vscode.l10n.t(
      "Backed up to {0}: {1}, {2}.",
      path.basename(file),
      sessionsWord(made.sessions),
      reportsWord(made.reports),
    ),
  ];
  if (made.leftOut.length === 1) sentences.push(vscode.l10n.t("1 other file was skipped; see the log."));
  if (made.leftOut.length > 1) {
    sentences.push(
      vscode.l10n.t("{0} other files were skipped; see the log.", formatNumber(made.leftOut.length)),
    );
  }
  void showDone(sentences.join(" "), file, log);
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
 * Restores a backup: the given one (a path relative to the folder, or `{ file, overwrite }`), or one that the
 * user picks. If existing files differ, the user is asked once, unless `overwrite` is set.
 * @returns the result, or undefined if the user dismissed a dialog
 */
export async function restoreBackupInWindow(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<Omit<RestoreResult, "folders"> | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { workspace } = await loadWorkspaceConfig(folder, null);
  const given = ToRestore.safeParse(argument);
  const file = given.success ? path.resolve(workspace, given.data.file) : await pickBackup(folder);
  if (file === undefined) return undefined;
  const bring = (overwrite: boolean): Promise<RestoreResult> =>
    withCalmProgress(vscode.l10n.t("Deep Research: Restoring"), (signal, progress) =>
      restoreWorkspace(file, workspace, (yaml) => loadWorkspaceConfig(folder, null, yaml), {
        overwrite,
        signal,
        onFile: (files) => progress(filesWord(files)),
      }),
    );
  let result: RestoreResult;
  try {
    result = await bring(given.success && given.data.overwrite === true);
  } catch (error) {
    const isOpen = !given.success || given.data.overwrite === null;
    if (!(error instanceof ResearchError && error.code === "conflict" && isOpen)) throw error;
    const overwrite = vscode.l10n.t("Overwrite and Keep Old Files");
    const detail = vscode.l10n.t(
      "Nothing has been written yet. The old version of each replaced file is kept next to it as NAME.before-restore.",
    );
    const message = localizeText(error.what);
    const chosen = await askModal({
      message,
      detail,
      safe: vscode.l10n.t("Cancel"),
      buttons: [overwrite],
    });
    if (chosen !== overwrite) return undefined;
    result = await bring(true);
  }
  const { folders, ...counts } = result;
  for (const each of counts.kept) log.warn(`Replaced; the old file was kept as ${each}`);
  const what = [
    vscode.l10n.t("{0} restored", filesWord(counts.restored)),
    ...(counts.replaced === 0 ? [] : [vscode.l10n.t("{0} replaced", formatNumber(counts.replaced))]),
    ...(counts.present === 0 ? [] : [vscode.l10n.t("{0} already present", formatNumber(counts.present))]),
  ].join(", ");
  const sentences = [
    vscode.l10n.t("{0}, {1}: {2}.", sessionsWord(counts.sessions), reportsWord(counts.reports), what),
    ...(counts.ownSettings ? [vscode.l10n.t("The folder’s existing deep-research.yaml was kept.")] : []),
  ];
  void showDone(sentences.join(" "), counts.reports > 0 ? folders.reports : folders.sessions, log);
  return counts;
}

async function pickBackup(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Deep Research: Restore"),
    openLabel: vscode.l10n.t("Restore"),
    defaultUri: folder.uri,
    filters: zip(),
  });
  return picked?.[0]?.fsPath;
}

const ToArchive = z.object({
  ids: z.array(z.string()).default([]),
  olderThan: z.number().int().nonnegative().nullable().default(null),
  keep: z.number().int().nonnegative().nullable().default(null),
});

/**
 * Archives the given sessions (`{ ids, olderThan, keep }`), or those that the user chooses.
 * @returns the result, or undefined if the user dismissed a pick
 */
export async function archiveOld(
  argument: unknown,
  log: vscode.LogOutputChannel,
): Promise<ArchiveResult | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const config = await loadWorkspaceConfig(folder, null);
  const sessions = config.settings.sessionStoragePath;
  const given = ToArchive.safeParse(argument);
  const chosen = given.success ? given.data : await chooseSessions(sessions, folder.name);
  if (chosen === undefined) return undefined;
  const result = await withCalmProgress(vscode.l10n.t("Deep Research: Archiving"), (signal, progress) =>
    archiveChosenSessions(config, chosen, {
      signal,
      onSession: (session, of) =>
        progress(vscode.l10n.t("session {0} of {1}", formatNumber(session), formatNumber(of))),
    }),
  );
  for (const { id, why } of result.skipped) log.warn(`Not archived: ${id}: ${formatMessage(why)}.`);
  const [first, ...more] = result.skipped;
  const archived = result.archived.length;
  const sentences = [
    archived === 1
      ? vscode.l10n.t("1 session archived.")
      : vscode.l10n.t("{0} sessions archived.", formatNumber(archived)),
  ];
  if (first !== undefined && more.length === 0) {
    sentences.push(vscode.l10n.t("1 session was skipped: {0}.", localizeText(first.why)));
  }
  if (more.length > 0) {
    sentences.push(
      vscode.l10n.t("{0} sessions were skipped; see the log.", formatNumber(result.skipped.length)),
    );
  }
  const shown = result.archived.length === 0 ? null : archiveFolder(sessions);
  void showDone(sentences.join(" "), shown, log);
  return result;
}

async function chooseSessions(sessions: string, folder: string): Promise<ArchiveSelection | undefined> {
  const here = (await listSessions(sessions)).filter(({ archived }) => archived !== true);
  if (here.length === 0)
    throw new WindowProblem("no-session", vscode.l10n.t("{0} has no sessions to archive.", folder));
  const rule = (label: string, olderThan: number | null, keep: number | null) => ({
    label,
    chosen: { ids: [], olderThan, keep },
  });
  const how = await pickOne(
    [
      rule(vscode.l10n.t("Older than 30 days"), 30, null),
      rule(vscode.l10n.t("Older than 90 days"), 90, null),
      rule(vscode.l10n.t("All but the newest 20"), null, 20),
      { label: vscode.l10n.t("Pick sessions…"), chosen: null },
    ],
    {
      title: vscode.l10n.t("Deep Research: Archive Sessions"),
      placeHolder: vscode.l10n.t(
        "Archived sessions stay in the list, and their reports can still be verified.",
      ),
    },
  );
  if (how === undefined) return undefined;
  if (how.chosen !== null) return how.chosen;
  const picked = await pickSeveral(
    here.map(({ id, question, status, started }) => ({
      label: question,
      description: describeState(status),
      detail: formatDateTime(started),
      id,
    })),
    {
      title: vscode.l10n.t("Deep Research: Select Sessions to Archive"),
      matchOnDescription: true,
    },
  );
  if (picked === undefined || picked.length === 0) return undefined;
  return { ids: picked.map(({ id }) => id), olderThan: null, keep: null };
}

/** Shows progress that can be cancelled, updated at most five times a second. */
function withCalmProgress<T>(
  title: string,
  work: (signal: AbortSignal, progress: (message: string) => void) => Promise<T>,
): Promise<T> {
  return Promise.resolve(
    withProgress(title, (signal, report) => {
      let shownAt = 0;
      return work(signal, (message) => {
        if (performance.now() - shownAt < 200) return;
        shownAt = performance.now();
        report(message);
      });
    }),
  );
}

/** Shows the result, with a button that reveals the file, or otherwise opens the log. */
async function showDone(message: string, file: string | null, log: vscode.LogOutputChannel): Promise<void> {
  log.info(message);
  const button = file === null ? vscode.l10n.t("Show Log") : vscode.l10n.t("Show in Folder");
  if ((await showInformation(message, button)) !== button) return;
  if (file === null) {
    log.show();
    return;
  }
  const uri = vscode.Uri.file(file);
  // A browser window has no file manager.
  await vscode.commands
    .executeCommand("revealFileInOS", uri)
    .then(undefined, () => vscode.commands.executeCommand("revealInExplorer", uri));
}

function sessionsWord(many: number): string {
  return many === 1 ? vscode.l10n.t("1 session") : vscode.l10n.t("{0} sessions", formatNumber(many));
}

function reportsWord(many: number): string {
  return many === 1 ? vscode.l10n.t("1 report") : vscode.l10n.t("{0} reports", formatNumber(many));
}

function filesWord(many: number): string {
  return many === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", formatNumber(many));
}
