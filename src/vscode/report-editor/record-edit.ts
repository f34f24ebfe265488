import * as vscode from "vscode";
import { recordReportEdit, type WrittenSentence } from "../../app/recheck-sentence.js";
import { parseReport } from "../../core/report/parse-report.js";
import { applyTextEdits, type TextEdit } from "../../core/report/report-edits.js";
import { loadWorkspaceConfig } from "../workspace-config.js";

/*
 * Records our own changes to a report in its session; otherwise they would be reported as manual edits. In an
 * untrusted workspace nothing is written, so they are reported as manual edits.
 */

/**
 * Records one of our changes.
 * @param sentences the changed sentences, in their new form
 * @param line 1-based line of a re-checked sentence, even if it did not change; null if there is none
 */
export async function recordEdit(
  uri: vscode.Uri,
  before: string,
  after: string,
  { sentences, line }: { sentences: WrittenSentence[]; line: number | null },
  log: vscode.LogOutputChannel,
): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!vscode.workspace.isTrusted || folder === undefined) return;
  try {
    const session = parseReport(after).fields.get("session") ?? "";
    const config = await loadWorkspaceConfig(folder, null);
    await recordReportEdit(config, session, sentences, { before, after, line });
  } catch (error) {
    // Another run holds the session. Verifying the sentence again will record the change.
    log.warn(error instanceof Error ? error.message : String(error));
  }
}

/** An offered removal of a citation, with the resulting report. */
interface Offer {
  before: string;
  after: string;
  sentence: WrittenSentence;
}

export interface OfferedRemovals {
  /** Remembers an offered removal and the sentence that it would leave. */
  offer(document: vscode.TextDocument, edits: TextEdit[], sentence: WrittenSentence): void;
  dispose(): void;
}

/** Maximum number of remembered offers. */
const MAX_OFFERS = 20;

/**
 * Records citations that our quick fix removes. The fix is a plain edit, so that one undo reverts it; that it
 * was applied is recognized by the resulting text.
 */
export function createOfferedRemovals(log: vscode.LogOutputChannel): OfferedRemovals {
  const offers = new Map<string, Offer[]>();
  const changes = vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
    const key = document.uri.toString();
    const known = offers.get(key);
    if (known === undefined || reason !== undefined) return;
    const text = lf(document.getText());
    const made = known.find(({ after }) => after === text);
    if (made === undefined) return;
    offers.delete(key);
    const { before, after, sentence } = made;
    void recordEdit(document.uri, before, after, { sentences: [sentence], line: null }, log);
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => offers.delete(uri.toString()));
  return {
    offer(document, edits, sentence) {
      const key = document.uri.toString();
      const before = lf(document.getText());
      const all = (offers.get(key) ?? []).filter((each) => each.before === before);
      offers.set(
        key,
        [...all, { before, after: applyTextEdits(before, edits), sentence }].slice(-MAX_OFFERS),
      );
    },
    dispose() {
      changes.dispose();
      closed.dispose();
    },
  };
}

function lf(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
