import type { Ports, Reader } from "../core/domain/ports.js";
import type { PreviousResearch } from "../core/prompts/plan.js";
import { canonicalLocationKey } from "../core/pipeline/source-identity.js";
import type { SourceLocation, Source } from "../core/domain/schema.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import { readSession, resolveSessionFolder, type Session } from "../storage/sessions/session.js";
import { snapshotFolder, SnapshotFiles } from "../storage/sessions/snapshots.js";
import { isRemoteProvider } from "./model-providers.js";
import { EMPTY_SEARCH_CONTEXT, openSearches } from "../search/providers.js";
import { loadPreviousSession, type PreviousSession } from "./prior-session.js";
import type { EngineConfig } from "./types.js";
import { loadSessionReport } from "./load-session-report.js";

/* What a run has at hand in a session that goes on from an earlier one. */

/**
 * The ports of a session that follows another: the earlier sources can be searched, and pages among them
 * are read as they were kept. Other sessions get theirs back as they are.
 */
export async function createFollowUpPorts(
  config: EngineConfig,
  { header }: Session,
  follows: string | undefined,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ ports: Ports; before: PreviousResearch | undefined }> {
  if (follows === undefined) return { ports, before: undefined };
  const sessions = config.settings.sessionStoragePath;
  const { before, sources } = await loadPreviousSession(ports.steps, follows, () =>
    loadPreviousResearch(config, header, follows, signal),
  );
  const kept = new SnapshotFiles(snapshotFolder(resolveSessionFolder(sessions, follows)));
  // Whatever is lost by now is found anew, or not.
  const textOf = (source: Source): Promise<string | null> => kept.text(source).catch(() => null);
  const context = {
    ...EMPTY_SEARCH_CONTEXT,
    settings: config.settings,
    previousSession: { sources, textOf },
  };
  return {
    before,
    ports: {
      ...ports,
      searches: [...ports.searches, ...openSearches(context, ["previous-session"])],
      reader: snapshotFirstReader(ports.reader, sources, textOf),
    },
  };
}

/** What was asked and answered before, and its sources, so far as this session may have them. */
async function loadPreviousResearch(
  config: EngineConfig,
  header: Header,
  follows: string,
  signal: AbortSignal,
): Promise<PreviousSession> {
  const sessions = config.settings.sessionStoragePath;
  const { header: earlier } = await readSession(sessions, follows);
  const { report } = await loadSessionReport(sessions, follows, false, signal);
  const isAllowed = ({ place }: Source): boolean => isSourceAllowed(place, config, header, earlier);
  const allowed = new Set(
    report.evidence
      .filter(({ source }) => {
        const of = report.sources[source];
        return of !== undefined && isAllowed(of);
      })
      .map(({ id }) => id),
  );
  return {
    before: {
      question: report.question,
      title: report.title,
      // A sentence says what its sources say: it goes where they may go.
      summary: report.summary
        .filter(({ evidence }) => evidence.length > 0 && evidence.every((id) => allowed.has(id)))
        .filter(({ asBlock }) => asBlock !== true)
        .map(({ text }) => text),
    },
    sources: report.sources.filter(isAllowed),
  };
}

/** Whether a source of the earlier session may be given to this one. */
function isSourceAllowed(
  place: SourceLocation,
  { settings }: EngineConfig,
  now: Header,
  earlier: Header,
): boolean {
  // What Google found stays in its own session.
  if (place.kind === "grounded") return false;
  if (place.kind === "workspace") return now.scope.includes("workspace");
  if (place.kind === "package") return now.scope.includes("packages");
  if (place.kind === "commit") return now.scope.includes("history");
  // An intranet's page that only this machine has seen is not sent because a question goes on from it.
  const isPrivate = settings.allowedPrivateHosts.includes(hostAndPort(place.url));
  return !(isPrivate && !isRemoteProvider(earlier.engine) && isRemoteProvider(now.engine));
}

function hostAndPort(url: string): string {
  if (!URL.canParse(url)) return "";
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`;
}

/** Pages that were kept are given as they were read then; workspace files are read as they are today. */
function snapshotFirstReader(
  reader: Reader,
  sources: Source[],
  textOf: (source: Source) => Promise<string | null>,
): Reader {
  const pages = new Map(
    sources
      .filter(({ place }) => place.kind === "page")
      .map((source) => [canonicalLocationKey(source.place), source]),
  );
  return {
    async read(place, signal) {
      const source = place.kind === "page" ? pages.get(canonicalLocationKey(place)) : undefined;
      const text = source === undefined ? null : await textOf(source);
      if (source === undefined || text === null) return reader.read(place, signal);
      const { title, commit, lines, pages: numbers, canonical, warnings, readAt } = source;
      return {
        title,
        text,
        commit,
        lines,
        pages: numbers,
        links: [],
        canonical,
        warnings,
        readAt: new Date(readAt),
      };
    },
  };
}
