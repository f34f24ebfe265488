import * as vscode from "vscode";
import { z } from "zod";
import type { House, Watch } from "../engine/house.js";
import type { RunResult } from "../engine/result.js";
import { resumeResearch, startResearch } from "../engine/engine.js";
import { logTo } from "../monitoring/log.js";
import { progressLine, trackProgress } from "../monitoring/progress.js";
import { redact } from "../monitoring/redact.js";
import { ResearchError } from "../research/errors.js";
import { estimateLine, type Estimate } from "../research/estimate.js";
import type { Steering } from "../research/steering.js";
import { listSessions } from "../sessions/list.js";
import { waitsForPlan } from "../sessions/plan-file.js";
import { readSession, sessionFolder } from "../sessions/session.js";
import { isArchived, unarchive } from "../sessions/archive.js";
import type { AskedInWindow } from "./ask.js";
import { chooseFolder, openHouse } from "./folder.js";
import type { Key } from "./key.js";
import { clarifyInWindow } from "./plan/clarify.js";
import { planUri, reviewLater, showPlan } from "./plan/document.js";
import { showProblem, WindowProblem } from "./problems.js";
import { openReport } from "./reports.js";
import { tellSteered, type SteeredRun } from "./steer.js";

/** The runs of this window. */
export interface Runs {
  start(asked: AskedInWindow): Promise<RunResult | undefined>;
  /** Resumes the session whose id is given, or one that the user picks. */
  resume(argument?: unknown): Promise<RunResult | undefined>;
  /** Runs the plan of a session that waits for it. */
  runPlan(folder: vscode.WorkspaceFolder, session: string): Promise<RunResult>;
  /** The runs that can be changed while they go on. */
  steered(): SteeredRun[];
  /** Cancels the run of the session whose id is given, the only run, or the one that the user picks. */
  cancel(argument?: unknown): Promise<void>;
  /** Ends a run, chosen in the same way, with a report of what is there. */
  finish(argument?: unknown): Promise<void>;
}

