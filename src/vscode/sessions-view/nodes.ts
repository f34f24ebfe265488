import { type Message } from "../../common/messages.js";
import type * as vscode from "vscode";
import type { RunProgress, QuestionProgress, SourceProgress } from "../../core/progress/run-progress.js";
import type { SessionQuote } from "../../app/session-quotes.js";
import type { ListedSession } from "../../app/sessions.js";
import type { GroupKey } from "./group-sessions.js";

/*
 * Nodes of the sessions tree. VS Code identifies nodes by object identity, so each must stay the same object.
 */

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
  /** The progress read from its journal; null before that, and for a session that this window runs. */
  live: RunProgress | null;
  /** Whether this window runs it. */
  here: boolean;
  parent: FolderNode | GroupNode | undefined;
  /** Its child nodes, once requested. */
  parts: PartNode[];
  /** The phase that was drawn last. */
  phase?: string;
  /** The quotes of its report, by the hash of their source, once requested. */
  quotes?: Promise<Map<string, SessionQuote[]>>;
}

/** The details of a session. */
type PartName = "error" | "plan" | "sources" | "report" | "verdicts" | "spend";

export interface PartNode {
  kind: "part";
  part: PartName;
  session: SessionNode;
  /** The fingerprint that was drawn last, to detect changes. */
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

/** A quote below its source. */
export interface QuoteNode {
  kind: "quote";
  session: SessionNode;
  source: SourceProgress;
  quote: SessionQuote;
}

/** One figure of the session's spend. */
export interface FigureNode {
  kind: "figure";
  session: SessionNode;
  label: string;
  value: string;
}

/** Stands for sessions that are not shown yet. */
export interface MoreNode {
  kind: "more";
  group: GroupNode;
  left: number;
}

/** The reason why a folder's sessions cannot be listed. */
export interface ProblemNode {
  kind: "problem";
  folder: vscode.WorkspaceFolder;
  message: Message;
}

export type TreeNode =
  | FolderNode
  | GroupNode
  | SessionNode
  | PartNode
  | QuestionNode
  | SourceNode
  | QuoteNode
  | FigureNode
  | MoreNode
  | ProblemNode;
