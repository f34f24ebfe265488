import * as vscode from "vscode";
import { recordReportEdit } from "../../app/recheck-sentence.js";
import { readReport } from "../../core/report/parse-report.js";
import { appliedEdits, type Edit } from "../../core/report/report-edits.js";
import type { WrittenSentence } from "../../storage/sessions/journal-schema.js";
import { changesBetween } from "../../storage/reports/report-line-hashes.js";
import { openHouse } from "../workspace-config.js";

/*
 * What we change in a report ourselves is noted in its session: else it would be told as an edit made by hand. In a
 * workspace that is not trusted nothing is written, and it is told as one.
 */

/**
 * Notes a change of ours.
 * @param sentences those that it is about, as they are now
 * @param line 1-based, of a sentence that was checked again, also where its line did not change; null where none was
 */
export async function keepEdit(
  uri: vscode.Uri,
  before: string,
  after: string,
  { sentences, line }: { sentences: WrittenSentence[]; line: number | null },
  log: vscode.LogOutputChannel,
): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!vscode.workspace.isTrusted || folder === undefined) return;
  try {
    const session = readReport(after).fields.get("session") ?? "";
    const house = await openHouse(folder, null);
    await recordReportEdit(house, session, sentences, changesBetween(before, after, line));
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

export interface Removals {
  /** Remembers a citation that may be taken away, and the sentence as it would be then. */
  offer(document: vscode.TextDocument, edits: Edit[], sentence: WrittenSentence): void;
  dispose(): void;
}

/** Offers that are remembered. */
const KEPT = 20;

/**
 * Notes citations that our fix takes away. The fix is a plain edit, so that one undo takes it back: that it was made
 * is seen by the text that it leaves.
 */
export function openRemovals(log: vscode.LogOutputChannel): Removals {
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
    void keepEdit(document.uri, before, after, { sentences: [sentence], line: null }, log);
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => offers.delete(uri.toString()));
  return {
    offer(document, edits, sentence) {
      const key = document.uri.toString();
      const before = lf(document.getText());
      const all = (offers.get(key) ?? []).filter((each) => each.before === before);
      offers.set(key, [...all, { before, after: appliedEdits(before, edits), sentence }].slice(-KEPT));
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
