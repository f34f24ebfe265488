import * as vscode from "vscode";
import type { House, Watch } from "../../app/types.js";
import type { RunResult } from "../../app/run-result.js";
import { resumeResearch, startResearch } from "../../app/run-session.js";
import { startFollowUp } from "../../app/start-follow-up.js";
import { logTo } from "../../app/event-log.js";
import { estimateLine, type Estimate } from "../../core/pipeline/estimate.js";
import { isCancelled } from "../../common/errors.js";
import { listSessions } from "../../storage/sessions/list-sessions.js";
import { waitsForPlan } from "../../storage/sessions/plan-file.js";
import { readSession, requireOwnFolder, sessionFolder } from "../../storage/sessions/session.js";
import { isArchived, unarchive } from "../../storage/archive/archive-sessions.js";
import { agreeInWindow } from "./confirm-foreign-session.js";
import type { AskedInWindow } from "./ask-question.js";
import { chooseFolder, openHouse } from "../workspace-config.js";
import type { Key } from "../api-key.js";
import { ask, inform, pickOne } from "../show-messages.js";
import { tellOutcome, type WayOn } from "./show-result.js";
import { clarifyInWindow } from "../plan/clarify-question.js";
import { planUri, reviewLater, showPlan } from "../plan/plan-editor.js";
import { showProblem, WindowProblem } from "../errors.js";
import { showRefreshed } from "../refresh/refresh-report.js";
import { openReport } from "../reports/open-report.js";
import { RunsHere, type Run } from "./active-runs.js";
import { showStatus } from "./status-bar.js";
import { tellSteered, type SteeredRun } from "./steering-commands.js";
import { translated } from "../l10n/translate.js";
import { chosenSession, chosenSessions } from "../sessions-view/command-targets.js";
import { dayWord, doingWord, spendLine, stateWord } from "../l10n/session-words.js";

/** What is run, and where. */
export interface ToRun {
  house: House;
  folder: vscode.WorkspaceFolder;
  /** For people: what is asked. */
  question: string;
  /** The session's id, where it is known before it begins. */
  session?: string;
  /** What helps where the day's quota is used up. */
  offline?: WayOn;
  /** Where the plan is looked at first. */
  review?: Watch["review"];
  /** Answers to what may be asked back, in order, where nobody shall be asked. */
  answers?: string[] | undefined;
}

/** The runs of this window. */
export interface Runs {
  /** @param follows the id of the session that the question goes on from */
  start(asked: AskedInWindow, follows?: string): Promise<RunResult>;
  /** Resumes the session that is given (an id or a node of the view), or one that the user picks. */
  resume(argument?: unknown): Promise<RunResult | undefined>;
  /** Cancels the runs of the sessions that are given, the only run, or the one that the user picks. */
  cancel(argument?: unknown, selected?: unknown): Promise<void>;
  /** Ends runs, chosen in the same way, with a report of what is there. */
  finish(argument?: unknown, selected?: unknown): Promise<void>;
  /** Runs whatever `begin` begins: with progress that can be followed and cancelled, and shows what came of it. */
  run(what: ToRun, begin: (watch: Watch) => Promise<RunResult>): Promise<RunResult>;
  /** Runs the plan of a session that waits for it. */
  runPlan(folder: vscode.WorkspaceFolder, session: string): Promise<RunResult>;
  /** The runs that can be changed while they go on. */
  steered(): SteeredRun[];
  list(): readonly Run[];
  /** A run began, went on or ended. */
  readonly onDidChange: vscode.Event<Run>;
}

