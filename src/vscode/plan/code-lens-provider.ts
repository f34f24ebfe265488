import * as vscode from "vscode";
import { readPlanLimits, type PlanLimits } from "../../app/plan-file.js";
import { isPlanProblem, readPlanDocument } from "../../core/pipeline/plan-document.js";
import { isPlan } from "./plan-editor.js";
import { markOwn } from "../command-callers.js";
import { formatEstimate } from "../l10n/format.js";
import { describePlanProblem } from "./messages.js";

/** Above a plan's title: the number of questions and the estimated cost. A click runs the plan. */
export class PlanCodeLensProvider implements vscode.CodeLensProvider {
  private readonly limits = new Map<string, Promise<PlanLimits | null>>();

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!isPlan(document.uri)) return [];
    const limits = await this.readLimits(document.uri.fsPath);
    if (limits === null) return [];
    const read = readPlanDocument(document.getText(), limits.depth);
    const top = new vscode.Range(0, 0, 0, 0);
    if (isPlanProblem(read)) {
      return [new vscode.CodeLens(top, { title: `$(warning) ${describePlanProblem(read)}`, command: "" })];
    }
    const count = read.questions.length;
    const cost = formatEstimate(limits.estimate(count));
    const title =
      count === 1
        ? vscode.l10n.t("Run this plan: 1 question, {0}", cost)
        : vscode.l10n.t("Run this plan: {0} questions, {1}", count, cost);
    return [
      new vscode.CodeLens(top, {
        title: `$(play)\u00a0${title}`,
        command: "deepResearch.runPlan",
        arguments: [markOwn(document.uri)],
      }),
    ];
  }

  /** Cached, because what was asked for never changes. */
  private readLimits(file: string): Promise<PlanLimits | null> {
    const known = this.limits.get(file);
    if (known !== undefined) return known;
    const reading = readPlanLimits(file);
    this.limits.set(file, reading);
    return reading;
  }
}
