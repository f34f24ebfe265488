import * as vscode from "vscode";
import type { SessionNode } from "./nodes.js";

/* Icons, icon colours and ids of tree items. */

export const GREEN = "testing.iconPassed";
// These colours also exist in high-contrast themes.
export const YELLOW = "testing.iconQueued";
export const RED = "testing.iconFailed";
export const BLUE = "charts.blue";
export const GREY = "disabledForeground";

export function themeIcon(id: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** VS Code uses the id to recognize an item and to remember whether it is expanded. */
export function nodeId({ folder, id }: SessionNode): string {
  return `${folder.uri.toString()}/${id}`;
}

/** The name, else the report's title; a session that runs or has no report is called by its question. */
export function nodeTitle({ listed, id, here }: SessionNode): string {
  const title = here ? undefined : listed.title;
  return listed.name ?? title ?? (listed.question === "" ? id : listed.question);
}
