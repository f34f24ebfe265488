import { bySurface, msg, type Message } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import { allowsRemoteModels } from "../config/environments.js";
import { isFeatureOn } from "../config/features.js";
import type { ModelAccess, ModelProvider } from "../core/domain/model-provider.js";
import type { ResearchRequest } from "../core/domain/research-request.js";
import { chooseModelProvider } from "../models/providers.js";
import { configuredSearches } from "../search/providers.js";
import type { EngineConfig } from "./types.js";

/* Which provider, searches and pages a run may use: what is configured, as far as environment and features let it. */

/** What providers are opened with; without the key where the environment asks no remote model. */
export function modelAccess(config: EngineConfig): ModelAccess & EngineConfig {
  return allowsRemoteModels(config.settings.environment) ? config : { ...config, key: null };
}

/** The provider that a new session uses. */
export function chooseProvider(config: EngineConfig): ModelProvider {
  return chooseModelProvider(modelAccess(config));
}

/**
 * @param what names the session or report that needs the provider, as a sentence's beginning
 * @throws ResearchError "no-key" where the provider cannot be opened, "bad-settings" where the environment forbids it
 */
export function assertProviderUsable(
  config: EngineConfig,
  provider: ModelProvider,
  what: Message,
  remedy: Message,
): void {
  if (provider.isRemote && !allowsRemoteModels(config.settings.environment)) {
    throw new ResearchError(
      "bad-settings",
      msg`${what} with ${provider.displayName}, but the development environment calls no remote model.`,
      bySurface(
        msg`Set RESEARCH_ENV to staging or production.`,
        msg`Set deepResearch.environment to staging or production.`,
      ),
    );
  }
  if (provider.isConfigured(config)) return;
  throw new ResearchError(
    "no-key",
    msg`${what} with ${provider.displayName}, but no API key is set.`,
    remedy,
  );
}

/** Checks that what is to be searched and read can be. @throws ResearchError "no-key" or "no-sources" */
export function assertSourcesUsable(
  config: EngineConfig,
  { scope, pages, sites = [] }: ResearchRequest,
): void {
  const { settings } = config;
  const provider = chooseProvider(config);
  const searches = (of: ResearchRequest["scope"], all = settings) =>
    configuredSearches(
      {
        settings: all,
        modelSearch: provider.search,
        previousSession: null,
        sites,
        keys: config.serviceKeys ?? {},
      },
      of,
    );
  const turnedOff = (what: Message, feature: string): ResearchError =>
    new ResearchError(
      "no-sources",
      msg`${what} is turned off (${feature}, environment ${settings.environment}).`,
      bySurface(
        msg`Turn it on in RESEARCH_FEATURES, or choose another source.`,
        msg`Turn it on in deepResearch.features, or choose another source.`,
      ),
    );
  const everything: typeof settings = { ...settings, environment: "production", features: {} };
  if (scope.includes("google") && searches(["google"]).length === 0) {
    if (searches(["google"], everything).length > 0) {
      throw turnedOff(msg`Google Search`, "googleSearch");
    }
    throw new ResearchError(
      "no-key",
      msg`Google Search needs a Gemini API key.`,
      bySurface(
        msg`Set GEMINI_API_KEY, or choose another source.`,
        msg`Set an API key, or choose another source.`,
      ),
    );
  }
  // A remote model names pages in its plan, which are read where nothing searches the web.
  const isPlanned = provider.isRemote && isFeatureOn("pageReading", settings);
  if (scope.includes("web") && searches(["web"]).length === 0 && !isPlanned) {
    const off = searches(["web"], everything).map(({ feature }) => feature);
    if (off.length > 0 || provider.isRemote) {
      throw turnedOff(msg`Searching the web`, off.length > 0 ? off.join(", ") : "pageReading");
    }
    throw new ResearchError(
      "no-key",
      msg`Searching the web needs a search service that you choose, or a Gemini API key.`,
      bySurface(
        msg`Set WEB_SEARCHES=github,stackexchange,wikipedia,mdn for open services, name a site with --source site:URL, or set SEARXNG_URL or GEMINI_API_KEY.`,
        msg`Choose open services in deepResearch.webSearches or a documentation site as source, or set deepResearch.searxngUrl or an API key.`,
      ),
    );
  }
  if (scope.includes("workspace") && !isFeatureOn("workspaceSearch", settings)) {
    throw turnedOff(msg`Searching the workspace`, "workspaceSearch");
  }
  if (sites.length > 0 && !isFeatureOn("siteSearch", settings)) {
    throw turnedOff(msg`Searching documentation sites`, "siteSearch");
  }
  if (pages.length + sites.length > 0 && !isFeatureOn("pageReading", settings)) {
    throw turnedOff(msg`Reading web pages`, "pageReading");
  }
}
