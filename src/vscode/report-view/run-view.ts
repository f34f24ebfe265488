import * as vscode from "vscode";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { isCancelled } from "../../common/errors.js";
import { markOwn } from "../command-callers.js";
import { showProblem } from "../errors.js";
import { formatEstimate } from "../l10n/format.js";
import { windowLocalizer } from "../l10n/localize.js";
import { describeDuration, describeSpend, describeStep } from "../l10n/session-words.js";
import { toPlainLabel } from "../plain-text.js";
import type { ActiveRun } from "../runs/active-runs.js";
import { createRunView, type RunEnd } from "./create-run-view.js";
import { openReportPage, type ReportPageHost } from "./report-page-host.js";
import { quietColumn } from "./view-column.js";
import type { PageMessage } from "./page-messages.js";

const RUN_VIEW = "deepResearch.run";
/** Maximum length of a tab's title, in characters. */
const LONGEST_TITLE = 40;

/** The view of a run in progress. */
export interface RunView {
  /** Where it stands, if the user can see it: its report may take its place. Else undefined. */
  visibleColumn(): vscode.ViewColumn | undefined;
  /** Whether it has the focus. */
  hasFocus(): boolean;
  /** Shows how the run ended without a report. The view stays open. */
  showEnd(end: RunEnd): void;
  dispose(): void;
}

/** Views of runs that ended without a report. The next run closes them. */
const ended = new Set<vscode.WebviewPanel>();

/** Shows a run while it goes on, without taking the focus. */
export function openRunView(
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
  run: ActiveRun,
  onDidChange: vscode.Event<ActiveRun>,
): RunView {
  for (const each of ended) each.dispose();
  const panel = vscode.window.createWebviewPanel(
    RUN_VIEW,
    tabTitle(run),
    { viewColumn: quietColumn(), preserveFocus: true },
    { enableScripts: true },
  );
  panel.iconPath = vscode.Uri.joinPath(extension, "media", "icon.png");
  const page = openReportPage(panel.webview, extension, log, (message) => receive(message));
  const added: string[] = [];
  const show = (end: RunEnd | null): void => {
    const { live } = run;
    page.send({
      type: "run",
      run: createRunView(live, {
        l10n: windowLocalizer,
        step: describeStep(live),
        facts: [describeSpend(live), describeDuration(live, new Date())],
        estimate: live.estimate === null ? "" : vscode.l10n.t("Estimate: {0}", formatEstimate(live.estimate)),
        added,
        canSteer:
          end === null && run.steering !== null && (live.phase === "planning" || live.phase === "gathering"),
        ended: end,
      }),
    });
  };
  const receive = async (message: PageMessage): Promise<void> => {
    try {
      if (message.type === "control") await control(message.name, run, page);
      if (message.type === "skip-question") await skipQuestion(message.id, run);
      if (message.type === "add-question" && (await addQuestion(message.question, run))) {
        added.push(collapseWhitespace(message.question));
        show(null);
        page.send({ type: "announcement", text: vscode.l10n.t("Added: {0}", message.question) });
      }
    } catch (error) {
      if (!isCancelled(error)) await showProblem(error, log);
    }
  };
  const listener = onDidChange((changed) => {
    if (changed === run && !ended.has(panel)) show(null);
  });
  let isOpen = true;
  panel.onDidDispose(() => {
    isOpen = false;
    ended.delete(panel);
    listener.dispose();
    page.dispose();
  });
  show(null);
  return {
    visibleColumn: () => (isOpen && panel.visible ? panel.viewColumn : undefined),
    hasFocus: () => isOpen && panel.active,
    showEnd: (end) => {
      if (!isOpen) return;
      ended.add(panel);
      show(end);
    },
    dispose: () => {
      if (isOpen) panel.dispose();
    },
  };
}

function tabTitle({ live }: ActiveRun): string {
  return toPlainLabel(live.question, LONGEST_TITLE);
}

async function control(
  name: Extract<PageMessage, { type: "control" }>["name"],
  { cancel, finish, session }: ActiveRun,
  page: ReportPageHost,
): Promise<void> {
  switch (name) {
    case "cancel":
      cancel.abort();
      page.send({ type: "announcement", text: vscode.l10n.t("Stopping. Everything found so far is kept.") });
      return;
    case "finish":
      finish.abort();
      page.send({
        type: "announcement",
        text: vscode.l10n.t("Finishing with a report of what has been found."),
      });
      return;
    case "resume":
      if (session !== null)
        await vscode.commands.executeCommand("deepResearch.resumeSession", markOwn({ session }));
      return;
    case "research":
      await vscode.commands.executeCommand("deepResearch.research");
  }
}

/** @returns whether the run takes it */
async function addQuestion(question: string, { session }: ActiveRun): Promise<boolean> {
  if (session === null) return false;
  return (
    (await vscode.commands.executeCommand("deepResearch.addQuestion", markOwn({ session, question }))) ===
    true
  );
}

async function skipQuestion(question: string, { session }: ActiveRun): Promise<void> {
  if (session === null) return;
  await vscode.commands.executeCommand("deepResearch.skipQuestion", markOwn({ session, question }));
}
