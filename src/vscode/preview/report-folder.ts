import * as vscode from "vscode";
import type { DocumentUri } from "./markdown-it-plugin.js";
import { findOutsideTarget } from "../report-editor/outside-links.js";
import { allowedLinkRoots } from "../report-editor/link-roots.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** Whether a document is in the report folder of its workspace folder's settings. */
export function isInReportFolder(uri: DocumentUri): boolean {
  const document = vscode.Uri.from(uri);
  const folder = vscode.workspace.getWorkspaceFolder(document)?.uri;
  const setting: unknown = vscode.workspace.getConfiguration("deepResearch", folder).get("reportOutputPath");
  if (folder === undefined || typeof setting !== "string" || setting === "") return false;
  const isAbsolute = /^(?:[/\\]|[a-z]:)/i.test(setting);
  const reports = isAbsolute
    ? vscode.Uri.file(setting)
    : vscode.Uri.joinPath(folder, setting.replaceAll("\\", "/"));
  return document.path.startsWith(`${trimEndMatching(reports.path, /\//)}/`);
}

/** The target of a link that leaves the document's workspace; null for all others. */
export function resolveOutsideLink(uri: DocumentUri, href: string): string | null {
  const document = vscode.Uri.from(uri);
  return findOutsideTarget(href, document.fsPath, allowedLinkRoots(document));
}
