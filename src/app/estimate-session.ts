import type { Estimate } from "../core/domain/estimate.js";
import { estimateResearch } from "../core/pipeline/estimate.js";
import { getModelProvider } from "../models/providers.js";
import { configuredSearches } from "../search/providers.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import type { EngineConfig } from "./types.js";

/**
 * What a session that has not run yet may cost.
 * @param questions the sub-questions; the user's own question is counted besides
 */
export function estimateSession(
  {
    googleSearch,
    settings,
    serviceKeys,
  }: Partial<Pick<EngineConfig, "googleSearch" | "settings" | "serviceKeys">>,
  {
    engine,
    depth,
    maxSources,
    scope,
    sites = [],
  }: Pick<Header, "engine" | "depth" | "maxSources" | "scope" | "sites">,
  questions: number,
  now = new Date(),
): Estimate {
  const provider = getModelProvider(engine);
  const modelSearch = googleSearch === false ? null : provider.search;
  return estimateResearch({
    depth,
    questions: questions + 1,
    maxSources,
    searches: configuredSearches(
      { settings: settings ?? {}, modelSearch, previousSession: null, sites, keys: serviceKeys ?? {} },
      [...scope, "site"],
    ),
    model: provider.describe(now),
  });
}
