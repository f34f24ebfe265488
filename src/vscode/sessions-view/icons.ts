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

export function nodeTitle({ listed, id }: SessionNode): string {
  return listed.name ?? listed.title ?? (listed.question === "" ? id : listed.question);
}
