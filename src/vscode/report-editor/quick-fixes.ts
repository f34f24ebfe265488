import * as vscode from "vscode";
import { blockEdits, removalEdits } from "../../core/report/report-edits.js";
import type { CheckedText } from "../../app/check-report.js";
import { toWrittenSentence } from "../../app/recheck-sentence.js";
import { markOwn } from "../command-callers.js";
import type { SentenceArgument } from "./command-arguments.js";
import { DIAGNOSTIC_SOURCE } from "./diagnostics.js";
import type { CheckedDocuments } from "./checked-documents.js";
import type { OfferedRemovals } from "./record-edit.js";
import { findSentenceAt } from "../../core/report/find-sentence.js";
import { toRange } from "./locations.js";
import { toWorkspaceEdit } from "./sentence-edits.js";
import { shownVerdict } from "../../core/report/parse-report.js";

/** For these, the sentence itself is checked again; the others concern files. */
const OF_SENTENCES = new Set<unknown>(["facts", "not-verbatim", "edited", "recited", "unmarked"]);

/** Quick fixes for a diagnostic: restore a block, verify again, look for a source, remove the citation. */
export function createQuickFixProvider(
  reports: CheckedDocuments,
  removals: OfferedRemovals,
): vscode.CodeActionProvider {
  return {
    provideCodeActions: async (document, _, { diagnostics, only }) => {
      if (only !== undefined && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
      const ours = diagnostics.filter(({ source }) => source === DIAGNOSTIC_SOURCE);
      if (ours.length === 0) return [];
      const checked = await reports.of(document);
      return checked === null
        ? []
        : unique(ours.flatMap((each) => createFixes(document, checked, each, removals)));
    },
  };
}

function createFixes(
  document: vscode.TextDocument,
  checked: CheckedText,
  diagnostic: vscode.Diagnostic,
  removals: OfferedRemovals,
): vscode.CodeAction[] {
  const { uri } = document;
  const { range, code } = diagnostic;
  const line = range.start.line + 1;
  const isBody = line < checked.read.lines.sources;
  const sentence = isBody ? findSentenceAt(checked.read, line, range.start.character) : null;
  const actions: vscode.CodeAction[] = [];
  const restored = sentence === null ? [] : blockEdits(document.getText(), checked.read, sentence);
  if (restored.length > 0) {
    const action = new vscode.CodeAction(
      vscode.l10n.t("Restore quote {0}", sentence?.citations[0]?.n ?? ""),
      vscode.CodeActionKind.QuickFix,
    );
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    action.edit = toWorkspaceEdit(uri, restored);
    actions.push(action);
  }
  if (code !== "uncited") {
    const isOfSentence = OF_SENTENCES.has(code) && sentence !== null;
    actions.push(
      act(
        vscode.l10n.t("Verify again"),
        "deepResearch.verifyAgain",
        { line: isOfSentence ? line : null, start: range.start.character },
        isOfSentence && restored.length === 0,
      ),
    );
  }
  if (code === "uncited" || sentence?.block === null) {
    actions.push(
      act(
        vscode.l10n.t("Look for a source…"),
        "deepResearch.lookForSource",
        { line, start: range.start.character },
        code === "uncited",
      ),
    );
  }
  if (code === "uncited" || sentence === null) return actions;
  const cited = sentence.citations.filter((each) => toRange(each).isEqual(range));
  for (const citation of cited.length > 0 ? cited : sentence.citations) {
    const action = new vscode.CodeAction(
      vscode.l10n.t("Remove citation {0}", `[[${citation.n}]]`),
      vscode.CodeActionKind.QuickFix,
    );
    action.diagnostics = [diagnostic];
    const edits = removalEdits(document.getText(), checked.read, citation);
    action.edit = toWorkspaceEdit(uri, edits);
    const left = { ...sentence, citations: sentence.citations.filter((each) => each !== citation) };
    removals.offer(document, edits, toWrittenSentence(left, shownVerdict(sentence)));
    actions.push(action);
  }
  return actions;

  function act(
    title: string,
    command: string,
    at: Omit<SentenceArgument, "report">,
    isPreferred: boolean,
  ): vscode.CodeAction {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = isPreferred;
    action.command = { title, command, arguments: [markOwn({ report: uri.toString(), ...at })] };
    return action;
  }
}

/** Two diagnostics of one sentence have the same fixes; offer each once. */
function unique(actions: vscode.CodeAction[]): vscode.CodeAction[] {
  const seen = new Map<string, vscode.CodeAction>();
  for (const action of actions) {
    const key = `${action.title} ${JSON.stringify(action.command?.arguments ?? [])}`;
    const known = seen.get(key);
    if (known === undefined) seen.set(key, action);
    else known.diagnostics = [...(known.diagnostics ?? []), ...(action.diagnostics ?? [])];
  }
  return [...seen.values()];
}
