import * as vscode from "vscode";
import type { CommandId } from "./vscode/commands.js";

/*
 * VS Code's door. It only registers; everything else is a bundle of its own that is loaded when a
 * command first runs, so that a window which never researches pays nothing.
 */

const COMMANDS: CommandId[] = [
  "deepResearch.research",
  "deepResearch.researchSelection",
  "deepResearch.setApiKey",
  "deepResearch.removeApiKey",
  "deepResearch.openLastReport",
  "deepResearch.verifyReport",
  "deepResearch.cancel",
  "deepResearch.resume",
  "deepResearch.showLog",
];

export function activate(context: vscode.ExtensionContext): void {
  let opened: Promise<Record<CommandId, (argument?: unknown) => Promise<unknown>>> | undefined;
  const commands = (): NonNullable<typeof opened> =>
    (opened ??= import("./vscode/main.js").then(({ openCommands }) => openCommands(context)));
  for (const id of COMMANDS) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (argument?: unknown) => (await commands())[id](argument)),
    );
  }
}
