import path from "node:path";
import * as vscode from "vscode";
import { estimateSession } from "../../app/estimate-session.js";
import { isPlanProblem, readPlanDocument } from "../../core/pipeline/plan-document.js";
import type { Header } from "../../storage/sessions/journal-schema.js";
import { readSession } from "../../storage/sessions/session.js";
import { isPlan } from "./plan-editor.js";
import { markOwn } from "../command-callers.js";
import { describeEstimate } from "../l10n/format.js";
import { describePlanProblem } from "./messages.js";

/** Above a plan's title: the number of questions and the estimated cost. A click runs the plan. */
export class PlanCodeLensProvider implements vscode.CodeLensProvider {
  private readonly headers = new Map<string, Promise<Header | null>>();

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!isPlan(document.uri)) return [];
    const header = await this.readHeader(path.dirname(document.uri.fsPath));
    if (header === null) return [];
    const read = readPlanDocument(document.getText(), header.depth);
    const top = new vscode.Range(0, 0, 0, 0);
    if (isPlanProblem(read)) {
      return [new vscode.CodeLens(top, { title: `$(warning) ${describePlanProblem(read)}`, command: "" })];
    }
    const count = read.questions.length;
    const cost = describeEstimate(estimateSession({}, header, count));
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

  /** Cached, because a session's header never changes. */
  private readHeader(folder: string): Promise<Header | null> {
    const known = this.headers.get(folder);
    if (known !== undefined) return known;
    const reading = readSession(path.dirname(folder), path.basename(folder)).then(
      ({ header }) => header,
      () => null,
    );
    this.headers.set(folder, reading);
    return reading;
  }
}
