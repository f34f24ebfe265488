import type { MarkdownIt } from "markdown-it";
import * as vscode from "vscode";
import type { CommandId } from "./vscode/commands.js";
import { isInReportFolder } from "./vscode/preview-folder.js";

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
  "deepResearch.finish",
  "deepResearch.resume",
  "deepResearch.clearCache",
  "deepResearch.backup",
  "deepResearch.restore",
  "deepResearch.archive",
  "deepResearch.showLog",
];

/** What VS Code's Markdown preview asks for; also in a workspace that is not trusted. */
interface MarkdownPlugin {
  extendMarkdownIt: (md: MarkdownIt) => MarkdownIt;
}

export function activate(context: vscode.ExtensionContext): MarkdownPlugin {
  let opened: Promise<Record<CommandId, (argument?: unknown) => Promise<unknown>>> | undefined;
  const commands = (): NonNullable<typeof opened> =>
    (opened ??= import("./vscode/main.js").then(({ openCommands }) => openCommands(context)));
  for (const id of COMMANDS) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (argument?: unknown) => (await commands())[id](argument)),
    );
  }
  return {
    extendMarkdownIt: (md) => {
      // The preview does not wait, so this bundle cannot come by import().
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { reportPreview } = require("./vscode/preview.js") as typeof import("./vscode/preview.js");
      return md.use(reportPreview(isInReportFolder));
    },
  };
}
