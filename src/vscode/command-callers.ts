import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { CommandId } from "./command-ids.js";
import { askModal } from "./show-messages.js";

/*
 * Tells calls of our own UI from others. VS Code does not say who called a command: a link in a Markdown file,
 * a keyboard shortcut, a task and another extension call it in the same way as our tree rows and buttons. Our
 * own calls pass either objects that this window created, which no one else can reference, or this window's
 * random token.
 */

const ownArguments = new WeakSet<object>();
const TOKEN = randomUUID();
let trustsAllCallers = false;

/** Marks an argument that our own rows, code lenses or buttons pass to a command. */
export function markOwn<T extends object>(argument: T): T {
  ownArguments.add(argument);
  return argument;
}

/** The argument of links in our tooltips. Such arguments are serialized, so they carry the token. */
export function createOwnLink(session: string): { session: string; from: string } {
  return { session, from: TOKEN };
}

/** For tests, which call commands in place of user clicks. */
export function trustAllCallers(isSo: boolean): void {
  trustsAllCallers = isSo;
}

/** Whether all arguments of a call are absent, ours, or the document that the user is looking at. */
export function isOwnCall([first, second]: readonly unknown[]): boolean {
  const given = [first, ...(Array.isArray(second) ? (second as unknown[]) : [])];
  return trustsAllCallers || given.every((each) => each == null || isOwnArgument(each) || isActive(each));
}

/** Whether an argument was created by this window. */
export function isOwnArgument(argument: unknown): boolean {
  if (trustsAllCallers) return true;
  if (typeof argument !== "object" || argument === null) return false;
  return ownArguments.has(argument) || ("from" in argument && argument.from === TOKEN);
}

/** Whether an argument is the active document, as the buttons in the editor title pass it. */
function isActive(argument: unknown): boolean {
  if (!(argument instanceof vscode.Uri)) return false;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
      ? [input.uri]
      : input instanceof vscode.TabInputTextDiff
        ? [input.original, input.modified]
        : [];
  return shown.some((each) => each.toString() === argument.toString());
}

/**
 * Asks the user whether to run a command that something else requested.
 * @param title as the palette shows it
 */
export async function confirmForeignCall(title: string, args: readonly unknown[]): Promise<boolean> {
  const proceed = vscode.l10n.t("Continue");
  const chosen = await askModal({
    message: vscode.l10n.t("Allow Deep Research to run this command? {0}", title),
    detail: [
      vscode.l10n.t(
        "The request came from a link, a keyboard shortcut or another extension. Arguments: {0}",
        formatArguments(args),
      ),
      vscode.l10n.t("Continue only if you intended this."),
    ].join("\n\n"),
    safe: vscode.l10n.t("Cancel"),
    buttons: [proceed],
  });
  return chosen === proceed;
}

function formatArguments(args: readonly unknown[]): string {
  try {
    return JSON.stringify(args.length === 1 ? args[0] : args);
  } catch {
    return "…";
  }
}

export function commandTitle(context: vscode.ExtensionContext, id: CommandId): string {
  const { contributes } = context.extension.packageJSON as {
    contributes: { commands: { command: string; title: string }[] };
  };
  return contributes.commands.find(({ command }) => command === id)?.title ?? id;
}
