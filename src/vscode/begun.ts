import * as vscode from "vscode";
import type { Header } from "../sessions/journal-lines.js";
import { ask } from "./messages.js";

/*
 * Which sessions were begun here. A session may come with a folder from anybody, and its journal says which engine
 * goes on with it, what of the workspace it may send, and that its cost was approved. None of that binds the user.
 */

const NAME = "sessions";
/** Sessions that are remembered. */
const KEPT = 2000;

/** The sessions that this VS Code began, or that its user took on. Kept by VS Code, never in a workspace. */
export interface Begun {
  has(workspace: string, session: string): boolean;
  add(workspace: string, session: string): void;
}

export function openBegun({ globalState }: vscode.ExtensionContext): Begun {
  const all = (): string[] => {
    const kept: unknown = globalState.get(NAME);
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  };
  const keyOf = (workspace: string, session: string): string => `${session} ${workspace}`;
  return {
    has: (workspace, session) => all().includes(keyOf(workspace, session)),
    add: (workspace, session) => {
      const key = keyOf(workspace, session);
      void globalState.update(NAME, [...all().filter((each) => each !== key), key].slice(-KEPT));
    },
  };
}

/** Asks whether a session of somebody else's shall go on with the user's key. */
export async function mayGoOn({ question, scope }: Header): Promise<boolean> {
  const go = vscode.l10n.t("Go On with Gemini");
  const sent = scope.includes("workspace")
    ? vscode.l10n.t("Passages of this folder’s files and your questions go to Google, at your cost.")
    : vscode.l10n.t("Your questions go to Google, at your cost.");
  const chosen = await ask({
    message: vscode.l10n.t(
      "This research was not begun in this VS Code. Shall it go on with your Gemini key?",
    ),
    detail: [question, sent].join("\n\n"),
    safe: vscode.l10n.t("Leave It"),
    buttons: [go],
  });
  return chosen === go;
}
