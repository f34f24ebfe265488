import { formatMessage, mapMessageTexts } from "../common/messages.js";
import * as vscode from "vscode";
import { redact } from "../common/redact.js";
import { toResearchError, type ErrorCode, ResearchError } from "../common/errors.js";
import { showInformation, showError, showWarning } from "./show-messages.js";
import { localizeText } from "./l10n/localize.js";

/** A problem of the window, not of a run. */
export class WindowProblem extends Error {
  constructor(
    readonly kind:
      | "no-folder"
      | "untrusted"
      | "not-on-disk"
      | "no-selection"
      | "no-editor"
      | "no-report"
      | "no-session"
      | "no-snapshot"
      | "no-quote",
    message: string,
  ) {
    super(message);
  }
}

interface Button {
  title: string;
  run: () => Thenable<unknown>;
}

const command = (title: string, id: string, ...args: unknown[]): Button => ({
  title,
  run: () => vscode.commands.executeCommand(id, ...args),
});

/** The button that helps with a window problem. */
function windowButton(kind: WindowProblem["kind"]): Button {
  switch (kind) {
    case "no-folder":
    case "not-on-disk":
      return command(vscode.l10n.t("Open Folder"), "workbench.action.files.openFolder");
    case "untrusted":
      return command(vscode.l10n.t("Manage Workspace Trust"), "workbench.trust.manage");
    case "no-editor":
      return command(vscode.l10n.t("Open File"), "workbench.action.quickOpen");
    case "no-snapshot":
      return command(vscode.l10n.t("Verify Report"), "deepResearch.verifyReport");
    case "no-selection":
    case "no-report":
    case "no-session":
    case "no-quote":
      return command(vscode.l10n.t("Research…"), "deepResearch.research");
  }
}

const showLog = (): Button => command(vscode.l10n.t("Show Log"), "deepResearch.showLog");

/** Problems that only say that there is nothing to do. */
const NOTHING_WRONG: ReadonlySet<WindowProblem["kind"]> = new Set(["no-report", "no-session"]);

/** The button that helps with a run's error; by default, the log. */
function buttonFor(code: ErrorCode, retry: Button | undefined): Button {
  switch (code) {
    case "no-key":
    case "bad-key":
    case "billing":
      return command(vscode.l10n.t("Set API Key"), "deepResearch.setApiKey");
    case "bad-settings":
      return command(
        vscode.l10n.t("Open Settings"),
        "workbench.action.openSettings",
        "@ext:deep-research.deep-research",
      );
    case "empty-question":
    case "no-sources":
    case "bad-url":
      return command(vscode.l10n.t("Ask Again"), "deepResearch.research");
    case "no-network":
    case "overloaded":
    case "rate-limit":
    case "timeout":
    case "cannot-write":
    case "cannot-read":
      return retry ?? showLog();
    default:
      return showLog();
  }
}

/**
 * Shows a problem with one button that helps. Resolves when the user has answered or dismissed it.
 * @param helps a button for this case, if the error code alone does not determine one
 */
export async function showProblem(
  error: unknown,
  log: vscode.LogOutputChannel,
  helps?: Button,
): Promise<void> {
  if (error instanceof WindowProblem) {
    log.info(error.message);
    const { title, run } = windowButton(error.kind);
    const show = NOTHING_WRONG.has(error.kind) ? showInformation : showWarning;
    if ((await show(error.message, title)) === title) await run();
    return;
  }
  const problem = toResearchError(error, "bad-answer", "Something went wrong");
  // The user has just declined and needs no message.
  if (problem.code === "not-approved") {
    log.info(redact(problem.line, null));
    return;
  }
  if (!(error instanceof ResearchError) && error instanceof Error) log.error(redact(error.stack ?? "", null));
  const button = problem.code === "day-quota" && helps !== undefined ? helps : buttonFor(problem.code, helps);
  const message = mapMessageTexts(problem.text, (text) => redact(text, null));
  log.error(formatMessage(message));
  const chosen = await showError(localizeText(message), button.title);
  if (chosen === button.title) await button.run();
}
