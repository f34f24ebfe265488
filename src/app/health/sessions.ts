import { existsSync } from "node:fs";
import path from "node:path";
import { listSessions } from "../../storage/sessions/list-sessions.js";
import { isRunning, lockPath } from "../../storage/sessions/session-lock.js";
import { createCheck, type HealthCheck, type HealthContext } from "./check.js";
import { yieldToEventLoop } from "../../common/yield-to-event-loop.js";

/* Sessions that cannot be gone on with, and locks that a killed run left behind. */

/** Names that are given in full; of more there is a number. */
const NAMED = 3;
/** Sessions after which other work gets its turn. */
const STRETCH = 200;

export async function checkSessions(on: HealthContext, sessions: string): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  if (situation.workspace === null) return [];
  const title = l10n.t("Sessions");
  const listed = await listSessions(sessions);
  const damaged = listed.filter(({ status }) => status === "damaged").map(({ id }) => id);
  const newer = listed.filter(({ status }) => status === "newer").map(({ id }) => id);
  const left: string[] = [];
  for (const [index, { id, archived, status }] of listed.entries()) {
    if (archived === true || status === "damaged") continue;
    const folder = path.join(sessions, id);
    if (existsSync(lockPath(folder)) && !(await isRunning(folder).catch(() => true))) left.push(id);
    if (index % STRETCH === 0) await yieldToEventLoop();
    signal.throwIfAborted();
  }
  const checks: HealthCheck[] = [];
  const say = (detail: string, remedy: string, helps?: HealthCheck["helps"]): void => {
    const helping = helps === undefined ? {} : { helps };
    checks.push(createCheck(on, "sessions", title, { state: "warning", detail, remedy, ...helping }));
  };
  if (damaged.length > 0) {
    say(
      l10n.t("{0} cannot be read: {1}.", damaged.length, some(damaged)),
      l10n.t("Restore them from a backup or git, or delete their folders; the reports are not affected."),
    );
  }
  if (newer.length > 0) {
    say(
      l10n.t("{0} were written by a newer Deep Research: {1}.", newer.length, some(newer)),
      l10n.t("Update Deep Research to continue them."),
    );
  }
  if (left.length > 0) {
    say(
      l10n.t("{0} were interrupted and still have their locks: {1}.", left.length, some(left)),
      situation.editor === null
        ? l10n.t("Resume them: deep-research resume ID. Stale locks are harmless.")
        : l10n.t("Resume them with “Deep Research: Resume Session…”. Stale locks are harmless."),
      "resume",
    );
  }
  if (checks.length > 0) return checks;
  const detail =
    listed.length === 0
      ? l10n.t("There are no sessions yet.")
      : l10n.t("{0} in total, all readable.", listed.length);
  return [createCheck(on, "sessions", title, { detail })];
}

function some(ids: string[]): string {
  return ids.length <= NAMED ? ids.join(", ") : `${ids.slice(0, NAMED).join(", ")} …`;
}
