import * as vscode from "vscode";
import type { RunResult } from "../../app/run-result.js";
import { listAnsweredSessions } from "../../app/sessions.js";
import { askForResearch, type EarlierSession } from "./ask-question.js";
import { isOwnArgument } from "../command-callers.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import type { ApiKeyStore } from "../api-key.js";
import { pickOne } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import type { RunController } from "./run-controller.js";
import { activeReport } from "../reports/verify-report.js";
import { chooseReport, assertTrusted, toSessionId, toUri } from "../reports/pick-report.js";
import { isUsableFolder } from "../virtual/virtual-paths.js";

/**
 * Asks a follow-up question on a session: the given one, that of the active report, or one that the user picks.
 * @param given question, depth and scope, as `research` takes them
 */
export async function askFollowUp(
  argument: unknown,
  given: unknown,
  context: vscode.ExtensionContext,
  runs: RunController,
  key: ApiKeyStore,
): Promise<RunResult | undefined> {
  assertTrusted();
  const earlier = await chooseEarlier(argument);
  if (earlier === undefined) return undefined;
  const asked = await askForResearch(context, key, given, isOwnArgument(given), "", earlier);
  return asked === undefined ? undefined : runs.start(asked);
}

async function chooseEarlier(argument: unknown): Promise<EarlierSession | undefined> {
  const title = vscode.l10n.t("Deep Research: Select a Session to Follow Up On");
  const id = toSessionId(argument);
  if (id === undefined && (toUri(argument) ?? activeReport()) !== undefined) {
    const report = await chooseReport(argument, title);
    return report === undefined
      ? undefined
      : { id: report.session, question: report.title, folder: report.folder };
  }
  const all = await listSessionsOfWindow();
  if (id !== undefined) {
    const found = all.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new WindowProblem("no-session", vscode.l10n.t("Session {0} has no answer to follow up on.", id));
  }
  if (all.length === 0) {
    throw new WindowProblem("no-session", vscode.l10n.t("There are no sessions to follow up on yet."));
  }
  const chosen = await pickOne(
    all.map((each) => ({ label: each.question, description: each.started, earlier: each })),
    { title, matchOnDescription: true },
  );
  return chosen?.earlier;
}

/** The sessions of all folders that have an answer, newest first. */
async function listSessionsOfWindow(): Promise<(EarlierSession & { started: string })[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isUsableFolder);
  const all = await Promise.all(
    folders.map(async (folder) => {
      const sessions = await listAnsweredSessions(await loadWorkspaceConfig(folder, null));
      return sessions.map(({ id, question, started }) => ({
        id,
        question,
        folder,
        started: started.slice(0, 10),
      }));
    }),
  );
  return all.flat().sort((a, b) => (a.id < b.id ? 1 : -1));
}
