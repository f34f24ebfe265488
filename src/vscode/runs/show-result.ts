import { mapMessageTexts, toMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import type { EngineConfig } from "../../app/types.js";
import type { RunResult } from "../../app/run-result.js";
import { redact } from "../../common/redact.js";
import { ResearchError } from "../../common/errors.js";
import { showWarning } from "../show-messages.js";
import { showProblem } from "../errors.js";

export interface NotificationAction {
  title: string;
  run: () => Promise<unknown>;
}

/**
 * Shows what the opened report does not: that it is partial, or that the run failed or was cancelled.
 * @param offline the action to offer if the daily quota is used up
 */
export async function showRunResult(
  config: EngineConfig,
  { status, reason, error }: RunResult,
  log: vscode.LogOutputChannel,
  again: NotificationAction,
  offline: NotificationAction | undefined,
): Promise<void> {
  // The user has just declined and needs no message.
  if (error?.code === "not-approved") return;
  if (status === "failed") {
    const code = error?.code ?? "bad-answer";
    const message = mapMessageTexts(toMessage(error?.message ?? vscode.l10n.t("The run failed.")), (text) =>
      redact(text, config.key),
    );
    await showProblem(new ResearchError(code, message), log, code === "day-quota" ? offline : again);
  }
  if (status === "partial" || status === "cancelled") {
    const message =
      status === "partial"
        ? vscode.l10n.t(
            "The report is partial; its first lines explain why. Everything already paid for is kept.",
          )
        : vscode.l10n.t("The run was cancelled. Everything found so far is kept.");
    // What the sources do not answer, the same sources do not answer when asked again.
    const actions = reason === "no-answer" ? [] : [again.title];
    const chosen = await showWarning(message, ...actions);
    if (chosen === again.title) await again.run();
  }
}
