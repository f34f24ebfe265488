import * as vscode from "vscode";
import { isCancelled } from "../research/errors.js";
import type { Commands } from "./commands.js";
import { showProblem } from "./problems.js";
import { archiveOld, backUp, restoreBackup } from "./keeping.js";
import { openKey } from "./key.js";
import { openRuns } from "./runs.js";
import { clearWorkspaceCache } from "./cache.js";
import { openLastReport } from "./reports.js";
import { getStarted, openSample } from "./sample.js";
import { verifyReport } from "./verify.js";
import { askForResearch, questionFromSelection } from "./ask.js";

/**
 * What each command does, wired by hand. Loaded when a command first runs.
 * @returns the commands by id; each tells its own problems and never rejects
 */
export function openCommands(context: vscode.ExtensionContext): Commands {
  const log = vscode.window.createOutputChannel("Deep Research", { log: true });
  context.subscriptions.push(log);
  const key = openKey(context.secrets);
  const runs = openRuns(context, key, log);

  const commands: Commands = {
    "deepResearch.research": async (argument) => {
      const asked = await askForResearch(context, await key.get(), argument);
      return asked === undefined ? undefined : runs.start(asked);
    },
    "deepResearch.researchSelection": async () => {
      const question = questionFromSelection();
      const asked = await askForResearch(context, await key.get(), undefined, question);
      return asked === undefined ? undefined : runs.start(asked);
    },
    "deepResearch.setApiKey": (argument) => key.set(argument),
    "deepResearch.removeApiKey": () => key.remove(),
    "deepResearch.openLastReport": () => openLastReport(),
    "deepResearch.verifyReport": (argument) => verifyReport(argument, log, context.extensionUri),
    "deepResearch.cancel": (argument) => runs.cancel(argument),
    "deepResearch.finish": (argument) => runs.finish(argument),
    "deepResearch.clearCache": () => clearWorkspaceCache(),
    "deepResearch.resume": (argument) => runs.resume(argument),
    "deepResearch.backup": (argument) => backUp(argument, log),
    "deepResearch.restore": (argument) => restoreBackup(argument, log),
    "deepResearch.archive": (argument) => archiveOld(argument, log),
    "deepResearch.openSample": () => openSample(context.extensionUri),
    "deepResearch.getStarted": () => getStarted(),
    "deepResearch.showLog": () => {
      log.show();
      return Promise.resolve();
    },
  };
  return Object.fromEntries(
    Object.entries(commands).map(([id, run]) => [
      id,
      async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          if (!isCancelled(error)) void showProblem(error, log);
          return undefined;
        }
      },
    ]),
  ) as Commands;
}
