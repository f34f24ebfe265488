import { compareNewestFirst, type ListedSession, type SessionStatus } from "../../app/sessions.js";

/* Filters, groups and sorts sessions for the view. Does not depend on VS Code. */

/** The state of a session as the list shows it. */
export type SessionState = SessionStatus | "archived";

export type GroupKey = "today" | "week" | "month" | "older" | "archived";

export interface Group {
  key: GroupKey;
  sessions: ListedSession[];
}

/** The filter; an empty one matches everything. */
export interface SessionFilter {
  text: string;
  states: SessionState[];
}

export const NO_FILTER: SessionFilter = { text: "", states: [] };

/** The states in the order in which the filter offers them. */
export const STATES = [
  "running",
  "planned",
  "done",
  "partial",
  "failed",
  "cancelled",
  "interrupted",
  "damaged",
  "newer",
  "archived",
] as const satisfies readonly SessionState[];

/** Up to this many sessions are shown in one list without groups. */
export const MAX_UNGROUPED = 20;

const DAY = 24 * 60 * 60 * 1000;

export function sessionState({ status, archived }: ListedSession): SessionState {
  return archived === true ? "archived" : status;
}

export function isFiltering({ text, states }: SessionFilter): boolean {
  return text.trim() !== "" || states.length > 0;
}

/** The sessions whose question, name or title contains each word, in any order. */
export function applyFilter(sessions: ListedSession[], { text, states }: SessionFilter): ListedSession[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter((session) => {
    if (states.length > 0 && !states.includes(sessionState(session))) return false;
    const { question, name = "", title = "" } = session;
    const searchable = `${question} ${name} ${title}`.toLowerCase();
    return words.every((word) => searchable.includes(word));
  });
}

/**
 * Groups sessions by the day on which they started; running sessions come first, in today's group. Empty groups
 * are omitted.
 */
export function groupSessions(sessions: ListedSession[], now: Date): Group[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const groups: Record<GroupKey, ListedSession[]> = {
    today: [],
    week: [],
    month: [],
    older: [],
    archived: [],
  };
  for (const session of sessions) groups[groupKey(session, midnight)].push(session);
  groups.today = compareRunningFirst(groups.today);
  return Object.entries(groups).flatMap(([key, those]) =>
    those.length === 0 ? [] : [{ key: key as GroupKey, sessions: those }],
  );
}

function groupKey(session: ListedSession, midnight: number): GroupKey {
  const state = sessionState(session);
  if (state === "archived") return "archived";
  const began = Date.parse(session.started);
  if (state === "running" || began >= midnight) return "today";
  if (began >= midnight - 6 * DAY) return "week";
  return began >= midnight - 29 * DAY ? "month" : "older";
}

/** Running sessions first, then the newest. */
export function compareRunningFirst(sessions: ListedSession[]): ListedSession[] {
  const runs = (session: ListedSession): number => (sessionState(session) === "running" ? 0 : 1);
  return [...sessions].sort((a, b) => runs(a) - runs(b) || compareNewestFirst(a, b));
}
