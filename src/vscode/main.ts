import * as vscode from "vscode";
import { isCancelled } from "../common/errors.js";
import { formatMessagesDeep } from "../common/messages.js";
import {
  isOwnCall,
  isOwnArgument,
  confirmForeignCall,
  trustAllCallers,
  commandTitle,
} from "./command-callers.js";
import { FOREIGN_CALL_POLICIES, type CommandId, type Commands } from "./command-ids.js";
import { showProblem } from "./errors.js";
import { archiveOld, backUp, restoreBackupInWindow } from "./maintenance/backup-commands.js";
import { createApiKeyStore } from "./api-key.js";
import { openServiceKeys, setServiceKey } from "./service-keys.js";
import { openLogChannel } from "./log-channel.js";
import { planCommands } from "./plan/commands.js";
import { createRunController } from "./runs/run-controller.js";
import { steeringCommands } from "./runs/steering-commands.js";
import { clearWorkspaceCache } from "./maintenance/clear-cache.js";
import { registerReportFeatures } from "./report-editor/register.js";
import { openLastReport } from "./reports/open-report.js";
import { getStarted, openSample, SAMPLE } from "./getting-started.js";
import { showReportView } from "./report-view/report-view.js";
import { refreshCommands } from "./refresh/commands.js";
import { showRefreshed } from "./refresh/review-refresh.js";
import { verifyReport } from "./reports/verify-report.js";
import { healthCommands } from "./health/commands.js";
import { statisticsCommands } from "./statistics/commands.js";
import { askForResearch, questionFromSelection } from "./runs/ask-question.js";
import { chosenSessions } from "./sessions-view/command-targets.js";
import type { TreeNode } from "./sessions-view/nodes.js";
import { sessionCommands } from "./sessions-view/commands.js";
import { verifySessions } from "./sessions-view/verify-sessions.js";
import { registerVirtualFolders, saveVirtualFolders } from "./virtual/virtual-folders.js";
import { createSessionsView, type TreeViewHandle } from "./sessions-view/sessions-view.js";

/** What the entry point uses. */
export interface ExtensionMain {
  /** By id. Handlers report their own problems and never reject. */
  commands: Commands;
  tree: vscode.TreeDataProvider<TreeNode>;
  /** Shows a report in the panel of its custom editor. */
  showReport: (document: vscode.TextDocument, panel: vscode.WebviewPanel) => void;
  /** Test hooks that replace user actions. */
  test: { trustAllCallers: (isSo: boolean) => void; takeKey: (typed: string) => Promise<boolean> };
}

/** Wires up commands and the view. Loaded when either is first used. */
export function activateMain(context: vscode.ExtensionContext, handle: TreeViewHandle): ExtensionMain {
  const log = openLogChannel();
  context.subscriptions.push(log);
  registerVirtualFolders(context, log);
  const key = createApiKeyStore(context.secrets);
  openServiceKeys(context.secrets);
  const runs = createRunController(context, key, log, (folder, session, result) =>
    showRefreshed(folder, session, result, log),
  );
  const view = createSessionsView(context, handle, runs, key);

  const features = registerReportFeatures(context, key, log);
  const ofSessions = sessionCommands(view, runs, log);
  const commands: Commands = {
    "deepResearch.research": async (argument) => {
      const asked = await askForResearch(context, key, argument, isOwnArgument(argument));
      return asked === undefined ? undefined : runs.start(asked);
    },
    "deepResearch.researchSelection": async () => {
      const question = questionFromSelection();
      const asked = await askForResearch(context, key, undefined, true, question);
      return asked === undefined ? undefined : runs.start(asked);
    },
    "deepResearch.setApiKey": () => key.set(),
    "deepResearch.removeApiKey": () => key.remove(),
    "deepResearch.setServiceKey": () => setServiceKey(),
    "deepResearch.openLastReport": () => openLastReport(),
    "deepResearch.verifyReport": (argument, selected) =>
      argument !== SAMPLE && chosenSessions(argument, selected).length > 0
        ? verifySessions(argument, selected, log, context.extensionUri)
        : verifyReport(argument, log, context.extensionUri),
    ...refreshCommands(context, runs, key),
    "deepResearch.cancel": (argument, selected) => runs.cancel(argument, selected),
    "deepResearch.finish": (argument, selected) => runs.finish(argument, selected),
    "deepResearch.clearCache": () => clearWorkspaceCache(),
    "deepResearch.resume": (argument) => runs.resume(argument),
    "deepResearch.backup": (argument) => backUp(argument, log),
    "deepResearch.restore": (argument) => restoreBackupInWindow(argument, log),
    "deepResearch.archive": (argument, selected) =>
      chosenSessions(argument, selected).length > 0
        ? ofSessions["deepResearch.archiveSession"](argument, selected)
        : archiveOld(argument, log),
    ...features.commands,
    ...planCommands(context, runs),
    ...steeringCommands(() => runs.steered()),
    "deepResearch.openSample": () => openSample(context.extensionUri),
    "deepResearch.getStarted": () => getStarted(),
    "deepResearch.showLog": () => {
      log.show();
      return Promise.resolve();
    },
    ...ofSessions,
    ...healthCommands(context, key, log),
    ...statisticsCommands(context),
  };
  const commandsWithErrors = Object.fromEntries(
    Object.entries(commands).map(([id, run]) => [
      id,
      async (...args: unknown[]) => {
        try {
          const result = await runIfAllowed(id as CommandId, run, args);
          await saveVirtualFolders();
          return formatMessagesDeep(result);
        } catch (error) {
          if (!isCancelled(error)) void showProblem(error, log);
          return undefined;
        }
      },
    ]),
  ) as Commands;
  return {
    commands: commandsWithErrors,
    tree: view.tree,
    showReport: (document, panel) =>
      showReportView(document, panel, {
        context,
        key,
        log,
        reports: features.reports,
        snapshots: features.snapshots,
      }),
    test: { trustAllCallers, takeKey: (typed) => key.take(typed) },
  };

  /** Runs a command if its arguments are ours or the user agrees. */
  async function runIfAllowed(id: CommandId, run: Commands[CommandId], args: unknown[]): Promise<unknown> {
    switch (FOREIGN_CALL_POLICIES[id]) {
      case "ignored":
        return run();
      case "refused":
        return isOwnArgument(args[0]) ? run(...args) : undefined;
      case "asked":
        return isOwnCall(args) || (await confirmForeignCall(commandTitle(context, id), args))
          ? run(...args)
          : undefined;
      case "shown":
      case "weighed":
        return run(...args);
    }
  }
}
