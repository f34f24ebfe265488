import { yieldToEventLoop } from "../common/yield-to-event-loop.js";
import { readErrorRecords } from "../storage/statistics/error-records.js";
import { collectSessionStats } from "../storage/statistics/collect-session-stats.js";
import { summarizeStatistics, type Statistics } from "../storage/statistics/summarize.js";
import { msg } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import { isFeatureOn } from "../config/features.js";
import type { Settings } from "../config/settings-schema.js";
import type { EngineConfig } from "./types.js";

export { OUTCOMES } from "../storage/statistics/session-stats.js";
export { readErrorRecords } from "../storage/statistics/error-records.js";
export { NO_MODEL, type Statistics } from "../storage/statistics/summarize.js";

/**
 * Summarizes the journals of a folder's sessions, which are read once.
 * @param ranges numbers of days, today included; null: all days
 * @returns the statistics of each range, in the same order
 * @throws the signal's reason; ResearchError "bad-settings" where statistics are turned off
 */
export async function loadStatistics(
  { settings }: EngineConfig,
  ranges: readonly (number | null)[],
  signal: AbortSignal,
): Promise<Statistics[]> {
  assertStatisticsOn(settings);
  const figures = await collectSessionStats(settings.sessionStoragePath, signal);
  const errors = await readErrorRecords(settings.sessionStoragePath);
  const now = new Date();
  const summaries: Statistics[] = [];
  for (const days of ranges) {
    summaries.push(summarizeStatistics(figures, days, now, errors));
    await yieldToEventLoop();
  }
  return summaries;
}

/** @throws ResearchError "bad-settings" where the user turned statistics off */
function assertStatisticsOn(settings: Settings): void {
  if (isFeatureOn("statistics", settings)) return;
  throw new ResearchError(
    "bad-settings",
    msg`Statistics are turned off.`,
    msg`Turn them on in RESEARCH_FEATURES or deepResearch.features.`,
  );
}
