import { formatMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import { summarizeCheck, type CheckedText } from "../../app/check-report.js";
import {
  recheckSentence,
  toWrittenSentence,
  type RecheckRequest,
  type RecheckResult,
  type WrittenSentence,
} from "../../app/recheck-sentence.js";
import { verdictEdits } from "../../core/report/report-edits.js";
import type { FindingKind } from "../../core/report/findings.js";
import type { Verdict } from "../../core/domain/schema.js";
import { confirmForeignSessionInWindow } from "../runs/confirm-foreign-session.js";
import { markOwn } from "../command-callers.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import type { ApiKeyStore } from "../api-key.js";
import { showStatusMessage, showWarning, withProgress } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { openNamedReport, SentenceArgument } from "./command-arguments.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { findSentenceAt } from "../../core/report/find-sentence.js";
import { recordEdit } from "./record-edit.js";
import { applyEdits, toRecheckRequest } from "./sentence-edits.js";
import { describeVerdict } from "../l10n/format.js";

export interface RecheckContext {
  reports: CheckedDocuments;
  key: ApiKeyStore;
  log: vscode.LogOutputChannel;
}

/**
 * Checks a report's files again and, if given, one sentence: first by code, then by the session's engine.
 * Updates the sentence's mark in the report and its state in the session.
 * @returns the verdict, or null if no sentence was given
 */
export async function recheckReport(
  argument: unknown,
  rechecking: RecheckContext,
): Promise<RecheckResult | null> {
  const { report, line, start } = SentenceArgument.parse(argument);
  const { reports } = rechecking;
  const document = await openNamedReport(report);
  const checked = await reports.again(document);
  if (checked === null) return null;
  const sentence = line === null ? null : findSentenceAt(checked.read, line, start);
  if (sentence === null) {
    showCount(checked);
    return null;
  }
  const fails = codeCheckFailure(checked, sentence);
  const judged: RecheckResult =
    fails === null
      ? await recheckInWindow(
          document.uri,
          toRecheckRequest(checked.read, sentence),
          (verdict) => toWrittenSentence(sentence, verdict),
          rechecking,
        )
      : { verdict: "not-checked", reason: fails, by: "code", kept: false };
  // The document may have changed during the check.
  const now = await reports.of(document);
  const same =
    now?.read.sentences.find((each) => each.line === sentence.line && each.text === sentence.text) ??
    now?.read.sentences.find((each) => each.text === sentence.text);
  if (now == null || same === undefined) return judged;
  const before = document.getText();
  await applyEdits(document.uri, verdictEdits(before, now.read, same, judged.verdict, judged.reason));
  const changed = { sentences: [toWrittenSentence(same, judged.verdict)], line: same.line };
  await recordEdit(document.uri, before, document.getText(), changed, rechecking.log);
  await reports.again(document);
  showRecheckResult(judged, { report, line: same.line, start: same.start }, same.block === null);
  return judged;
}

/** Checks a sentence against its quotes, with the settings of the report's folder. */
export function recheckInWindow(
  uri: vscode.Uri,
  sentence: RecheckRequest,
  written: (verdict: Verdict) => WrittenSentence,
  { key, log }: RecheckContext,
): Thenable<RecheckResult> {
  if (!vscode.workspace.isTrusted) {
    throw new WindowProblem(
      "untrusted",
      vscode.l10n.t("Sentences can’t be re-checked because this workspace is not trusted."),
    );
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) {
    throw new WindowProblem(
      "no-folder",
      vscode.l10n.t("Open the folder that this report belongs to: it contains the report’s session."),
    );
  }
  return withProgress(vscode.l10n.t("Checking the sentence against its quotes…"), async (signal) => {
    const config = await loadWorkspaceConfig(folder, (await key.get()) ?? null);
    return recheckSentence(config, sentence, written, {
      signal,
      confirmForeign: confirmForeignSessionInWindow,
      listen: (event) => {
        if (event.type === "notice") log.info(formatMessage(event.message));
      },
    });
  });
}

/** Why a sentence cannot be checked: one of its quotes is not in its snapshot. */
function codeCheckFailure(
  { problems, read }: CheckedText,
  sentence: CheckedText["read"]["sentences"][number],
): string | null {
  const citationProblems = read.citations.flatMap((each, index) =>
    sentence.citations.includes(each) ? [problems[index] ?? null] : [],
  );
  // Facts and blocks are compared again with the quotes, and an earlier verdict is what is checked anew.
  const compared: ReadonlySet<FindingKind> = new Set(["facts", "not-verbatim", "refuted"]);
  const problem = citationProblems.find((each) => each !== null && !compared.has(each.kind)) ?? null;
  if (problem === null) return null;
  const reasons: Partial<Record<typeof problem.kind, string>> = {
    "not-in-snapshot": "a quote is not in its snapshot",
  };
  return reasons[problem.kind] ?? "a quote could not be checked";
}

function showCount(checked: CheckedText): void {
  const { failed, all } = summarizeCheck(checked);
  const says = vscode.l10n.t("{0} of {1} citations verified", all - failed, all);
  showStatusMessage(failed === 0 ? "pass" : "error", `Deep Research: ${says}`, 6000);
}

/** @param takesSources whether the sentence may cite another source, as a block may not */
export function showRecheckResult(
  { verdict, reason }: RecheckResult,
  at: SentenceArgument,
  takesSources = true,
): void {
  if (verdict === "supported") {
    const says = vscode.l10n.t("The quotes support the sentence");
    showStatusMessage("pass", `Deep Research: ${says}`, 6000);
    return;
  }
  const look = vscode.l10n.t("Look for a Source");
  const message =
    reason === ""
      ? vscode.l10n.t("New verdict: {0}. The report has been updated.", describeVerdict(verdict))
      : vscode.l10n.t(
          "New verdict: {0} ({1}). The report has been updated.",
          describeVerdict(verdict),
          reason,
        );
  void showWarning(message, ...(takesSources ? [look] : [])).then((chosen) => {
    if (chosen === look) void vscode.commands.executeCommand("deepResearch.lookForSource", markOwn(at));
  });
}
