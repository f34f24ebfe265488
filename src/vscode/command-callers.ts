import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { CommandId } from "./command-ids.js";
import { askModal } from "./show-messages.js";

/*
 * Who called a command. VS Code does not say: a link in somebody's Markdown, a key binding, a task and another
 * extension call as our own rows and buttons do. Those of this window hand over the very objects that we made, which
 * nobody else can name, or the token of this window, which nobody can guess.
 */

const made = new WeakSet<object>();
const TOKEN = randomUUID();
let isEverybodyUs = false;

/** Marks an argument that our own rows, lenses or buttons hand to a command. */
export function markOwn<T extends object>(argument: T): T {
  made.add(argument);
  return argument;
}

/** What a link in a tooltip of ours hands over: its arguments travel as text. */
export function createOwnLink(session: string): { session: string; from: string } {
  return { session, from: TOKEN };
}

/** For tests, which call commands in the place of a user's clicks. */
export function trustAllCallers(isSo: boolean): void {
  isEverybodyUs = isSo;
}

/** Whether what a command was called with is nothing, is ours, or is what the user has before their eyes. */
export function isOwnCall([first, second]: readonly unknown[]): boolean {
  const given = [first, ...(Array.isArray(second) ? (second as unknown[]) : [])];
  return isEverybodyUs || given.every((each) => each == null || isOwnArgument(each) || isActive(each));
}

/** Whether an argument is an object of this window's own making. */
export function isOwnArgument(argument: unknown): boolean {
  if (isEverybodyUs) return true;
  if (typeof argument !== "object" || argument === null) return false;
  return made.has(argument) || ("from" in argument && argument.from === TOKEN);
}

/** Whether an argument is the document in front, as the buttons of an editor's title hand it over. */
function isActive(argument: unknown): boolean {
  if (!(argument instanceof vscode.Uri)) return false;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown =
    input instanceof vscode.TabInputText
      ? [input.uri]
      : input instanceof vscode.TabInputTextDiff
        ? [input.original, input.modified]
        : [];
  return shown.some((each) => each.toString() === argument.toString());
}

/** Asks whether a command shall do what it was called for. @param title as the palette has it */
export async function confirmForeignCall(title: string, args: readonly unknown[]): Promise<boolean> {
  const go = vscode.l10n.t("Continue");
  const chosen = await askModal({
    message: vscode.l10n.t("Allow Deep Research to run this command? {0}", title),
    detail: [
      vscode.l10n.t("A link, a keyboard shortcut or another extension requested it, with: {0}", said(args)),
      vscode.l10n.t("Continue only if you intended this."),
    ].join("\n\n"),
    safe: vscode.l10n.t("Cancel"),
    buttons: [go],
  });
  return chosen === go;
}

function said(args: readonly unknown[]): string {
  try {
    return JSON.stringify(args.length === 1 ? args[0] : args);
  } catch {
    return "…";
  }
}

/** A command's title in the window's language. */
export function commandTitle(context: vscode.ExtensionContext, id: CommandId): string {
  const { contributes } = context.extension.packageJSON as {
    contributes: { commands: { command: string; title: string }[] };
  };
  return contributes.commands.find(({ command }) => command === id)?.title ?? id;
}
