import * as vscode from "vscode";
import * as z from "zod";
import type { ListedSession } from "../../app/sessions.js";
import type { EngineConfig } from "../../app/types.js";
import { askModal } from "../show-messages.js";

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
  const left = vscode.l10n.t(
    "The cache of pages and answers (“Clear Cache”), backups, and what git has are not deleted.",
  );
  const question = { message, detail: `${what}\n${where}\n${left}`, safe: vscode.l10n.t("Cancel") };
  if (toRemove.every((each) => each.listed.report === null)) {
    const remove = hasTrash ? vscode.l10n.t("Move to Trash") : vscode.l10n.t("Delete Permanently");
    return (await askModal({ ...question, buttons: [remove] })) === remove ? "keep" : undefined;
  }
  const both = vscode.l10n.t("Delete Session and Report");
  const keep = vscode.l10n.t("Delete Session, Keep Report");
  const chosen = await askModal({ ...question, buttons: [both, keep] });
  return chosen === both ? "delete" : chosen === keep ? "keep" : undefined;
}

/** Remote systems have no trash, and users can disable it. */
function canTrash(): boolean {
  const isOn = vscode.workspace.getConfiguration("files").get<boolean>("enableTrash") ?? true;
  return isOn && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
}

/** Removes a file or a folder, using the trash if available. */
export async function deleteToTrash(path: string): Promise<void> {
  await vscode.workspace.fs.delete(vscode.Uri.file(path), { recursive: true, useTrash: canTrash() });
}
