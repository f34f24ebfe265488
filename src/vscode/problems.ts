import * as vscode from "vscode";
import { redact } from "../monitoring/redact.js";
import { asResearchError, type ErrorCode, ResearchError } from "../research/errors.js";

/** Problems of the window rather than of the research. */
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

const WINDOW_BUTTONS: Record<WindowProblem["kind"], Button> = {
  "no-folder": command("Open Folder", "workbench.action.files.openFolder"),
  untrusted: command("Manage Workspace Trust", "workbench.trust.manage"),
  "not-on-disk": command("Open Folder", "workbench.action.files.openFolder"),
  "no-selection": command("Research…", "deepResearch.research"),
  "no-editor": command(vscode.l10n.t("Open File"), "workbench.action.quickOpen"),
  "no-report": command("Research…", "deepResearch.research"),
  "no-session": command("Research…", "deepResearch.research"),
  "no-snapshot": command("Verify Report", "deepResearch.verifyReport"),
  "no-quote": command("Research…", "deepResearch.research"),
};

/** What only tells that there is nothing to do. */
const NOTHING_WRONG: ReadonlySet<WindowProblem["kind"]> = new Set(["no-report", "no-session"]);

/** The one button that helps with a problem of the research; everything else gets the log. */
function buttonFor(code: ErrorCode, retry: Button | undefined): Button {
  switch (code) {
    case "no-key":
    case "bad-key":
    case "billing":
      return command("Set API Key", "deepResearch.setApiKey");
    case "bad-settings":
      return command("Open Settings", "workbench.action.openSettings", "@ext:deep-research.deep-research");
    case "empty-question":
    case "no-sources":
    case "bad-url":
      return command("Ask Again", "deepResearch.research");
    case "no-network":
    case "overloaded":
    case "rate-limit":
    case "timeout":
    case "cannot-write":
      return retry ?? command("Show Log", "deepResearch.showLog");
    default:
      return command("Show Log", "deepResearch.showLog");
  }
}

/**
 * Shows a problem with one button that helps. Resolves when the user has answered or dismissed it.
 * @param helps what helps in this very case, where the code alone does not say it
 */
export async function showProblem(
  error: unknown,
  log: vscode.LogOutputChannel,
  helps?: Button,
): Promise<void> {
  if (error instanceof WindowProblem) {
    log.info(error.message);
    const { title, run } = WINDOW_BUTTONS[error.kind];
    const show = NOTHING_WRONG.has(error.kind) ? "showInformationMessage" : "showWarningMessage";
    if ((await vscode.window[show](error.message, title)) === title) await run();
    return;
  }
  const problem = asResearchError(error, "bad-answer", "Something went wrong");
  if (!(error instanceof ResearchError) && error instanceof Error) log.error(redact(error.stack ?? "", null));
  const button = problem.code === "day-quota" && helps !== undefined ? helps : buttonFor(problem.code, helps);
  const message = redact(problem.line, null);
  log.error(message);
  const chosen = await vscode.window.showErrorMessage(message, button.title);
  if (chosen === button.title) await button.run();
}
