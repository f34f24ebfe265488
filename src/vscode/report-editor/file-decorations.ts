import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { readRegularText } from "../../common/read-file.js";
import { summarizeCheck } from "../../app/check-report.js";
import { isInReportFolder } from "../preview/report-folder.js";
import { MAX_CHECKED_CHARACTERS, type CheckedDocuments } from "./checked-documents.js";
import { hasMissingFile, createRetrySchedule } from "./retry-missing-files.js";
import { watchFiles } from "./watch-files.js";

/** Milliseconds between two reports, so that the user is not slowed down. */
const PAUSE = 50;
/** Milliseconds in which changes are collected into one event. */
const TOGETHER = 200;
/** How often a report is checked again if its files keep changing. */
const TRIES = 4;
/** Maximum size in bytes of a report that is checked in an untrusted window. */
const LARGEST_UNTRUSTED = 256 * 1024;
/** Maximum number of cached badges. */
const MAX_CACHED = 2000;

interface Known {
  /** Modification times of the report and of all files that it depends on. */
  version: string;
  files: string[];
  badge: vscode.FileDecoration | undefined;
  /** Whether one of those files is missing. */
  missing: boolean;
}

/**
 * Badges in the explorer: "!" if a citation fails, "~" if a workspace source no longer contains a quote. They
 * are computed in the background for the files that the explorer shows, one report at a time, and cached until
 * a file changes. Folders get no badge: a red `data` would hide which report is affected.
 */
export function createReportDecorations(reports: CheckedDocuments): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  const known = new Map<string, Known>();
  const queue = new Map<string, vscode.Uri>();
  const cancel = new AbortController();
  const looks = createRetrySchedule();
  let pendingUris: vscode.Uri[] = [];
  let timer: NodeJS.Timeout | undefined;
  let working = false;

  const provider = vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: (uri) => {
      if (!mayBeReport(uri)) return undefined;
      queue.set(uri.toString(), uri);
      void work();
      return known.get(uri.toString())?.badge;
    },
  });
  // Re-evaluate the decoration when the editor re-checks the report.
  const checked = reports.onDidCheck((uri) => {
    if (!known.has(uri.toString())) return;
    queue.set(uri.toString(), uri);
    void work();
  });
  const touched = (isTouched: (file: string) => boolean): void => {
    for (const [key, { files }] of known) {
      if (files.some(isTouched)) queue.set(key, vscode.Uri.parse(key));
    }
    if (queue.size > 0) void work();
  };
  return vscode.Disposable.from(
    provider,
    checked,
    changed,
    watchFiles(touched),
    looks,
    // Now other and larger reports may get badges.
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      known.clear();
      changed.fire(undefined);
    }),
    new vscode.Disposable(() => {
      cancel.abort();
      clearTimeout(timer);
    }),
  );

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    try {
      for (let [next] = queue; next !== undefined; [next] = queue) {
        const [key, uri] = next;
        queue.delete(key);
        await look(key, uri);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        if (cancel.signal.aborted) return;
      }
    } finally {
      working = false;
    }
  }

  async function look(key: string, uri: vscode.Uri): Promise<void> {
    const before = known.get(key);
    const version = await readVersion([uri.fsPath, ...(before?.files ?? [])]);
    if (before?.version === version) {
      lookAgain(key, uri, before);
      return;
    }
    const judged = await judgeWhole(uri, version);
    lookAgain(key, uri, judged);
    const { badge } = judged;
    known.delete(key);
    known.set(key, judged);
    const [oldest] = known.keys();
    if (known.size > MAX_CACHED && oldest !== undefined) {
      known.delete(oldest);
      looks.stop(oldest);
    }
    if (before?.badge?.badge === badge?.badge && before?.badge?.tooltip === badge?.tooltip) return;
    pendingUris.push(uri);
    timer ??= setTimeout(() => {
      timer = undefined;
      const all = pendingUris;
      pendingUris = [];
      changed.fire(all);
    }, TOGETHER);
  }

  function lookAgain(key: string, uri: vscode.Uri, { missing }: Known): void {
    if (!missing) looks.stop(key);
    else
      looks.later(key, () => {
        queue.set(key, uri);
        void work();
      });
  }

  /**
   * Repeats the check until no file changed during it, because such a change would go unnoticed. Unchanged
   * files are not read again.
   */
  async function judgeWhole(uri: vscode.Uri, before: string): Promise<Known> {
    let version = before;
    for (let tries = 1; ; tries++) {
      const judged = await judge(uri);
      const now = await readVersion([uri.fsPath, ...judged.files]);
      if (now === version) return { ...judged, version };
      if (tries === TRIES) return { ...judged, version: "" };
      version = now;
    }
  }

  async function judge(uri: vscode.Uri): Promise<Omit<Known, "version">> {
    try {
      const { size } = await stat(uri.fsPath);
      const none = { files: [], missing: false };
      if (!vscode.workspace.isTrusted && size > LARGEST_UNTRUSTED) return { badge: undefined, ...none };
      if (size > MAX_CHECKED_CHARACTERS) return { badge: unchecked(), ...none };
      const markdown = await readRegularText(uri.fsPath, { maxBytes: MAX_CHECKED_CHARACTERS });
      const checked = await reports.check(uri, markdown, cancel.signal);
      const { failed, outdated, others } = summarizeCheck(checked);
      const badge =
        failed > 0
          ? broken(failed)
          : others > 0
            ? doubtful(others)
            : outdated > 0
              ? stale(outdated)
              : undefined;
      return { badge, files: checked.files, missing: hasMissingFile(checked.findings) };
    } catch {
      // Not a report, or deleted meanwhile.
      return { badge: undefined, files: [], missing: false };
    }
  }
}

function mayBeReport(uri: vscode.Uri): boolean {
  if (uri.scheme !== "file" || !uri.path.endsWith(".md")) return false;
  // An untrusted folder cannot choose where reports are read from.
  const isNamedSo = vscode.workspace.isTrusted && /\/data\/reports\//i.test(uri.path);
  return isNamedSo || isInReportFolder(uri);
}

function unchecked(): vscode.FileDecoration {
  return new vscode.FileDecoration(
    "?",
    vscode.l10n.t("This report is too large to check here. Use “Verify Report”."),
  );
}

function broken(failed: number): vscode.FileDecoration {
  const says =
    failed === 1
      ? vscode.l10n.t("1 citation failed verification")
      : vscode.l10n.t("{0} citations failed verification", failed);
  return new vscode.FileDecoration("!", says, new vscode.ThemeColor("list.errorForeground"));
}

function doubtful(others: number): vscode.FileDecoration {
  const says =
    others === 1
      ? vscode.l10n.t("1 problem: the report differs from what was checked")
      : vscode.l10n.t("{0} problems: the report differs from what was checked", others);
  return new vscode.FileDecoration("!", says, new vscode.ThemeColor("list.errorForeground"));
}

function stale(old: number): vscode.FileDecoration {
  const says =
    old === 1
      ? vscode.l10n.t("1 quote is no longer in its file")
      : vscode.l10n.t("{0} quotes are no longer in their files", old);
  return new vscode.FileDecoration("~", says, new vscode.ThemeColor("list.warningForeground"));
}

async function readVersion(files: string[]): Promise<string> {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
        () => "gone",
      ),
    ),
  );
  return times.join("\n");
}
