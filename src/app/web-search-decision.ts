import { readWebSearchDecision, writeWebSearchDecision } from "../common/user-state.js";
import { WEB_SEARCH_NAMES, type Settings, type WebSearchName } from "../config/settings-schema.js";
import type { EngineConfig } from "./types.js";
import type { WebSearchOffer } from "./web-searches.js";

/* Which search services the user chose when asked; remembered for this user on this machine. */

/** The settings with what the user decided when asked, where they decide nothing themselves. */
export async function withRememberedSearches(settings: Settings): Promise<Settings> {
  if (settings.webSearches.length > 0) return settings;
  const decided = (await readWebSearchDecision()) ?? [];
  const webSearches = WEB_SEARCH_NAMES.filter((name) => decided.includes(name));
  return webSearches.length === 0 ? settings : { ...settings, webSearches };
}

/**
 * Remembers the decision for this user on this machine.
 * @param names none: no service is asked
 * @returns the configuration with it
 * @throws ResearchError "cannot-write"
 */
export async function decideWebSearches(
  config: EngineConfig,
  names: WebSearchOffer["names"],
): Promise<EngineConfig> {
  const webSearches: WebSearchName[] = names.length === 0 ? ["none"] : [...names];
  await writeWebSearchDecision(webSearches);
  return { ...config, settings: { ...config.settings, webSearches } };
}
