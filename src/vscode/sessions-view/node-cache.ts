import type * as vscode from "vscode";
import type { ListedSession } from "../../app/sessions.js";
import type { ActiveRun } from "../runs/active-runs.js";
import { SessionList } from "../../app/session-list.js";
import type { FolderNode, GroupNode, SessionNode } from "./nodes.js";

/** Caches nodes and listings: a session keeps the same node object as long as it exists. */
export class NodeCache {
  private readonly listings = new Map<string, Promise<SessionList>>();
  private readonly sessions = new Map<string, SessionNode>();
  private readonly folders = new Map<string, FolderNode>();
  private readonly groups = new Map<string, GroupNode>();

  constructor(
    private readonly sessionsOf: (folder: vscode.WorkspaceFolder) => Promise<string>,
    private readonly runs: () => readonly ActiveRun[],
  ) {}

  /** Drops the listings and keeps the nodes. */
  forget(): void {
    this.listings.clear();
  }

  /** Whether a folder's sessions have been requested before. */
  isListed(folder: vscode.WorkspaceFolder): boolean {
    return this.listings.has(folder.uri.toString());
  }

  /** The listing of a folder. @throws ResearchError for invalid settings */
  listing(folder: vscode.WorkspaceFolder): Promise<SessionList> {
    const at = folder.uri.toString();
    const begun = this.listings.get(at) ?? this.sessionsOf(folder).then((path) => new SessionList(path));
    // After invalid settings, read them again on the next redraw.
    begun.catch(() => this.listings.delete(at));
    this.listings.set(at, begun);
    return begun;
  }

  async all(folder: vscode.WorkspaceFolder): Promise<ListedSession[]> {
    return (await this.listing(folder)).all();
  }

  /** A session's run, if this window runs it. */
  runOf(folder: vscode.WorkspaceFolder, id: string): ActiveRun | undefined {
    const isIt = (run: ActiveRun): boolean =>
      run.session === id && run.folder.uri.toString() === folder.uri.toString();
    return this.runs().find(isIt);
  }

  known(folder: vscode.WorkspaceFolder, id: string): SessionNode | undefined {
    return this.sessions.get(nodeKey(folder, id));
  }

  session(
    folder: vscode.WorkspaceFolder,
    listed: ListedSession,
    parent: FolderNode | GroupNode | undefined,
  ): SessionNode {
    const run = this.runOf(folder, listed.id);
    const here = run !== undefined;
    const node: SessionNode = this.known(folder, listed.id) ?? {
      ...({ kind: "session", id: listed.id, live: null } as const),
      ...{ folder, listed, here, parent },
      parts: [],
    };
    Object.assign(node, { folder, listed, here, parent });
    if (here) node.live = run.live;
    this.sessions.set(nodeKey(folder, listed.id), node);
    return node;
  }

  group(folder: vscode.WorkspaceFolder, key: GroupNode["key"], sessions: ListedSession[]): GroupNode {
    const at = nodeKey(folder, key);
    const node: GroupNode = this.groups.get(at) ?? { kind: "group", folder, key, sessions };
    Object.assign(node, { folder, sessions });
    this.groups.set(at, node);
    return node;
  }

  folder(folder: vscode.WorkspaceFolder): FolderNode {
    const at = folder.uri.toString();
    const node: FolderNode = this.folders.get(at) ?? { kind: "folder", folder };
    this.folders.set(at, node);
    return node;
  }
}

export function nodeKey(folder: vscode.WorkspaceFolder, name: string): string {
  return `${folder.uri.toString()}/${name}`;
}
