import { msg, joinMessages, type Message } from "../common/messages.js";
import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { systemErrorCode, ResearchError } from "../common/errors.js";
import { YAML_FILE } from "../config/load-settings.js";
import { describeProblem } from "../core/report/findings.js";
import {
  NOTHING_ALLOWED,
  readReportFile,
  toCheckedReport,
  uncheckedReport,
  type Allowances,
  type CheckedReport,
} from "../verification/check-report-file.js";
import { listSessions } from "../storage/sessions/list-sessions.js";
import { createReportChecker } from "../verification/report-checker.js";
import { type CheckedText } from "../verification/checked-text.js";
import { createCurrentSources } from "../verification/current-sources.js";
import { openWorkspaceFiles } from "../verification/workspace-files.js";

export interface VerifyOptions {
  /** The sessions folder from the settings, if set. */
  sessions?: string | null;
  /** The folder that must contain reports and the files they name, if not the workspace; null disables that check. */
  root?: string | null;
  allowed?: Allowances;
}

/** A checked report; `text` is null if it could not be read. */
interface Entry {
  result: CheckedReport;
  text: CheckedText | null;
}

/**
 * Checks reports against their snapshots and sessions, and reports workspace files that changed. Uses no model and
 * no network, and reads nothing outside the workspace except the reports and their sessions. A report that cannot be
 * checked has failed, but does not stop the check of the others.
 *
 * @param named reports, or folders of reports; absolute paths
 * @returns a result for each report, and the files in folders that are clearly not reports
 * @throws the signal's reason
 */
export async function verifyReports(
  named: string[],
  workspace: string,
  signal: AbortSignal,
  { sessions = null, root = workspace, allowed = NOTHING_ALLOWED }: VerifyOptions = {},
): Promise<{ checked: CheckedReport[]; others: string[] }> {
  const workspaceFiles = openWorkspaceFiles(workspace);
  const checks = createReportChecker(workspaceFiles.read, {
    workspace: root,
    sessions: () => Promise.resolve(sessions),
    readSource: createCurrentSources(workspace),
  });
  const entries: Entry[] = [];
  const others: string[] = [];
  const folders: string[] = [];
  const sessionsFolder = sessions ?? path.join(workspace, "data", "sessions");
  try {
    for (const each of named) {
      const found = await lstat(each).catch(() => null);
      if (found?.isDirectory() !== true) {
        const entry = await checkOne(each, false);
        if (entry !== null) entries.push(entry);
        continue;
      }
      folders.push(each);
      const before = entries.length;
      await walk(each);
      if (entries.length === before && !allowed.empty) {
        entries.push({
          result: uncheckedReport(each, msg`There is no report in this folder.`, "empty"),
          text: null,
        });
      }
    }
    if (folders.length > 0) entries.push(...(await missingReports()));
  } finally {
    await workspaceFiles.close();
  }
  return { checked: entries.map(({ result }) => result), others };

  /** @returns null for a file in a folder that is clearly not a report */
  async function checkOne(file: string, isInFolder: boolean): Promise<Entry | null> {
    try {
      const markdown = await readReportFile(file);
      const text = await checks.check(markdown, file, signal).catch((error: unknown) => {
        if (isInFolder && error instanceof ResearchError && error.code === "bad-report") return null;
        throw error;
      });
      return text === null ? null : { result: toCheckedReport(file, text, allowed), text };
    } catch (error) {
      signal.throwIfAborted();
      const why =
        error instanceof ResearchError
          ? // The path stands before it already.
            thisReport(error.what, file)
          : msg`The check failed: ${error instanceof Error ? error.message : String(error)}`;
      return { result: uncheckedReport(file, why), text: null };
    }
  }

  async function walk(folder: string): Promise<void> {
    let found: Dirent[];
    try {
      found = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      const why = msg`The folder cannot be read (${systemErrorCode(error)}).`;
      entries.push({ result: uncheckedReport(folder, why), text: null });
      return;
    }
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      signal.throwIfAborted();
      const file = path.join(folder, entry.name);
      const isMarkdown = /\.(?:md|markdown)$/i.test(entry.name);
      if (entry.isDirectory()) {
        // Snapshots and drafts are not reports of this folder.
        const isLeftOut = file === sessionsFolder || entry.name === "node_modules" || entry.name === ".git";
        if (!isLeftOut) await walk(file);
      } else if (entry.isFile() && isMarkdown) {
        const one = await checkOne(file, true);
        if (one === null) others.push(file);
        else entries.push(one);
      } else if (isMarkdown || (await leadsToFolder(file, entry))) {
        const why = msg`This is a link or not a regular file, and was not followed.`;
        entries.push({ result: uncheckedReport(file, why), text: null });
      }
    }
  }

  /** Sessions whose report is missing from one of the folders. */
  async function missingReports(): Promise<Entry[]> {
    const known = new Map(entries.map((each) => [each.result.report, each]));
    const ids = new Set(entries.flatMap(({ text }) => text?.read.fields.get("session") ?? []));
    const missing: Entry[] = [];
    for (const { id, report } of await listSessions(sessionsFolder)) {
      if (report === null || ids.has(id)) continue;
      const file = path.resolve(workspace, report);
      if (!folders.some((folder) => file.startsWith(folder + path.sep))) continue;
      // A refreshed report replaces the one that it refreshes.
      const existing = known.get(file)?.text ?? null;
      if (existing?.refreshes === report) continue;
      const why = describeProblem({ kind: "report-missing", says: [id] });
      missing.push({ result: uncheckedReport(file, why, "report-missing"), text: null });
    }
    return missing;
  }
}

