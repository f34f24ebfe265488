import * as vscode from "vscode";
import * as z from "zod";
import { findSession } from "../../app/sessions.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { showWarning } from "../show-messages.js";
import type { ActiveRun } from "./active-runs.js";

/*
 * Runs that a reload or a crash of the window interrupted. The window remembers the runs that it has under way; what is still
 * remembered when it starts again did not end.
 */

const NAME = "deepResearch.runs";
const Remembered = z.array(z.object({ folder: z.string(), session: z.string() }));

/** Remembers the runs of this window. */
export function rememberRuns(
  state: vscode.Memento,
  list: () => readonly ActiveRun[],
  onDidChange: vscode.Event<ActiveRun>,
): vscode.Disposable {
  let known = "";
  return onDidChange(() => {
    const runs = list().flatMap(({ folder, session }) =>
      session === null ? [] : [{ folder: folder.uri.toString(), session }],
    );
    const now = JSON.stringify(runs);
    if (now === known) return;
    known = now;
    void state.update(NAME, runs.length === 0 ? undefined : runs);
  });
}

/** Offers to resume the runs that this window had under way when it was closed. */
export async function offerInterruptedRuns(
  state: vscode.Memento,
  resume: (session: string) => Promise<unknown>,
): Promise<void> {
  const remembered = Remembered.safeParse(state.get(NAME)).data ?? [];
  if (remembered.length === 0) return;
  await state.update(NAME, undefined);
  const found = await Promise.all(
    remembered.map(async ({ folder: uri, session }) => {
      const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.toString() === uri);
      if (folder === undefined) return null;
      const { settings } = await loadWorkspaceConfig(folder, null);
      return findSession(settings.sessionStoragePath, session);
    }),
  );
  // A window that closes in time cancels its runs itself.
  const interrupted = found
    .filter((each) => each !== null)
    .filter(({ status }) => status === "interrupted" || status === "cancelled");
  const [first] = interrupted;
  if (first === undefined) return;
  const button = interrupted.length === 1 ? vscode.l10n.t("Resume") : vscode.l10n.t("Show Sessions");
  const message =
    interrupted.length === 1
      ? vscode.l10n.t("A run was interrupted: “{0}” Everything found so far is kept.", first.question)
      : vscode.l10n.t("{0} runs were interrupted. Everything found so far is kept.", interrupted.length);
  if ((await showWarning(message, button)) !== button) return;
  if (interrupted.length === 1) await resume(first.id);
  else await vscode.commands.executeCommand("deepResearch.showSession");
}
