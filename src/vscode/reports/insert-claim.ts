import path from "node:path";
import * as vscode from "vscode";
import { pickOne } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { activeReport } from "./verify-report.js";
import {
  claimToMarkdown,
  claimToText,
  readReportClaims,
  type ReportClaim,
} from "../../core/report/report-claims.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { describeVerdict } from "../l10n/format.js";
import { listReportsOfWindow, type ReportInFolder } from "./pick-report.js";

interface ClaimItem extends vscode.QuickPickItem {
  claim: ReportClaim;
  report: ReportInFolder;
}

/**
 * Inserts a claim from a report, with its citation, at each cursor of the active editor.
 * @param argument the beginning of a claim to insert without a pick
 * @returns the inserted text; undefined if the pick was dismissed
 */
export async function insertClaim(argument: unknown): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new WindowProblem("no-editor", vscode.l10n.t("No document is open to insert a claim into."));
  }
  if (activeReport() !== undefined) {
    throw new WindowProblem(
      "no-editor",
      vscode.l10n.t("This document is a report. Open the document to insert the claim into."),
    );
  }
  const items = (await listReportsOfWindow()).flatMap((report) =>
    readReportClaims(report.markdown).map((claim): ClaimItem => ({
      label: collapseWhitespace(claim.sentence),
      description: `${report.title} · ${describeVerdict(claim.verdict)}`,
      ...(claim.quotes.length === 0 ? {} : { detail: claim.quotes.map((quote) => `“${quote}”`).join(" ") }),
      claim,
      report,
    })),
  );
  if (items.length === 0) {
    throw new WindowProblem("no-report", vscode.l10n.t("There are no reports with claims to insert yet."));
  }
  const chosen =
    typeof argument === "string"
      ? items.find(({ label }) => label.startsWith(argument))
      : await pickOne(items, {
          title: vscode.l10n.t("Deep Research: Insert Claim"),
          placeHolder: vscode.l10n.t("Search claims, reports and quotes"),
          matchOnDescription: true,
          matchOnDetail: true,
        });
  if (chosen === undefined) return undefined;
  const text = textFor(editor.document, chosen);
  // One edit for all cursors, so that one undo reverts it.
  const isDone = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  if (!isDone) {
    throw new WindowProblem("no-editor", vscode.l10n.t("This document cannot be edited."));
  }
  return text;
}

function textFor({ languageId, uri }: vscode.TextDocument, { claim, report }: ClaimItem): string {
  const named = vscode.workspace.asRelativePath(report.uri, false);
  if (languageId !== "markdown") return claimToText(claim, named);
  if (uri.scheme !== report.uri.scheme) return claimToMarkdown(claim, named);
  const from = path.dirname(uri.fsPath);
  return claimToMarkdown(claim, path.relative(from, report.uri.fsPath).split(path.sep).join("/"));
}
