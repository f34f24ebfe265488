import { isCancelled, ResearchError } from "../common/errors.js";
import { isLocal } from "../storage/sessions/session-origin.js";
import { isOursIn, readSession } from "../storage/sessions/session.js";
import type { ForeignSession, Watch } from "./types.js";
import { replay } from "./replay-session.js";

/* A session that this machine did not begin decides on nothing by itself: the user is asked before anything is sent. */

/**
 * Asks whether to go on with a session that was begun elsewhere.
 * @param again the command that goes on with it without asking
 * @throws ResearchError "not-approved" where the user does not agree, or nobody can be asked
 */
export async function askAboutForeign(
  { agree }: Pick<Watch, "agree">,
  foreign: ForeignSession,
  again: string,
): Promise<void> {
  if ((await agree?.(foreign)) === true) return;
  throw new ResearchError(
    "not-approved",
    `The session “${foreign.session}” was not begun on this machine, and nobody agreed to go on with it.`,
    `To go on with it: ${again}`,
  );
}

/**
 * Asks before a new session takes over what a foreign one asked or read. One that is our own is not asked about, and
 * neither is one that leads to nothing outside this machine.
 * @param runs what the new session asks; absent: what the foreign one did
 */
export async function askBeforeTakingOver(
  sessions: string,
  id: string,
  watch: Pick<Watch, "agree" | "signal">,
  again: string,
  runs?: Pick<ForeignSession, "engine" | "scope" | "pages">,
): Promise<void> {
  const read = await readSession(sessions, id);
  if (await isOursIn(read)) return;
  const { header } = read;
  // Its sources may be pages, whatever its first line says: they would be read again.
  const pages = [...new Set([...header.pages, ...(await pagesOf(sessions, id, watch.signal))])];
  if (isLocal({ ...header, pages })) return;
  const { engine, scope } = runs ?? header;
  const named = [...new Set([...pages, ...(runs?.pages ?? [])])];
  if (isLocal({ engine, scope, pages: named })) return;
  await askAboutForeign(
    watch,
    { session: id, question: header.question, engine, scope, pages: named },
    again,
  );
}

/** The pages that a session's report has as sources; none where it gives no report. */
async function pagesOf(sessions: string, id: string, signal: AbortSignal): Promise<string[]> {
  try {
    const { report } = await replay(sessions, id, false, signal);
    return report.sources.flatMap(({ place }) => (place.kind === "page" ? [place.url] : []));
  } catch (error) {
    if (isCancelled(error)) throw error;
    return [];
  }
}
