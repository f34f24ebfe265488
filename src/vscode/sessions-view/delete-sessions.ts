import { rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { trustedRoot } from "../../common/real-folder.js";
import type { EngineConfig } from "../../app/types.js";
import { resolveReportPath } from "../../storage/reports/report-path.js";
import { askModal } from "../show-messages.js";
import { ResearchError } from "../../common/errors.js";
import { archiveZipPath, archiveListingPath } from "../../storage/archive/archived-sessions.js";
import { assertRealFolder } from "../../common/files.js";
import { listSession, listSessions } from "../../storage/sessions/list-sessions.js";
import type { ListedSession } from "../../storage/sessions/session-summary.js";
import { isRunning } from "../../storage/sessions/session-lock.js";
import { resolveSessionFolder } from "../../storage/sessions/session.js";

/** Whether the report is deleted together with its session. */
const Report = z.enum(["delete", "keep"]);
type Report = z.infer<typeof Report>;
/** What a test or a keyboard shortcut passes instead of answering the dialog. */
export const DeleteAnswer = z.object({ session: z.string(), report: Report });

/** A session to delete, and its location. */
export interface SessionToDelete {
  config: EngineConfig;
  listed: ListedSession;
}

/** Looks up sessions to delete. @throws ResearchError if one is running */
export async function findSessionsToDelete(sessions: string, ids: string[]): Promise<ListedSession[]> {
  const here = await Promise.all(ids.map((id) => listSession(sessions, id)));
  const found = here.includes(null)
    ? (await listSessions(sessions)).filter(({ id }) => ids.includes(id))
    : here.filter((each) => each !== null);
  for (const { id, archived, question } of found) {
    if (archived !== true && (await isRunning(resolveSessionFolder(sessions, id)))) {
      throw new ResearchError(
        "session-running",
        vscode.l10n.t("“{0}” is running, so it cannot be deleted.", question),
        vscode.l10n.t("Cancel it first."),
      );
    }
  }
  return found;
}

/**
 * Asks once whether to delete sessions, and their reports too.
 * @returns undefined if the user cancelled
 */
export async function confirmDelete(toRemove: SessionToDelete[]): Promise<Report | undefined> {
  const [first] = toRemove;
  if (first === undefined) return undefined;
  const hasTrash = canTrash();
  const { listed } = first;
  const message =
    toRemove.length === 1
      ? vscode.l10n.t("Delete the session “{0}”?", listed.name ?? listed.question)
      : vscode.l10n.t("Delete {0} sessions?", toRemove.length);
  const what = vscode.l10n.t(
    "This also deletes its journal and the snapshots that its report is checked against.",
  );
  const where = hasTrash
    ? vscode.l10n.t("You can restore it from the trash.")
    : vscode.l10n.t("There is no trash here, so this cannot be undone.");
  const question = { message, detail: `${what}\n${where}`, safe: vscode.l10n.t("Cancel") };
  if (toRemove.every((each) => each.listed.report === null)) {
    const remove = hasTrash ? vscode.l10n.t("Move to Trash") : vscode.l10n.t("Delete Permanently");
    return (await askModal({ ...question, buttons: [remove] })) === remove ? "keep" : undefined;
  }
  const both = vscode.l10n.t("Delete Session and Report");
  const keep = vscode.l10n.t("Delete Session, Keep Report");
  const chosen = await askModal({ ...question, buttons: [both, keep] });
  return chosen === both ? "delete" : chosen === keep ? "keep" : undefined;
}

/** Deletes sessions, using the trash if available. */
export async function deleteSessions(toRemove: SessionToDelete[], report: Report): Promise<void> {
  for (const { config, listed } of toRemove) {
    const sessions = config.settings.sessionStoragePath;
    const { id } = listed;
    await assertRealFolder(
      trustedRoot(sessions, config.workspace),
      path.dirname(archiveZipPath(sessions, id)),
    );
    await assertRealFolder(sessions, resolveSessionFolder(sessions, id));
    // Delete the archive first, even if a folder exists: if it stayed, the session would reappear.
    await discardIfThere(vscode.Uri.file(archiveZipPath(sessions, id)));
    await rm(archiveListingPath(sessions, id), { force: true });
    if (listed.archived !== true) await discard(vscode.Uri.file(resolveSessionFolder(sessions, id)));
    if (report !== "delete" || listed.report === null) continue;
    // The report path comes from the journal, which is untrusted.
    const file = await resolveReportPath(config, listed.report).catch(() => null);
    if (file !== null) await discardIfThere(vscode.Uri.file(file));
  }
}

/** Remote systems have no trash, and users can disable it. */
function canTrash(): boolean {
  const isOn = vscode.workspace.getConfiguration("files").get<boolean>("enableTrash") ?? true;
  return isOn && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
}

async function discardIfThere(uri: vscode.Uri): Promise<void> {
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (exists) await discard(uri);
}

async function discard(uri: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: canTrash() });
}
