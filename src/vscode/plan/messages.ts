import * as vscode from "vscode";
import type { Estimate } from "../../core/pipeline/estimate.js";
import type { PlanProblem, PlanDocumentTexts } from "../../core/pipeline/plan-document.js";
import { describeEstimate } from "../l10n/format.js";

/* What the window says about plans. */

/** What stands around a plan in its document. */
export function planDocumentTexts(cost: Estimate): PlanDocumentTexts {
  return {
    about: [
      vscode.l10n.t("This plan waits for you. Nothing but the plan was paid for yet."),
      vscode.l10n.t(
        "Change the title, and change, add, remove or reorder the questions and what must be covered.",
      ),
      vscode.l10n.t(
        "Run Plan, the triangle in the editor's title, runs exactly what stands here. Close it to run it later.",
      ),
      vscode.l10n.t("As it was proposed: {0}.", describeEstimate(cost)),
    ],
    questions: vscode.l10n.t("Sub-questions"),
    cover: vscode.l10n.t("Must be covered"),
  };
}

/** Why a plan cannot be run, and what to do. */
export function describePlanProblem(problem: PlanProblem): string {
  switch (problem.kind) {
    case "no-questions":
      return vscode.l10n.t("The plan has no question left: write one as a list item.");
    case "too-many":
      return vscode.l10n.t(
        "The plan has {0} questions, and this depth allows {1}: remove {2}.",
        problem.found,
        problem.most,
        problem.found - problem.most,
      );
    case "too-long":
      return vscode.l10n.t(
        "Question {0} of the plan has more than {1} characters: shorten it.",
        problem.number,
        problem.most,
      );
  }
}
