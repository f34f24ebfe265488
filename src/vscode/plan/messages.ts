import * as vscode from "vscode";
import type { Estimate } from "../../core/domain/estimate.js";
import type { PlanProblem, PlanDocumentTexts } from "../../core/pipeline/plan-document.js";
import { formatEstimate } from "../l10n/format.js";

/** The explanatory texts and headings of a plan document. */
export function planDocumentTexts(cost: Estimate): PlanDocumentTexts {
  return {
    about: [
      vscode.l10n.t("This plan is waiting for your review. So far, only the plan itself has been paid for."),
      vscode.l10n.t(
        "Edit the title, and edit, add, remove or reorder the questions and the points that must be covered.",
      ),
      vscode.l10n.t(
        "Select Run Plan (▷ in the editor title bar) to run the plan as written here. To run it later, close this document.",
      ),
      vscode.l10n.t("Original estimate: {0}.", formatEstimate(cost)),
    ],
    questions: vscode.l10n.t("Sub-questions"),
    cover: vscode.l10n.t("Must be covered"),
    pages: vscode.l10n.t("Pages to read"),
  };
}

/** Why a plan cannot be run, and how to fix it. */
export function describePlanProblem(problem: PlanProblem): string {
  switch (problem.kind) {
    case "no-questions":
      return vscode.l10n.t("The plan has no questions left. Add one as a list item.");
    case "too-many":
      return vscode.l10n.t(
        "The plan has {0} questions, but this depth allows {1}. Remove {2}.",
        problem.found,
        problem.most,
        problem.found - problem.most,
      );
    case "too-long":
      return vscode.l10n.t(
        "Question {0} of the plan is longer than {1} characters. Shorten it.",
        problem.number,
        problem.most,
      );
  }
}
