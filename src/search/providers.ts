import { isFeatureOn } from "../config/features.js";
import type { Search } from "../core/domain/ports.js";
import { githubProvider } from "./github/github-search.js";
import { mdnProvider } from "./mdn/mdn-search.js";
import { stackExchangeProvider } from "./stack-exchange/stack-exchange-search.js";
import { wikipediaProvider } from "./wikipedia/wikipedia-search.js";
import { googleProvider } from "./google/google-search.js";
import { historyProvider } from "./history/history-search.js";
import { packagesProvider } from "./packages/packages-search.js";
import { previousSessionProvider } from "./previous-session/previous-session-search.js";
import type { SearchConfig, SearchContext, SearchProvider, SearchScope } from "./search-provider.js";
import { searxngProvider } from "./searxng/searxng-search.js";
import { siteProvider } from "./site/site-search.js";
import { webSearchProviders } from "./web-services/web-search.js";
import { workspaceProvider } from "./workspace/workspace-search.js";

/** Every search, in the order in which a question is given to them. To add one, add a line. */
export const SEARCH_PROVIDERS: readonly SearchProvider[] = [
  workspaceProvider,
  packagesProvider,
  historyProvider,
  siteProvider,
  searxngProvider,
  githubProvider,
  stackExchangeProvider,
  wikipediaProvider,
  mdnProvider,
  ...webSearchProviders,
  googleProvider,
  previousSessionProvider,
];

/** A context that only the search of a previous session can be opened with, once that is set. */
export const EMPTY_SEARCH_CONTEXT: SearchContext = {
  settings: {},
  modelSearch: null,
  previousSession: null,
  sites: [],
  keys: {},
  openWorkspace: () => {
    throw new Error("There is no workspace to search.");
  },
  openPackages: () => {
    throw new Error("There are no packages to search.");
  },
  openHistory: () => {
    throw new Error("There is no history to search.");
  },
  openSite: () => {
    throw new Error("There is no site to search.");
  },
  asked: { question: "", scopes: [] },
  notice: () => undefined,
};

/** The searches of these scopes that can be opened, in order. */
export function configuredSearches(config: SearchConfig, scopes: readonly SearchScope[]): SearchProvider[] {
  return SEARCH_PROVIDERS.filter(
    (provider) =>
      scopes.includes(provider.scope) &&
      isFeatureOn(provider.feature, config.settings) &&
      provider.isConfigured(config),
  ).map((provider) => ({ ...provider, cost: provider.costWith?.(config) ?? provider.cost }));
}

/** Opens the searches of these scopes. */
export function openSearches(context: SearchContext, scopes: readonly SearchScope[]): Search[] {
  return configuredSearches(context, scopes).map((provider) => provider.open(context));
}
