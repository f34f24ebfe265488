import * as vscode from "vscode";
import type { SessionNode } from "./nodes.js";

/* What items have in common: icons, their colours, ids. */

export const GREEN = "testing.iconPassed";
// These are there in high contrast, too.
export const YELLOW = "testing.iconQueued";
export const RED = "testing.iconFailed";
export const BLUE = "charts.blue";
export const GREY = "disabledForeground";

export function themeIcon(id: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** By its id VS Code knows an item again, and whether it was open. */
export function nodeId({ folder, id }: SessionNode): string {
  return `${folder.uri.toString()}/${id}`;
}

export function nodeTitle({ listed, id }: SessionNode): string {
  return listed.name ?? (listed.question === "" ? id : listed.question);
}
