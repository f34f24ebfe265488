import path from "node:path";
import * as vscode from "vscode";
import { checkReportText, openReportCheckThread, type CheckedText } from "../../app/check-report.js";
import { isDraftPath } from "../../app/reports.js";
import { isCancelled, ResearchError } from "../../common/errors.js";
import { readSettingsUi } from "../settings-ui.js";
import { hasReportFrontMatter } from "./front-matter.js";
import { openDiskFolder } from "../virtual/virtual-folders.js";
import { diskFolderOf, toDiskPath } from "../virtual/virtual-paths.js";

/** Checks reports that are open in editors. Reads reports, snapshots and workspace files. */
export interface CheckedDocuments {
  dispose(): void;
  /** The check of a document's current text; null if it is not a report, or was closed meanwhile. */
  of(document: vscode.TextDocument): Promise<CheckedText | null>;
  /** Checks a report that is not open. @throws ResearchError "bad-report" if it is not a report; AbortError */
  check(uri: vscode.Uri, text: string, signal: AbortSignal): Promise<CheckedText>;
  /** The last finished check of a document, possibly of an earlier version. */
  last(uri: vscode.Uri): CheckedText | null;
  /** The most recently started check of a document, possibly still running; undefined if there is none. */
  latest(uri: vscode.Uri): Promise<CheckedText | null> | undefined;
  /** Checks a document again, including all files that it depends on. */
  again(document: vscode.TextDocument): Promise<CheckedText | null>;
  readonly onDidCheck: vscode.Event<vscode.Uri>;
}

interface Checking {
  version: number;
  cancel: AbortController;
  result: Promise<CheckedText | null>;
}

/** Maximum size of a report that is checked in the background, in characters. */
export const MAX_CHECKED_CHARACTERS = 2 * 1024 * 1024;

/** Whether a document is too large to be checked on every change. */
export function isTooLarge(document: vscode.TextDocument): boolean {
  const { range } = document.lineAt(document.lineCount - 1);
  return document.offsetAt(range.end) > MAX_CHECKED_CHARACTERS;
}

export function isReport(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  // The links of a draft are relative to its future location.
  if (languageId !== "markdown" || toDiskPath(uri) === null || isDraftPath(uri.path)) return false;
  return hasReportFrontMatter(document);
}

/** The folder on the disk that a report may refer to: its workspace folder, or its own. */
export function reportRoot(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder === undefined ? path.dirname(uri.fsPath) : diskFolderOf(folder);
}

export function createCheckedDocuments(log: vscode.LogOutputChannel): CheckedDocuments {
  const thread = openReportCheckThread();
  const open = new Map<string, Checking>();
  const last = new Map<string, CheckedText>();
  const checked = new vscode.EventEmitter<vscode.Uri>();
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri));

  return {
    of,
    check,
    last: (uri) => last.get(uri.toString()) ?? null,
    latest: (uri) => open.get(uri.toString())?.result,
    again: (document) => {
      open.get(document.uri.toString())?.cancel.abort();
      open.delete(document.uri.toString());
      return of(document);
    },
    onDidCheck: checked.event,
    dispose() {
      closing.dispose();
      checked.dispose();
      for (const { cancel } of open.values()) cancel.abort();
      void thread.close();
    },
  };

  async function of(document: vscode.TextDocument): Promise<CheckedText | null> {
    for (;;) {
      const { version } = document;
      const found = await checkOf(document);
      // The document has changed since, so the ranges no longer match.
      if (document.version === version || document.isClosed) return found;
    }
  }

  function checkOf(document: vscode.TextDocument): Promise<CheckedText | null> {
    const key = document.uri.toString();
    if (document.isClosed || !isReport(document)) {
      forget(document.uri);
      return Promise.resolve(null);
    }
    const known = open.get(key);
    if (known?.version === document.version) return known.result;
    known?.cancel.abort();
    const cancel = new AbortController();
    const result = settle(document, cancel.signal);
    open.set(key, { version: document.version, cancel, result });
    return result;
  }

  async function settle(document: vscode.TextDocument, signal: AbortSignal): Promise<CheckedText | null> {
    const { uri, version } = document;
    if (isTooLarge(document)) {
      last.delete(uri.toString());
      checked.fire(uri);
      return null;
    }
    try {
      const found = await check(uri, document.getText(), signal);
      signal.throwIfAborted();
      last.set(uri.toString(), found);
      checked.fire(uri);
      return found;
    } catch (error) {
      if (isCancelled(error) || signal.aborted) {
        // If only files changed, callers get the newer result. Callers from before the last edit get null and
        // ask again.
        const newer = open.get(uri.toString());
        return newer?.version === version && newer.cancel.signal !== signal ? newer.result : null;
      }
      // While the user types, the front matter or the sources may be incomplete.
      if (!(error instanceof ResearchError)) log.error(error instanceof Error ? error : String(error));
      last.delete(uri.toString());
      checked.fire(uri);
      return null;
    }
  }

  async function check(uri: vscode.Uri, text: string, signal: AbortSignal): Promise<CheckedText> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const workspace =
      folder === undefined
        ? null
        : { folder: await openDiskFolder(folder), layers: readSettingsUi(folder.uri) };
    return checkReportText(thread, toDiskPath(uri) ?? uri.fsPath, text, workspace, signal);
  }

  function forget(uri: vscode.Uri): void {
    const key = uri.toString();
    open.get(key)?.cancel.abort();
    open.delete(key);
    if (last.delete(key)) checked.fire(uri);
  }
}
