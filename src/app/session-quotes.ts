import type { EngineConfig } from "./types.js";
import { loadSessionReport } from "./load-session-report.js";

/** A quote that a session took from a source. */
export interface SessionQuote {
  quote: string;
  /** First and last line in the workspace's file, 1-based; null elsewhere. */
  lines: [number, number] | null;
}

/**
 * The quotes that a session's report cites, by the hash of their source's snapshot, in source order.
 * @throws ResearchError "no-session"; "damaged-session" where the session gives no report any more
 */
export async function loadSessionQuotes(
  { settings }: EngineConfig,
  id: string,
  signal: AbortSignal,
): Promise<Map<string, SessionQuote[]>> {
  const { report } = await loadSessionReport(settings.sessionStoragePath, id, false, signal);
  const quotes = new Map<string, SessionQuote[]>();
  for (const { source, quote, lines } of report.evidence.toSorted((a, b) => a.start - b.start)) {
    const sha256 = report.sources[source]?.sha256 ?? null;
    if (sha256 === null) continue;
    const known = quotes.get(sha256) ?? [];
    if (!known.some((each) => each.quote === quote)) quotes.set(sha256, [...known, { quote, lines }]);
  }
  return quotes;
}
