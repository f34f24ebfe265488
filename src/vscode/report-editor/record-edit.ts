import * as vscode from "vscode";
import { recordReportEdit } from "../../app/recheck-sentence.js";
import { parseReport } from "../../core/report/parse-report.js";
import { applyTextEdits, type TextEdit } from "../../core/report/report-edits.js";
import type { WrittenSentence } from "../../storage/sessions/journal-schema.js";
import { diffReportLines } from "../../storage/reports/report-line-hashes.js";
import { loadWorkspaceConfig } from "../workspace-config.js";

/*
 * What we change in a report ourselves is noted in its session: else it would be told as an edit made by hand. In a
 * workspace that is not trusted nothing is written, and it is told as one.
 */

/**
 * Notes a change of ours.
 * @param sentences those that it is about, as they are now
 * @param line 1-based, of a sentence that was checked again, also where its line did not change; null where none was
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
    await recordReportEdit(config, session, sentences, diffReportLines(before, after, line));
  } catch (error) {
    // Another run has the session: verifying the sentence again notes it.
    log.warn(error instanceof Error ? error.message : String(error));
  }
}

/** A citation that is offered to be taken away: what the report would be then. */
interface Offer {
  before: string;
  after: string;
  sentence: WrittenSentence;
}

export interface OfferedRemovals {
  /** Remembers a citation that may be taken away, and the sentence as it would be then. */
  offer(document: vscode.TextDocument, edits: TextEdit[], sentence: WrittenSentence): void;
  dispose(): void;
}

/** Offers that are remembered. */
const KEPT = 20;

/**
 * Notes citations that our fix takes away. The fix is a plain edit, so that one undo takes it back: that it was made
 * is seen by the text that it leaves.
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
      offers.set(key, [...all, { before, after: applyTextEdits(before, edits), sentence }].slice(-KEPT));
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
