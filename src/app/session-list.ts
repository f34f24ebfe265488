import { listSession, listSessions, compareNewestFirst } from "../storage/sessions/list-sessions.js";
import type { ListedSession } from "../storage/sessions/session-summary.js";

/** From this many changes on, list everything again: it costs no more. */
const MANY = 200;

/**
 * The listed sessions of a folder, updated incrementally: only changed sessions are read again.
 */
export class SessionList {
  private sessions: Promise<ListedSession[]> | null = null;

  constructor(readonly folder: string) {}

  /** All sessions, newest first; listed on first use. */
  all(): Promise<ListedSession[]> {
    return (this.sessions ??= listSessions(this.folder));
  }

  forget(): void {
    this.sessions = null;
  }

  /**
   * Reads these sessions again.
   * @returns the ids of those that changed, and whether any was added, removed or moved
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
      // Without its folder the session may be archived; only a complete listing reads the archive.
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
      // A session that starts, ends or is archived changes its position.
      const runs = (session: ListedSession | undefined): boolean => session?.status === "running";
      if (before === undefined || before.archived !== now.archived || runs(before) !== runs(now))
        moved = true;
    }
    return { changed, moved };
  }

  /** Ids of sessions that seemed to be running when they were last read. */
  async running(): Promise<string[]> {
    return (await this.all()).filter(({ status }) => status === "running").map(({ id }) => id);
  }
}