/**
 * The nearest folder, from this one upwards, with a repository, settings or sessions: commands may be run in a
 * subfolder. The folder itself where there is none.
 */
export async function findEnclosingRoot(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const signs = [".git", YAML_FILE, path.join("data", "sessions")].map((name) =>
      lstat(path.join(at, name)),
    );
    const found = await Promise.allSettled(signs);
    if (found.some(({ status }) => status === "fulfilled")) return at;
    if (path.dirname(at) === at) return folder;
  }
}

async function leadsToFolder(file: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  const found: Stats | null = await stat(file).catch(() => null);
  return found?.isDirectory() === true;
}

/** The message with “This report” in place of the file's name. */
function thisReport({ template, values }: Message, file: string): Message {
  return values[0] === file && template.startsWith("{0} ")
    ? { template: template.replace("{0}", "This report"), values: ["", ...values.slice(1)] }
    : { template, values };
}

const CHANGE_WORDS = {
  moved: msg`moved since`,
  changed: msg`changed since`,
  gone: msg`gone since`,
  version: msg`updated since`,
};

/** Formats the result of one report as lines of text: first a summary, then the failures. */
export function describeVerification(result: CheckedReport): Message[] {
  const { report, ok, citations, grounded, failed, since, checked, otherLanguage, edited } = result;
  const counted = citations === 1 ? msg`${citations} citation` : msg`${citations} citations`;
  const noted =
    grounded === 0 ? counted : msg`${counted} (${grounded} found by Google, which cannot be checked)`;
  const [first] = failed;
  if (first !== undefined && isUnchecked(result)) return [joinMessages([report, first.why], ": ")];
  // One citation may fail in several ways.
  const failing = new Set(failed.map(({ n, line }) => `${n} ${line ?? 0}`)).size;
  const summary = ok
    ? grounded === 0
      ? msg`${noted}, all valid`
      : msg`${noted}, the others valid`
    : failed.every(({ n }) => n !== "")
      ? msg`${failing} of ${noted} failed`
      : failed.length === 1
        ? msg`1 problem; ${noted}`
        : msg`${failed.length} problems; ${noted}`;
  return [
    msg`${report}: ${summary}.`,
    ...failed.map(({ n, line, why }) => (n === "" ? msg`line ${line ?? 1}: ${why}` : msg`${n}: ${why}`)),
    ...(ok ? edited.map(({ line, why }) => msg`line ${line ?? 1}, allowed: ${why}`) : []),
    ...since.map(({ n, state, why }) => msg`${n} ${CHANGE_WORDS[state]}: ${why}`),
    ...(otherLanguage === 0
      ? []
      : otherLanguage === 1
        ? [
            msg`1 sentence is neither English nor German: its numbers and names were checked, but not its sense.`,
          ]
        : [
            msg`${otherLanguage} sentences are neither English nor German: their numbers and names were checked, but not their sense.`,
          ]),
    ...(result.google === true ? [msg`The section by Google Search was not checked.`] : []),
    ...(checked === "quotes" && citations > 0
      ? [msg`Only the quotes were checked: the journal of the report's session is missing.`]
      : []),
  ];
}

/** True for the result of a report that could not be checked at all. */
export function isUnchecked({ citations, failed }: CheckedReport): boolean {
  return citations === 0 && failed.length === 1 && failed[0]?.line === null;
}
