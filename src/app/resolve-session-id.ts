import { msg } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import { listSessionIds } from "../storage/sessions/list-sessions.js";
import type { EngineConfig } from "./types.js";

/** Stands for the session that was started last. */
const LAST = "last";
/** A shorter beginning may name a session by mistake. */
const MIN_PREFIX_LENGTH = 4;
/** Number of ids that an error lists. */
const LISTED = 5;

/**
 * The full id of a session that a user named by its id, by the beginning of its id, or as "last". A text that fits no
 * session is returned as it is: the command that needs the session says so.
 * @throws ResearchError "no-session" where there is no session yet, or several ids begin like this
 */
export async function resolveSessionId({ settings }: EngineConfig, given: string): Promise<string> {
  const ids = await listSessionIds(settings.sessionStoragePath);
  if (ids.includes(given)) return given;
  if (given === LAST) {
    const newest = ids.at(-1);
    if (newest !== undefined) return newest;
    throw new ResearchError("no-session", msg`There are no sessions yet.`);
  }
  const found = given.length < MIN_PREFIX_LENGTH ? [] : ids.filter((id) => id.startsWith(given));
  const [only] = found;
  if (found.length > 1) {
    throw new ResearchError(
      "no-session",
      msg`${found.length} sessions begin with “${given}”.`,
      msg`Enter more of the id: ${found.slice(-LISTED).reverse().join(", ")}`,
    );
  }
  return only ?? given;
}

/** The full ids of several sessions, each once. @throws as `resolveSessionId` */
export async function resolveSessionIds(config: EngineConfig, given: string[]): Promise<string[]> {
  return [...new Set(await Promise.all(given.map((each) => resolveSessionId(config, each))))];
}