export function openRuns(context: vscode.ExtensionContext, key: Key, log: vscode.LogOutputChannel): Runs {
  const running = new Set<Running>();
  const status = vscode.window.createStatusBarItem("deepResearch.run", vscode.StatusBarAlignment.Left, 0);
  status.name = "Deep Research";
  status.command = "deepResearch.cancel";
  context.subscriptions.push(status, { dispose: () => [...running].forEach((run) => run.cancel.abort()) });

  return { start, resume, runPlan, steered, cancel, finish };

  async function start(asked: AskedInWindow): Promise<RunResult | undefined> {
    const house = await openHouse(asked.folder, asked.offline ? null : await key.get());
    const { scope, pages, question } = asked;
    const { maxSources } = house.settings;
    const depth = asked.depth ?? house.settings.depth;
    const offline = {
      title: "Research Offline",
      run: () => start({ ...asked, offline: true, scope: ["workspace"], pages: [] }),
    };
    const review = (asked.plan ?? house.settings.reviewPlan) ? { review: reviewLater } : {};
    const first = { answers: asked.answers, ...review };
    return show(house, asked.folder.uri, question, offline, first, (watch) =>
      startResearch(house, { question, depth, maxSources, scope, pages }, watch),
    );
  }

  async function resume(argument?: unknown): Promise<RunResult | undefined> {
    const folder = await chooseFolder();
    if (folder === undefined) return undefined;
    const { settings } = await openHouse(folder, null);
    const given = z.string().safeParse(argument);
    const id = given.success ? given.data : await pickSession(settings.sessionStoragePath, folder.name);
    if (id === undefined) return undefined;
    if (await isArchived(settings.sessionStoragePath, id)) {
      await unarchive(settings.sessionStoragePath, id, new AbortController().signal);
      log.info(`The session was archived and is back in its folder: ${id}`);
    }
    // A plan that was never run is looked at first.
    if (waitsForPlan(sessionFolder(settings.sessionStoragePath, id))) {
      await showPlan(planUri(settings.sessionStoragePath, id));
      return undefined;
    }
    return goOn(folder, id);
  }

  function runPlan(folder: vscode.WorkspaceFolder, session: string): Promise<RunResult> {
    return goOn(folder, session);
  }

  async function goOn(folder: vscode.WorkspaceFolder, id: string): Promise<RunResult> {
    const { settings } = await openHouse(folder, null);
    const sessions = settings.sessionStoragePath;
    const { header, plan, spent } = await readSession(sessions, id);
    const house = await openHouse(folder, header.engine === "offline" ? null : await key.get());
    const isBegun = plan !== null || spent.calls.search + spent.calls.read > 0;
    const isReviewed = settings.reviewPlan && !isBegun && !waitsForPlan(sessionFolder(sessions, id));
    const first = isReviewed ? { review: reviewLater } : {};
    return show(house, folder.uri, header.question, undefined, first, (watch) =>
      resumeResearch(house, id, watch),
    );
  }

  function steered(): SteeredRun[] {
    return [...running].flatMap(({ session, question, steering }) =>
      session === undefined || steering === undefined ? [] : { session, question, steering },
    );
  }

  /** Runs with progress that can be cancelled, and shows what came of it. */
  async function show(
    house: House,
    folder: vscode.Uri,
    question: string,
    offline: { title: string; run: () => Promise<unknown> } | undefined,
    first: Pick<Watch, "review"> & { answers?: string[] | undefined },
    begin: (watch: Watch) => Promise<RunResult>,
  ): Promise<RunResult> {
    const run: Running = { question, cancel: new AbortController(), finish: new AbortController() };
    running.add(run);
    void vscode.commands.executeCommand("setContext", "deepResearch.running", true);
    try {
      const result = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: `Deep Research: ${short(question)}`,
          cancellable: true,
        },
        (progress, token) => {
          token.onCancellationRequested(() => run.cancel.abort());
          const toLog = logTo(
            (level, line) => writeLog(log, level, line),
            house.settings.logLevel,
            house.key,
          );
          const track = trackProgress((now) => {
            const line = redact(progressLine(now), house.key);
            progress.report({ message: line });
            run.line = line;
            showStatus();
          });
          return begin({
            listen: (event) => {
              if (event.type === "started") run.session = event.session;
              toLog(event);
              track(event);
              tellSteered(event);
            },
            signal: run.cancel.signal,
            finish: run.finish.signal,
            approve,
            clarify: clarifyInWindow(first.answers, run.cancel.signal),
            steer: (steering) => {
              run.steering = steering;
            },
            ...(first.review === undefined ? {} : { review: first.review }),
          });
        },
      );
      if (result.error?.code === "plan-waits") {
        await showPlan(planUri(house.settings.sessionStoragePath, result.session));
        return result;
      }
      void tell(house, result, offline);
      if (result.report !== null) await openReport(folder, result.report);
      return result;
    } finally {
      running.delete(run);
      showStatus();
      if (running.size === 0) {
        void vscode.commands.executeCommand("setContext", "deepResearch.running", false);
      }
    }
  }

  /** Says what the opened report does not: that it is partial, that the run failed or was cancelled. */
  async function tell(
    house: House,
    { status: ended, session, error }: RunResult,
    offline: { title: string; run: () => Promise<unknown> } | undefined,
  ): Promise<void> {
    const again = { title: "Resume", run: () => resume(session) };
    // Whoever declined knows.
    if (error?.code === "not-approved") return;
    if (ended === "failed") {
      const code = error?.code ?? "bad-answer";
      const problem = new ResearchError(code, redact(error?.message ?? "The research failed.", house.key));
      await showProblem(problem, log, code === "day-quota" ? offline : again);
    }
    if (ended === "partial" || ended === "cancelled") {
      const message =
        ended === "partial"
          ? "The report is partial: its first lines say why. What was paid for is kept."
          : "The research is cancelled. What was found is kept.";
      const chosen = await vscode.window.showWarningMessage(message, again.title);
      if (chosen === again.title) await again.run();
    }
  }

  async function cancel(argument?: unknown): Promise<void> {
    (await pickRunning("Cancel which research?", argument))?.cancel.abort();
  }

  async function finish(argument?: unknown): Promise<void> {
    (await pickRunning("Finish which research with what is there?", argument))?.finish.abort();
  }

  /** The run of the session whose id is given, the only run, or the one that the user picks. */
  async function pickRunning(title: string, argument: unknown): Promise<Running | undefined> {
    const given = z.string().safeParse(argument);
    if (given.success) return [...running].find(({ session }) => session === given.data);
    const [only] = running;
    if (only === undefined) void vscode.window.showInformationMessage("No research is running.");
    if (running.size <= 1) return only;
    const chosen = await vscode.window.showQuickPick(
      [...running].map((run) => ({ label: run.question, detail: run.line ?? "", run })),
      { title: `Deep Research: ${title}` },
    );
    return chosen?.run;
  }

  /** One run with what it does, several with their number; the tooltip has a line for each. */
  function showStatus(): void {
    const runs = [...running];
    const [only] = runs;
    if (only === undefined) {
      status.hide();
      return;
    }
    const text =
      runs.length === 1 ? (only.line ?? "").split(" · ").slice(1).join(" · ") : `${runs.length} researches`;
    status.text = `$(sync~spin) ${short(text)}`;
    status.tooltip = [
      ...runs.map(({ question, line }) => `Deep Research: ${question}\n${line ?? ""}`),
      "Click to cancel.",
    ].join("\n");
    status.show();
  }
}

/** A run of this window. */
interface Running {
  question: string;
  /** Its id, once it has begun. */
  session?: string;
  cancel: AbortController;
  /** Aborted to end with what is there. */
  finish: AbortController;
  /** Changes it while it runs. */
  steering?: Steering;
  /** Where it is, for people. */
  line?: string;
}

/** Asks whether a research that may cost a lot shall run. */
async function approve(estimate: Estimate): Promise<boolean> {
  const run = "Run It";
  const chosen = await vscode.window.showWarningMessage(
    "This research may cost more than usual.",
    { modal: true, detail: `It may take ${estimateLine(estimate)}. Nothing but the plan was paid for yet.` },
    run,
  );
  return chosen === run;
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
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
    throw new WindowProblem(
      "no-session",
      `Every session in ${folder} is finished: there is nothing to resume.`,
    );
  }
  const chosen = await vscode.window.showQuickPick(
    open.map(({ id, question, status, started }) => ({
      label: question,
      description: status,
      detail: new Date(started).toLocaleString(),
      id,
    })),
    { title: "Deep Research: Resume", matchOnDescription: true },
  );
  return chosen?.id;
}
