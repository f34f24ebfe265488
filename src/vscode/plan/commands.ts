import * as vscode from "vscode";
import * as z from "zod";
import type { RunResult } from "../../app/run-result.js";
import { PLAN_FILE_NAME, readWaitingPlan } from "../../app/plan-file.js";
import { listSessions } from "../../app/sessions.js";
import { isPlanProblem } from "../../core/pipeline/plan-document.js";
import type { Commands } from "../command-ids.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { showInformation, pickOne, showWarning } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import type { RunController } from "../runs/run-controller.js";
import {
  closeEditors,
  isPlan,
  findPendingPlan,
  planUri,
  showPlan,
  findTabs,
  type PendingPlan,
} from "./plan-editor.js";
import { formatDateTime } from "../l10n/format.js";
import { PlanCodeLensProvider } from "./code-lens-provider.js";
import { describePlanProblem } from "./messages.js";

/* Pending plans: opening, running, and reminding when their editor is closed. */

type PlanCommands = Pick<Commands, "deepResearch.runPlan" | "deepResearch.openPlan">;

const Session = z.union([z.string(), z.object({ session: z.string() }).transform(({ session }) => session)]);

/** Milliseconds in which an editor that moves to another group reappears. */
const MOVES = 300;

export function planCommands(context: vscode.ExtensionContext, runs: RunController): PlanCommands {
  /** Sessions for which this window has already shown the reminder. */
  const reminded = new Set<string>();
  context.subscriptions.push(
    vscode.languages.registerCodeLensProvider(
      { scheme: "file", pattern: `**/${PLAN_FILE_NAME}` },
      new PlanCodeLensProvider(),
    ),
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) {
        if (!(input instanceof vscode.TabInputText) || !isPlan(input.uri)) continue;
        const { uri } = input;
        setTimeout(() => void remind(uri), MOVES);
      }
    }),
  );
  return {
    "deepResearch.openPlan": async (argument) => {
      const plan = await choosePlan(argument);
      if (plan !== undefined) await showPlan(plan.uri);
    },
    "deepResearch.runPlan": async (argument) => {
      const plan = await choosePlan(argument);
      return plan === undefined ? undefined : run(plan);
    },
  };

  /** Runs the plan in its editor. If it is not valid, the editor stays open and shows why. */
  async function run({ folder, session, uri }: PendingPlan): Promise<RunResult | undefined> {
    const config = await loadWorkspaceConfig(folder, null);
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    const read = await readWaitingPlan(config, session, document?.getText());
    if (isPlanProblem(read)) {
      void complain(describePlanProblem(read), uri);
      return undefined;
    }
    if (document?.isDirty === true) await document.save();
    reminded.add(session);
    await closeEditors(uri);
    return runs.runPlan(folder, session);
  }

  async function complain(message: string, uri: vscode.Uri): Promise<void> {
    const open = vscode.l10n.t("Open Plan");
    if ((await showWarning(message, open)) === open) await showPlan(uri);
  }

  /** Reminds the user once about a pending plan whose editor was closed. */
  async function remind(uri: vscode.Uri): Promise<void> {
    const plan = await findPendingPlan(uri).catch(() => undefined);
    if (plan === undefined || reminded.has(plan.session) || findTabs(uri).length > 0) return;
    const exists = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!exists) return;
    reminded.add(plan.session);
    const open = vscode.l10n.t("Open Plan");
    const message = vscode.l10n.t(
      "The plan is saved, and no research has started yet. You can run it at any time.",
    );
    if ((await showInformation(message, open)) === open) await showPlan(uri);
  }
}

/** Finds the plan by the given session or document, the active editor, or a pick. */
async function choosePlan(argument: unknown): Promise<PendingPlan | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const uri = argument instanceof vscode.Uri ? argument : undefined;
  const given = Session.safeParse(argument);
  const found = uri ?? (given.success || active === undefined ? undefined : active);
  const plan = found === undefined ? undefined : await findPendingPlan(found);
  if (plan !== undefined) return plan;

  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const config = await loadWorkspaceConfig(folder, null);
  const all = await listSessions(config.settings.sessionStoragePath);
  const waiting = all.filter(({ status }) => status === "planned");
  const toPendingPlan = (session: string): PendingPlan => ({
    folder,
    session,
    uri: planUri(config, session),
  });
  if (given.success && waiting.some(({ id }) => id === given.data)) return toPendingPlan(given.data);
  if (given.success || waiting.length === 0) {
    throw new WindowProblem("no-session", vscode.l10n.t("{0} has no plans waiting to be run.", folder.name));
  }
  const chosen = await pickOne(
    waiting.map(({ id, question, name, started }) => ({
      label: name ?? question,
      detail: formatDateTime(started),
      id,
    })),
    { title: vscode.l10n.t("Deep Research: Pending Plans") },
  );
  return chosen === undefined ? undefined : toPendingPlan(chosen.id);
}
