import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { listReportFiles, readSavedReport, type SavedReport } from "../../app/reports.js";
import { isSessionId } from "../../app/sessions.js";
import { findReportsFolder } from "../workspace-config.js";
import { pickOne } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { activeReport } from "./verify-report.js";
import { isUsableFolder, toDiskPath, toWindowUri } from "../virtual/virtual-paths.js";

/* Finds the report or session for a command: by an argument, the active editor, or a pick. */

/** A report in a folder of the window. */
export interface ReportInFolder extends SavedReport {
  uri: vscode.Uri;
  folder: vscode.WorkspaceFolder;
}

/** @throws WindowProblem if the workspace is not trusted */
export function assertTrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new WindowProblem(
    "untrusted",
    vscode.l10n.t(
      "This workspace is not trusted, so nothing in it is read or sent. Trust it to start research.",
    ),
  );
}

/** The address that a menu, a tree or a caller passes. */
export function toUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== "object" || argument === null) return undefined;
  const item = argument as Record<string, unknown>;
  return [item["resourceUri"], item["uri"], item["report"]].find((each) => each instanceof vscode.Uri);
}

/** The session id that a tree or a caller passes. */
export function toSessionId(argument: unknown): string | undefined {
  const Id = z.string().refine(isSessionId);
  const Item = z.union([
    Id,
    z.object({ session: Id }).transform(({ session }) => session),
    z.object({ id: Id }).transform(({ id }) => id),
  ]);
  return argument instanceof vscode.Uri ? undefined : Item.safeParse(argument).data;
}

/** The report for a command: the given one, otherwise the active one, otherwise one that the user picks. */
export async function chooseReport(argument: unknown, title: string): Promise<ReportInFolder | undefined> {
  const uri = toUri(argument) ?? activeReport();
  if (uri !== undefined) {
    const found = await readReportAt(uri);
    if (found !== null) return found;
    throw new WindowProblem(
      "no-report",
      vscode.l10n.t("{0} is not a report in a folder of this window.", path.basename(uri.fsPath)),
    );
  }
  const reports = await listReportsOfWindow();
  if (reports.length === 0) throw new WindowProblem("no-report", vscode.l10n.t("There are no reports yet."));
  const chosen = await pickOne(
    reports.map((report) => ({ label: report.title, description: report.date, report })),
    { title, matchOnDescription: true },
  );
  return chosen?.report;
}

/** The reports of all folders, newest first: file names start with the date. */
export async function listReportsOfWindow(): Promise<ReportInFolder[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isUsableFolder);
  const found = (await Promise.all(folders.map(reportsIn))).flat();
  return found
    .map((report) => ({ report, name: path.basename(report.uri.fsPath) }))
    .sort((a, b) => (a.name < b.name ? 1 : -1))
    .map(({ report }) => report);
}

async function reportsIn(folder: vscode.WorkspaceFolder): Promise<ReportInFolder[]> {
  const files = await listReportFiles(await findReportsFolder(folder));
  const read = await Promise.all(
    files.map((file) => readReportAt(toWindowUri(file), folder).catch(() => null)),
  );
  return read.filter((each) => each !== null);
}

async function readReportAt(uri: vscode.Uri, given?: vscode.WorkspaceFolder): Promise<ReportInFolder | null> {
  const folder = given ?? vscode.workspace.getWorkspaceFolder(uri);
  const file = toDiskPath(uri);
  if (folder === undefined || file === null) return null;
  const saved = await readSavedReport(file);
  return saved === null ? null : { ...saved, uri, folder };
}
