import type { Estimate } from "../core/domain/estimate.js";
import { estimateResearch } from "../core/pipeline/estimate.js";
import { getModelProvider } from "../models/providers.js";
import { configuredSearches } from "../search/providers.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import { searchedScopes } from "./prior-session.js";
import type { EngineConfig } from "./types.js";

/**
 * What a session that has not run yet may cost.
 * @param questions the sub-questions; the user's own question is counted besides
 */
export function estimateSession(
  { settings, serviceKeys }: Partial<Pick<EngineConfig, "settings" | "serviceKeys">>,
  header: Pick<Header, "schema" | "firstSchema" | "engine" | "depth" | "maxSources" | "scope" | "sites">,
  questions: number,
  now = new Date(),
): Estimate {
  const { engine, depth, maxSources, sites = [] } = header;
  const provider = getModelProvider(engine);
  return estimateResearch({
    depth,
    questions: questions + 1,
    maxSources,
    searches: configuredSearches(
      {
        settings: settings ?? {},
        modelSearch: provider.search,
        previousSession: null,
        sites,
        keys: serviceKeys ?? {},
      },
      [...searchedScopes(header), "site"],
    ),
    model: provider.describe(now),
  });
}
