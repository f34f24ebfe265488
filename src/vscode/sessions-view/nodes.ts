import type * as vscode from "vscode";
import type { RunProgress, QuestionProgress, SourceProgress } from "../../core/progress/run-progress.js";
import type { Verdict } from "../../core/domain/schema.js";
import type { ListedSession } from "../../storage/sessions/list-sessions.js";
import type { GroupKey } from "./group-sessions.js";

/* What stands in the view. A node is one object as long as it is shown: VS Code knows it by that. */

export interface FolderNode {
  kind: "folder";
  folder: vscode.WorkspaceFolder;
}

export interface GroupNode {
  kind: "group";
  folder: vscode.WorkspaceFolder;
  key: GroupKey;
  sessions: ListedSession[];
}

export interface SessionNode {
  kind: "session";
  folder: vscode.WorkspaceFolder;
  id: string;
  listed: ListedSession;
  /** What its journal told, once it was read; null before that, and for one that this window runs. */
  live: RunProgress | null;
  /** Whether this window runs it. */
  here: boolean;
  parent: FolderNode | GroupNode | undefined;
  /** What stands below it, once that was asked for. */
  parts: PartNode[];
  /** Where in the method it was when it was drawn last. */
  phase?: string;
}

/** What a session consists of. */
type PartName = "error" | "plan" | "sources" | "report" | "verdicts" | "spend";

export interface PartNode {
  kind: "part";
  part: PartName;
  session: SessionNode;
  /** What was shown last, to tell whether that changed. */
  shown: string;
}

export interface QuestionNode {
  kind: "question";
  session: SessionNode;
  question: QuestionProgress;
}

export interface SourceNode {
  kind: "source";
  session: SessionNode;
  source: SourceProgress;
}

export interface VerdictNode {
  kind: "verdict";
  session: SessionNode;
  verdict: Verdict;
  many: number;
}

/** One figure of what was spent. */
export interface FigureNode {
  kind: "figure";
  session: SessionNode;
  label: string;
  value: string;
}

/** More sessions than are shown. */
export interface MoreNode {
  kind: "more";
  group: GroupNode;
  left: number;
}

/** What keeps a folder's sessions from being listed. */
export interface ProblemNode {
  kind: "problem";
  folder: vscode.WorkspaceFolder;
  message: string;
}

export type TreeNode =
  | FolderNode
  | GroupNode
  | SessionNode
  | PartNode
  | QuestionNode
  | SourceNode
  | VerdictNode
  | FigureNode
  | MoreNode
  | ProblemNode;
