import { bySurface, msg, type Message } from "../common/messages.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import { isRemoteProvider } from "./model-providers.js";
import { isCancelled, ResearchError } from "../common/errors.js";
import { isOwnSession, readSession } from "../storage/sessions/session.js";
import type { ForeignSession, RunCallbacks } from "./types.js";
import { loadSessionReport } from "./load-session-report.js";

/* A session that this machine did not begin decides on nothing by itself: the user is asked before anything is sent. */

/**
 * Asks whether to go on with a session that was begun elsewhere.
 * @param again the command that goes on with it without asking
 * @throws ResearchError "not-approved" where the user does not agree, or nobody can be asked
 */
export async function confirmForeignSession(
  { confirmForeign }: Pick<RunCallbacks, "confirmForeign">,
  foreign: ForeignSession,
  again: Message,
): Promise<void> {
  if ((await confirmForeign?.(foreign)) === true) return;
  throw new ResearchError(
    "not-approved",
    msg`The session “${foreign.session}” was not started on this machine and has not been confirmed.`,
    bySurface(msg`To continue it: ${again}`, msg`To continue it, try again and confirm it.`),
  );
}

/**
 * Asks before a new session uses the question or sources of a foreign session. Does not ask for own sessions, or if
 * nothing would leave this machine.
 * @param runs what the new session asks; absent: what the foreign one did
 */
export async function confirmForeignSources(
  sessions: string,
  id: string,
  watch: Pick<RunCallbacks, "confirmForeign" | "signal">,
  again: Message,
  runs?: Pick<ForeignSession, "engine" | "scope" | "pages">,
): Promise<void> {
  const read = await readSession(sessions, id);
  if (await isOwnSession(read)) return;
  const { header } = read;
  // Its sources may be pages, whatever its first line says: they would be read again.
  const pages = [
    ...new Set([...header.pages, ...(header.sites ?? []), ...(await pagesOf(sessions, id, watch.signal))]),
  ];
  if (isLocalSession({ ...header, pages })) return;
  const { engine, scope } = runs ?? header;
  const named = [...new Set([...pages, ...(runs?.pages ?? [])])];
  if (isLocalSession({ engine, scope, pages: named })) return;
  await confirmForeignSession(
    watch,
    { session: id, question: header.question, engine, scope, pages: named },
    again,
  );
}

/** The pages that a session's report has as sources; none where it gives no report. */
async function pagesOf(sessions: string, id: string, signal: AbortSignal): Promise<string[]> {
  try {
    const { report } = await loadSessionReport(sessions, id, false, signal);
    return report.sources.flatMap(({ place }) => (place.kind === "page" ? [place.url] : []));
  } catch (error) {
    if (isCancelled(error)) throw error;
    return [];
  }
}

/** Whether a session, as its header says it, sends nothing anywhere: no remote model, no web, no page. */
export function isLocalSession({
  engine,
  scope,
  pages,
  sites = [],
}: Pick<Header, "engine" | "scope" | "pages" | "sites">): boolean {
  const isSearchedElsewhere = scope.includes("web") || scope.includes("google");
  return !isRemoteProvider(engine) && !isSearchedElsewhere && pages.length + sites.length === 0;
}
