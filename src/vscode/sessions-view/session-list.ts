import {
  listSession,
  listSessions,
  compareNewestFirst,
  type ListedSession,
} from "../../storage/sessions/list-sessions.js";

/** From so many changes on everything is listed anew: it costs no more. */
const MANY = 200;

/**
 * The sessions of a folder as they were listed, kept up to date: of a change only what changed is read.
 * Knows no VS Code.
 */
export class SessionList {
  private sessions: Promise<ListedSession[]> | null = null;

  constructor(readonly folder: string) {}

  /** All of them, newest first; listed when it is first asked for. */
  all(): Promise<ListedSession[]> {
    return (this.sessions ??= listSessions(this.folder));
  }

  /** Forgets what was listed. */
  forget(): void {
    this.sessions = null;
  }

  /**
   * Reads those sessions again.
   * @returns the ids of those that look otherwise now, and whether any came, went or moved
   */
  async update(ids: string[]): Promise<{ changed: string[]; moved: boolean }> {
    if (this.sessions === null) return { changed: [], moved: true };
    if (ids.length > MANY) {
      this.forget();
      return { changed: [], moved: true };
    }
    const sessions = await this.all();
    const changed: string[] = [];
    let moved = false;
    for (const id of new Set(ids)) {
      const now = await listSession(this.folder, id);
      const index = sessions.findIndex((session) => session.id === id);
      const before = sessions[index];
      // Without a folder it may lie in the archive, which only a whole listing reads.
      if (now === null) {
        if (before !== undefined && before.archived !== true) {
          this.forget();
          return { changed: [], moved: true };
        }
        continue;
      }
      if (JSON.stringify(now) === JSON.stringify(before)) continue;
      if (before !== undefined) sessions[index] = now;
      else {
        const at = sessions.findIndex((session) => compareNewestFirst(session, now) > 0);
        sessions.splice(at < 0 ? sessions.length : at, 0, now);
      }
      changed.push(id);
      // What begins or ends to run, or was archived, stands elsewhere.
      const runs = (session: ListedSession | undefined): boolean => session?.status === "running";
      if (before === undefined || before.archived !== now.archived || runs(before) !== runs(now))
        moved = true;
    }
    return { changed, moved };
  }

  /** Ids of sessions that somebody seemed to run when they were last read. */
  async running(): Promise<string[]> {
    return (await this.all()).filter(({ status }) => status === "running").map(({ id }) => id);
  }
}
