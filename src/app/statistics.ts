import { yieldToEventLoop } from "../common/yield-to-event-loop.js";
import { collectSessionStats } from "../storage/statistics/collect-session-stats.js";
import { summarizeStatistics, type Statistics } from "../storage/statistics/summarize.js";
import type { EngineConfig } from "./types.js";

export { OUTCOMES } from "../storage/statistics/session-stats.js";
export { NO_MODEL, type Statistics } from "../storage/statistics/summarize.js";

/**
 * Summarizes the journals of a folder's sessions, which are read once.
 * @param ranges numbers of days, today included; null: all days
 * @returns the statistics of each range, in the same order
 * @throws the signal's reason
 */
export async function loadStatistics(
  { settings }: EngineConfig,
  ranges: readonly (number | null)[],
  signal: AbortSignal,
): Promise<Statistics[]> {
  const figures = await collectSessionStats(settings.sessionStoragePath, signal);
  const now = new Date();
  const summaries: Statistics[] = [];
  for (const days of ranges) {
    summaries.push(summarizeStatistics(figures, days, now));
    await yieldToEventLoop();
  }
  return summaries;
}
