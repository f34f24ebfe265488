import type { MarkdownIt } from "markdown-it";
import * as vscode from "vscode";
import type { Commands } from "./vscode/commands.js";
import { isInReportFolder } from "./vscode/preview-folder.js";

/*
 * VS Code's door. It only registers; everything else is a bundle of its own that is loaded when a
 * command first runs, so that a window which never researches pays nothing.
 */

/** What VS Code's Markdown preview asks for; also in a workspace that is not trusted. */
interface MarkdownPlugin {
  extendMarkdownIt: (md: MarkdownIt) => MarkdownIt;
}

/** What is read of our package.json: each command that it contributes is registered. */
interface Manifest {
  contributes: { commands: { command: keyof Commands }[] };
}

export function activate(context: vscode.ExtensionContext): MarkdownPlugin {
  let opened: Promise<Commands> | undefined;
  const commands = (): Promise<Commands> =>
    (opened ??= import("./vscode/main.js").then(({ openCommands }) => openCommands(context)));
  const { contributes } = context.extension.packageJSON as Manifest;
  for (const { command } of contributes.commands) {
    context.subscriptions.push(
      vscode.commands.registerCommand(command, async (...args: unknown[]) =>
        (await commands())[command](...args),
      ),
    );
  }
  return {
    extendMarkdownIt: (md) => {
      // The preview does not wait, so this bundle cannot come by import().
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { reportPreview } = require("./vscode/preview.js") as typeof import("./vscode/preview.js");
      return md.use(reportPreview(isInReportFolder, vscode.l10n));
    },
  };
}
