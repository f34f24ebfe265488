import * as vscode from "vscode";
import type { House } from "../../app/types.js";
import type { RunResult } from "../../app/run-result.js";
import { redact } from "../../common/redact.js";
import { ResearchError } from "../../common/errors.js";
import { warn } from "../show-messages.js";
import { showProblem } from "../errors.js";

export interface WayOn {
  title: string;
  run: () => Promise<unknown>;
}

/**
 * Says what the opened report does not: that it is partial, that the run failed or was cancelled.
 * @param offline what helps where the day's quota is used up
 */
export async function tellOutcome(
  house: House,
  { status, error }: RunResult,
  log: vscode.LogOutputChannel,
  again: WayOn,
  offline: WayOn | undefined,
): Promise<void> {
  // Whoever declined knows.
  if (error?.code === "not-approved") return;
  if (status === "failed") {
    const code = error?.code ?? "bad-answer";
    const message = redact(error?.message ?? vscode.l10n.t("The research failed."), house.key);
    await showProblem(new ResearchError(code, message), log, code === "day-quota" ? offline : again);
  }
  if (status === "partial" || status === "cancelled") {
    const message =
      status === "partial"
        ? vscode.l10n.t("The report is partial: its first lines say why. What was paid for is kept.")
        : vscode.l10n.t("The research is cancelled. What was found is kept.");
    const chosen = await warn(message, again.title);
    if (chosen === again.title) await again.run();
  }
}
