import type { Scope } from "../../core/domain/research-request.js";
import { isRemoteProvider, providerName } from "../../app/model-providers.js";
import * as vscode from "vscode";
import type { ForeignSession } from "../../app/types.js";
import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { askModal } from "../show-messages.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/** Number of pages to list; beyond that, only the count is shown. */
const NAMED = 5;
const LONGEST = 200;

/**
 * Asks whether to continue a session that was started elsewhere. Texts from the session appear only in the
 * detail, which VS Code shows as plain text.
 */
export async function confirmForeignSessionInWindow({
  question,
  engine,
  scope,
  pages,
}: ForeignSession): Promise<boolean> {
  const go = vscode.l10n.t("Continue");
  const words: Record<Scope, string> = {
    workspace: vscode.l10n.t("this workspace"),
    packages: vscode.l10n.t("installed packages"),
    history: vscode.l10n.t("its git history"),
    web: vscode.l10n.t("the web"),
    google: vscode.l10n.t("Google Search"),
  };
  const searched = scope.map((each) => words[each]);
  const detail = [
    vscode.l10n.t("Question: {0}", plain(question)),
    isRemoteProvider(engine)
      ? vscode.l10n.t("It will be sent to {0}, using your key.", providerName(engine))
      : vscode.l10n.t("It is answered by the offline engine."),
    ...(searched.length === 0 ? [] : [vscode.l10n.t("Sources: {0}", searched.join(", "))]),
    ...pages.slice(0, NAMED).map((page) => vscode.l10n.t("Page: {0}", plain(page))),
    ...(pages.length > NAMED ? [vscode.l10n.t("and {0} more pages", pages.length - NAMED)] : []),
  ].join("\n");
  const chosen = await askModal({
    message: vscode.l10n.t("This session was not started on this machine. Continue it?"),
    detail,
    safe: vscode.l10n.t("Cancel"),
    buttons: [go],
  });
  return chosen === go;
}

/** Untrusted text as one line of limited length. */
function plain(text: string): string {
  const line = collapseWhitespace(removeInvisibleCharacters(text).text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
