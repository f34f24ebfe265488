import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { readRegularText } from "../../common/read-file.js";
import { summarizeCheck } from "../../verification/report-checker.js";
import { isInReportFolder } from "../preview/report-folder.js";
import { MAX_CHECKED_CHARACTERS, type CheckedDocuments } from "./checked-documents.js";
import { hasMissingFile, createRetrySchedule } from "./retry-missing-files.js";
import { watchFiles } from "./watch-files.js";

/** A pause between two reports, so that whoever works is not held up. Milliseconds. */
const PAUSE = 50;
/** What changes together is told together. Milliseconds. */
const TOGETHER = 200;
/** How often a report is judged whose files change all the time. */
const TRIES = 4;
/** Bytes of a report that is read for a badge in a window that nobody has trusted yet. */
const LARGEST_UNTRUSTED = 256 * 1024;
/** Reports whose badges are kept. */
const KEPT = 2000;

interface Known {
  /** The times of the report and of all that it rests on. */
  version: string;
  files: string[];
  badge: vscode.FileDecoration | undefined;
  /** Whether one of the files is not there. */
  missing: boolean;
}

/**
 * Badges in the explorer: "!" where a citation fails, "~" where a source in the workspace no longer says what it did.
 * Worked out in the background for what the explorer shows, one report at a time, and kept until a file changes.
 * Folders get none: a red `data` would hide which report is meant.
 */
export function createReportDecorations(reports: CheckedDocuments): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  const known = new Map<string, Known>();
  const queue = new Map<string, vscode.Uri>();
  const cancel = new AbortController();
  const looks = createRetrySchedule();
  let told: vscode.Uri[] = [];
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
  // What the editor finds out is worth a look by the explorer, too.
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
    // Other reports, and larger ones, may have badges now.
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
    const version = await versionOf([uri.fsPath, ...(before?.files ?? [])]);
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
    if (known.size > KEPT && oldest !== undefined) {
      known.delete(oldest);
      looks.stop(oldest);
    }
    if (before?.badge?.badge === badge?.badge && before?.badge?.tooltip === badge?.tooltip) return;
    told.push(uri);
    timer ??= setTimeout(() => {
      timer = undefined;
      const all = told;
      told = [];
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

  /** Judged until nothing changed meanwhile, since that would never be seen; what did not change is not read again. */
  async function judgeWhole(uri: vscode.Uri, before: string): Promise<Known> {
    let version = before;
    for (let tries = 1; ; tries++) {
      const judged = await judge(uri);
      const now = await versionOf([uri.fsPath, ...judged.files]);
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
      // No report of ours, or gone by now.
      return { badge: undefined, files: [], missing: false };
    }
  }
}

function mayBeReport(uri: vscode.Uri): boolean {
  if (uri.scheme !== "file" || !uri.path.endsWith(".md")) return false;
  // A folder that nobody has trusted has no say in where reports are read from.
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

async function versionOf(files: string[]): Promise<string> {
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
