import { formatMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import type { EngineConfig, RunCallbacks } from "../../app/types.js";
import type { RefreshResult, RunResult } from "../../app/run-result.js";
import { resumeResearch, startResearch } from "../../app/run-session.js";
import { startFollowUp } from "../../app/start-follow-up.js";
import { openLog, type LogRecord } from "../../app/log.js";
import { logEvents } from "../../app/event-log.js";
import type { Estimate } from "../../core/domain/estimate.js";
import { describeEstimate } from "../../core/pipeline/estimate.js";
import { isCancelled } from "../../common/errors.js";
import { redact } from "../../common/redact.js";
import type { ResearchEvent } from "../../core/domain/events.js";
import { hasWaitingPlan, openWaitingPlan } from "../../app/plan-file.js";
import { listSessions, readSessionOverview } from "../../app/sessions.js";
import { confirmForeignSessionInWindow } from "./confirm-foreign-session.js";
import type { WindowResearch } from "./ask-question.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import type { ApiKeyStore } from "../api-key.js";
import { askModal, showInformation, pickOne } from "../show-messages.js";
import { showRunResult, type NotificationAction } from "./show-result.js";
import { clarifyInWindow } from "../plan/clarify-question.js";
import { planUri, reviewLater, showPlan } from "../plan/plan-editor.js";
import { showProblem, WindowProblem } from "../errors.js";
import { openReport } from "../reports/open-report.js";
import { openRunView, type RunView } from "../report-view/run-view.js";
import { ActiveRuns, type ActiveRun } from "./active-runs.js";
import { offerGithubAccount } from "../service-keys.js";
import { askGitChoice } from "./ask-git-choice.js";
import { offerInterruptedRuns, rememberRuns } from "./interrupted-runs.js";
import { setSessionContext } from "../session-context.js";
import { createStatusBarItem } from "./status-bar.js";
import { showSteeringResult, type SteeredRun } from "./steering-commands.js";
import { localizeText } from "../l10n/localize.js";
import { chosenSession, chosenSessions } from "../sessions-view/command-targets.js";
import { describeDay, describeStep, describeSpend, describeState } from "../l10n/session-words.js";
import { saveVirtualFolder, saveVirtualFolderSoon } from "../virtual/virtual-folders.js";

/** A run to start, and its folder. */
interface RunRequest {
  config: EngineConfig;
  folder: vscode.WorkspaceFolder;
  /** The question, for display. */
  question: string;
  /** The session's id, if it is known before the start. */
  session?: string;
  /** The action to offer if the daily quota is used up. */
  offline?: NotificationAction;
  /** How to review the plan first, if requested. */
  review?: RunCallbacks["review"];
  /** Answers to clarifying questions, in order; if set, the user is not asked. */
  answers?: string[] | undefined;
}

export interface RunController {
  start(asked: WindowResearch): Promise<RunResult>;
  /** Resumes the given session (an id or a node of the view), or one that the user picks. */
  resume(argument?: unknown): Promise<RunResult | undefined>;
  /** Cancels the runs of the given sessions, the only run, or the one that the user picks. */
  cancel(argument?: unknown, selected?: unknown): Promise<void>;
  /** Finishes runs, chosen in the same way, with a report of what has been found. */
  finish(argument?: unknown, selected?: unknown): Promise<void>;
  /** Runs what `begin` starts, with progress that can be cancelled, and shows the result. */
  run(what: RunRequest, begin: (watch: RunCallbacks) => Promise<RunResult>): Promise<RunResult>;
  /** Runs the plan of a session that is waiting for it. */
  runPlan(folder: vscode.WorkspaceFolder, session: string): Promise<RunResult>;
  /** The runs that can be changed while they are in progress. */
  steered(): SteeredRun[];
  list(): readonly ActiveRun[];
  /** A run started, progressed or ended. */
  readonly onDidChange: vscode.Event<ActiveRun>;
}

/** @param showRefreshed shows the result of a refresh, whose session is given */
export function createRunController(
  context: vscode.ExtensionContext,
  key: ApiKeyStore,
  log: vscode.LogOutputChannel,
  showRefreshed: (folder: vscode.Uri, session: string, result: RefreshResult) => Promise<void>,
): RunController {
  const here = new ActiveRuns();
  context.subscriptions.push(
    here,
    createStatusBarItem(here),
    rememberRuns(context.workspaceState, () => here.list(), here.onDidChange),
  );
  offerInterruptedRuns(context.workspaceState, resume).catch((error: unknown) =>
    isCancelled(error) ? undefined : showProblem(error, log),
  );
  return {
    ...{ start, resume, runPlan: goOn, steered, cancel, finish, run },
    list: () => here.list(),
    onDidChange: here.onDidChange,
  };

  async function start(asked: WindowResearch): Promise<RunResult> {
    const { folder, config, request, plan, answers } = asked;
    const { question, follows } = request;
    const offline = {
      title: vscode.l10n.t("Research Offline"),
      run: () =>
        start({
          ...asked,
          config: { ...config, key: null },
          request: { ...request, scope: ["workspace"], pages: [] },
        }),
    };
    const review = (plan ?? config.settings.reviewPlan) ? { review: reviewLater } : {};
    return run({ config, folder, question, offline, answers, ...review }, (watch) =>
      follows === undefined
        ? startResearch(config, request, watch)
        : startFollowUp(config, { ...request, follows }, watch),
    );
  }

  async function resume(argument?: unknown): Promise<RunResult | undefined> {
    const given = chosenSession(argument);
    const folder = await chooseFolder(given?.folder);
    if (folder === undefined) return undefined;
    const config = await loadWorkspaceConfig(folder, null);
    const id = given?.id ?? (await pickSession(config.settings.sessionStoragePath, folder.name));
    if (id === undefined) return undefined;
    const { signal } = new AbortController();
    // A plan that was never run is reviewed first.
    if (await openWaitingPlan(config, id, { signal, listen: logNotice })) {
      await showPlan(planUri(config, id));
      return undefined;
    }
    return goOn(folder, id);
  }

  async function goOn(folder: vscode.WorkspaceFolder, id: string): Promise<RunResult> {
    const withoutKey = await loadWorkspaceConfig(folder, null);
    const { question, isOffline, isBegun } = await readSessionOverview(withoutKey, id);
    const config = { ...withoutKey, key: isOffline ? null : await key.get() };
    const isReviewed = config.settings.reviewPlan && !isBegun && !hasWaitingPlan(config, id);
    const review = isReviewed ? { review: reviewLater } : {};
    return run({ config, folder, question, session: id, ...review }, (watch) =>
      resumeResearch(config, id, watch),
    );
  }

  function logNotice(event: ResearchEvent): void {
    if (event.type === "notice") log.info(formatMessage(event.message));
  }

  function steered(): SteeredRun[] {
    return here
      .list()
      .flatMap(({ session, live, steering }) =>
        session === null || steering === null ? [] : { session, question: live.question, steering },
      );
  }

  async function run(
    { config, folder, question, session, offline, review, answers }: RunRequest,
    begin: (watch: RunCallbacks) => Promise<RunResult>,
  ): Promise<RunResult> {
    const { run: begun, tell, end } = here.begin(config, folder, question, session);
    void vscode.commands.executeCommand("setContext", "deepResearch.running", true);
    setSessionContext();
    let keepsView = false;
    const view = openRunView(context.extensionUri, log, begun, here.onDidChange);
    const toLog = logEvents(openLog(config, (record) => showRecord(log, record)));
    try {
      // Only the view's own progress bar: details are in the view and in the status bar.
      const result = await vscode.window.withProgress({ location: { viewId: "deepResearch.sessions" } }, () =>
        begin({
          listen: (event) => {
            toLog(event);
            tell(event);
            saveVirtualFolderSoon(folder);
            showSteeringResult(event);
          },
          signal: begun.cancel.signal,
          finish: begun.finish.signal,
          approve,
          confirmForeign: confirmForeignSessionInWindow,
          clarify: clarifyInWindow(answers, begun.cancel.signal),
          steer: (steering) => {
            begun.steering = steering;
          },
          ...(review === undefined ? {} : { review }),
        }),
      );
      await saveVirtualFolder(folder);
      if (result.error?.code === "plan-waits") {
        await showPlan(planUri(config, result.session));
        return result;
      }
      const again = { title: vscode.l10n.t("Resume"), run: () => resume(result.session) };
      const isNoAnswer = result.error?.code === "no-sources";
      // The view says it, with what to try.
      if (!isNoAnswer || view.visibleColumn() === undefined)
        showRunResult(config, result, log, again, offline).catch((error: unknown) =>
          isCancelled(error) ? undefined : showProblem(error, log),
        );
      if (result.refresh !== undefined) await showRefreshed(folder.uri, result.session, result.refresh);
      else if (result.report !== null) await showReport(folder.uri, result.report, question, view);
      else if (result.error?.code !== "not-approved") {
        view.showEnd({
          // Sources were read, or none was found: nothing was broken.
          isNoAnswer,
          isCancelled: result.status === "cancelled",
          reason:
            result.error === undefined
              ? ""
              : redact(localizeText(isNoAnswer ? result.error.what : result.error.message), config.key),
        });
        keepsView = true;
      }
      if (result.report !== null && result.refresh === undefined) {
        askGitChoice(context.workspaceState, folder, config).catch((error: unknown) =>
          showProblem(error, log),
        );
      }
      offerGithubAccount(context.globalState, config).catch((error: unknown) => showProblem(error, log));
      return result;
    } finally {
      end();
      if (!keepsView) view.dispose();
      if (here.list().length === 0) {
        void vscode.commands.executeCommand("setContext", "deepResearch.running", false);
      }
    }
  }

  async function cancel(argument?: unknown, selected?: unknown): Promise<void> {
    const title = vscode.l10n.t("Deep Research: Select a Run to Cancel");
    for (const each of await pickRunning(title, argument, selected)) each.cancel.abort();
  }

  async function finish(argument?: unknown, selected?: unknown): Promise<void> {
    const title = vscode.l10n.t("Deep Research: Select a Run to Finish Now");
    for (const each of await pickRunning(title, argument, selected)) each.finish.abort();
  }

  /** The runs of the given sessions, the only run, or the one that the user picks. */
  async function pickRunning(title: string, argument: unknown, selected: unknown): Promise<ActiveRun[]> {
    const running = here.list();
    const given = chosenSessions(argument, selected);
    if (given.length > 0) return running.filter(({ session }) => given.some(({ id }) => id === session));
    if (running.length === 0) void showInformation(vscode.l10n.t("No run is in progress."));
    if (running.length <= 1) return [...running];
    const chosen = await pickOne(
      running.map((each) => ({
        label: each.live.question,
        detail: `${describeStep(each.live)} · ${describeSpend(each.live)}`,
        run: each,
      })),
      { title: `Deep Research: ${title}` },
    );
    return chosen === undefined ? [] : [chosen.run];
  }
}

/**
 * Opens the report in place of the view of its run, with the focus where it is. Where the user has put that view away, only
 * a notification offers the report.
 */
async function showReport(
  folder: vscode.Uri,
  report: string,
  question: string,
  view: RunView,
): Promise<void> {
  const column = view.visibleColumn();
  if (column !== undefined) {
    await openReport(folder, report, { column, preserveFocus: !view.hasFocus() });
    return;
  }
  const open = vscode.l10n.t("Open Report");
  void showInformation(vscode.l10n.t("Report ready: {0}", question), open).then((chosen) =>
    chosen === open ? openReport(folder, report) : undefined,
  );
}

/** Asks whether to start a run that may be expensive. */
async function approve(estimate: Estimate): Promise<boolean> {
  const go = vscode.l10n.t("Run");
  const chosen = await askModal({
    message: vscode.l10n.t("This run may cost more than usual."),
    detail: vscode.l10n.t(
      "Estimate: {0}. So far, only the plan has been paid for.",
      localizeText(describeEstimate(estimate)),
    ),
    safe: vscode.l10n.t("Don’t Run"),
    buttons: [go],
  });
  return chosen === go;
}

function showRecord(log: vscode.LogOutputChannel, { level, msg }: LogRecord): void {
  if (level === "ERROR") log.error(msg);
  else if (level === "WARN") log.warn(msg);
  else if (level === "INFO") log.info(msg);
  else log.debug(msg);
}

/** Unfinished sessions, newest first. */
async function pickSession(sessions: string, folder: string): Promise<string | undefined> {
  const open = (await listSessions(sessions)).filter(({ status }) => status !== "done");
  if (open.length === 0) {
    const message = vscode.l10n.t("All sessions in {0} are finished, so there is nothing to resume.", folder);
    throw new WindowProblem("no-session", message);
  }
  const now = new Date();
  const chosen = await pickOne(
    open.map(({ id, question, name, status, started }) => ({
      label: name ?? question,
      description: describeState(status),
      detail: describeDay(started, now),
      id,
    })),
    { title: vscode.l10n.t("Deep Research: Resume Session"), matchOnDescription: true },
  );
  return chosen?.id;
}