export function openRuns(context: vscode.ExtensionContext, key: Key, log: vscode.LogOutputChannel): Runs {
  const here = new RunsHere();
  context.subscriptions.push(here, showStatus(here));
  return {
    ...{ start, resume, runPlan: goOn, steered, cancel, finish, run },
    list: () => here.list(),
    onDidChange: here.onDidChange,
  };

  async function start(asked: AskedInWindow, follows?: string): Promise<RunResult> {
    const house = await openHouse(asked.folder, asked.offline ? null : await key.get());
    const { scope, pages, question, folder } = asked;
    const { maxSources } = house.settings;
    const depth = asked.depth ?? house.settings.depth;
    const offline = {
      title: vscode.l10n.t("Research Offline"),
      run: () => start({ ...asked, offline: true, scope: ["workspace"], pages: [] }, follows),
    };
    const review = (asked.plan ?? house.settings.reviewPlan) ? { review: reviewLater } : {};
    const { answers } = asked;
    const toAsk = { question, depth, maxSources, scope, pages };
    return run({ house, folder, question, offline, answers, ...review }, (watch) =>
      follows === undefined
        ? startResearch(house, toAsk, watch)
        : startFollowUp(house, follows, toAsk, watch),
    );
  }

  async function resume(argument?: unknown): Promise<RunResult | undefined> {
    const given = chosenSession(argument);
    const folder = await chooseFolder(given?.folder);
    if (folder === undefined) return undefined;
    const { settings } = await openHouse(folder, null);
    const sessions = settings.sessionStoragePath;
    const id = given?.id ?? (await pickSession(sessions, folder.name));
    if (id === undefined) return undefined;
    if (await isArchived(sessions, id)) {
      await unarchive(sessions, id, new AbortController().signal);
      log.info(`The session was archived and is back in its folder: ${id}`);
    }
    // A plan that was never run is looked at first.
    if (waitsForPlan(sessionFolder(sessions, id))) {
      // An editor would write through a link.
      await requireOwnFolder(sessions, id);
      await showPlan(planUri(sessions, id));
      return undefined;
    }
    return goOn(folder, id);
  }

  async function goOn(folder: vscode.WorkspaceFolder, id: string): Promise<RunResult> {
    const { settings } = await openHouse(folder, null);
    const sessions = settings.sessionStoragePath;
    const { header, plan, spent } = await readSession(sessions, id);
    const house = await openHouse(folder, header.engine === "offline" ? null : await key.get());
    const isBegun = plan !== null || spent.calls.search + spent.calls.read > 0;
    const isReviewed = settings.reviewPlan && !isBegun && !waitsForPlan(sessionFolder(sessions, id));
    const review = isReviewed ? { review: reviewLater } : {};
    return run({ house, folder, question: header.question, session: id, ...review }, (watch) =>
      resumeResearch(house, id, watch),
    );
  }

  function steered(): SteeredRun[] {
    return here
      .list()
      .flatMap(({ session, live, steering }) =>
        session === null || steering === null ? [] : { session, question: live.question, steering },
      );
  }

  async function run(
    { house, folder, question, session, offline, review, answers }: ToRun,
    begin: (watch: Watch) => Promise<RunResult>,
  ): Promise<RunResult> {
    const { run: begun, tell, end } = here.begin(house, folder, question, session);
    void vscode.commands.executeCommand("setContext", "deepResearch.running", true);
    const toLog = logTo((level, line) => writeLog(log, level, line), house.settings.logLevel, house.key);
    try {
      // The view's own bar; what is done stands in the view and in the status bar.
      const result = await vscode.window.withProgress({ location: { viewId: "deepResearch.sessions" } }, () =>
        begin({
          listen: (event) => {
            toLog(event);
            tell(event);
            tellSteered(event);
          },
          signal: begun.cancel.signal,
          finish: begun.finish.signal,
          approve,
          agree: agreeInWindow,
          clarify: clarifyInWindow(answers, begun.cancel.signal),
          steer: (steering) => {
            begun.steering = steering;
          },
          ...(review === undefined ? {} : { review }),
        }),
      );
      if (result.error?.code === "plan-waits") {
        await showPlan(planUri(house.settings.sessionStoragePath, result.session));
        return result;
      }
      const again = { title: vscode.l10n.t("Resume"), run: () => resume(result.session) };
      tellOutcome(house, result, log, again, offline).catch((error: unknown) =>
        isCancelled(error) ? undefined : showProblem(error, log),
      );
      if (result.refresh !== undefined) await showRefreshed(folder.uri, result.session, result.refresh, log);
      else if (result.report !== null) await openReport(folder.uri, result.report);
      return result;
    } finally {
      end();
      if (here.list().length === 0) {
        void vscode.commands.executeCommand("setContext", "deepResearch.running", false);
      }
    }
  }

  async function cancel(argument?: unknown, selected?: unknown): Promise<void> {
    const title = vscode.l10n.t("Cancel which research?");
    for (const each of await pickRunning(title, argument, selected)) each.cancel.abort();
  }

  async function finish(argument?: unknown, selected?: unknown): Promise<void> {
    const title = vscode.l10n.t("Finish which research with what is there?");
    for (const each of await pickRunning(title, argument, selected)) each.finish.abort();
  }

  /** The runs of the sessions that are given, the only run, or the one that the user picks. */
  async function pickRunning(title: string, argument: unknown, selected: unknown): Promise<Run[]> {
    const running = here.list();
    const given = chosenSessions(argument, selected);
    if (given.length > 0) return running.filter(({ session }) => given.some(({ id }) => id === session));
    if (running.length === 0) void inform(vscode.l10n.t("No research is running."));
    if (running.length <= 1) return [...running];
    const chosen = await pickOne(
      running.map((each) => ({
        label: each.live.question,
        detail: `${doingWord(each.live)} · ${spendLine(each.live)}`,
        run: each,
      })),
      { title: `Deep Research: ${title}` },
    );
    return chosen === undefined ? [] : [chosen.run];
  }
}

/** Asks whether a research that may cost a lot shall run. */
async function approve(estimate: Estimate): Promise<boolean> {
  const go = vscode.l10n.t("Run It");
  const chosen = await ask({
    message: vscode.l10n.t("This research may cost more than usual."),
    detail: vscode.l10n.t(
      "It may take {0}. Nothing but the plan was paid for yet.",
      translated(estimateLine(estimate)),
    ),
    safe: vscode.l10n.t("Do Not Run It"),
    buttons: [go],
  });
  return chosen === go;
}

function writeLog(
  log: vscode.LogOutputChannel,
  level: "DEBUG" | "INFO" | "WARN" | "ERROR",
  line: string,
): void {
  if (level === "ERROR") log.error(line);
  else if (level === "WARN") log.warn(line);
  else if (level === "INFO") log.info(line);
  else log.debug(line);
}

/** Sessions that did not come to their end, newest first. */
async function pickSession(sessions: string, folder: string): Promise<string | undefined> {
  const open = (await listSessions(sessions)).filter(({ status }) => status !== "done");
  if (open.length === 0) {
    const message = vscode.l10n.t("Every session in {0} is finished: there is nothing to resume.", folder);
    throw new WindowProblem("no-session", message);
  }
  const now = new Date();
  const chosen = await pickOne(
    open.map(({ id, question, name, status, started }) => ({
      label: name ?? question,
      description: stateWord(status),
      detail: dayWord(started, now),
      id,
    })),
    { title: vscode.l10n.t("Deep Research: Resume"), matchOnDescription: true },
  );
  return chosen?.id;
}
