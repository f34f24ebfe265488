import { msg, type Message } from "../common/messages.js";
import { OPEN_SEARCH_NAMES, type Settings, type WebSearchName } from "../config/settings-schema.js";
import { isFeatureOn } from "../config/features.js";
import type { ResearchRequest, Scope } from "../core/domain/research-request.js";
import { SEARCH_PROVIDERS } from "../search/providers.js";
import { chooseProvider } from "./model-access.js";
import type { EngineConfig } from "./types.js";

/*
 * Which search services may get questions. Sites that the user named and pages that the plan names are read in any case; a
 * service is asked only where the user chose it, in the settings or when asked once.
 */

/** A search service as a user chooses it, or several that are alike. */
export interface WebSearchOffer {
  names: readonly Exclude<WebSearchName, "none">[];
  title: Message;
  /** Who gets what, and what comes of it. */
  detail: Message;
}

interface OfferRow extends WebSearchOffer {
  isUsable: (config: EngineConfig) => boolean;
}

/** What a user can choose from, the default first. */
const OFFERS: readonly OfferRow[] = [
  {
    names: OPEN_SEARCH_NAMES,
    title: msg`Open services: GitHub, Stack Exchange, Wikipedia, MDN`,
    detail: msg`Your search terms are sent to these services, without a key; the pages they find are read and quoted.`,
    isUsable: () => true,
  },
  {
    names: ["google"],
    title: msg`Google Search through Gemini`,
    detail: msg`Your questions go to Google. Its answers stand in a section of their own and cannot be checked.`,
    isUsable: (config) => chooseProvider(config).search?.id === "google",
  },
  {
    names: ["tavily"],
    title: msg`Tavily`,
    detail: msg`Your search terms are sent to Tavily, with or without a key; the pages it finds are read and quoted.`,
    isUsable: () => true,
  },
  {
    names: ["brave"],
    title: msg`Brave Search`,
    detail: msg`Your search terms are sent to Brave with your key; the pages it finds are read and quoted.`,
    isUsable: ({ serviceKeys }) => serviceKeys?.brave !== undefined,
  },
  {
    names: ["exa"],
    title: msg`Exa`,
    detail: msg`Your search terms are sent to Exa with your key; the pages it finds are read and quoted.`,
    isUsable: ({ serviceKeys }) => serviceKeys?.exa !== undefined,
  },
  {
    names: ["serper"],
    title: msg`Serper`,
    detail: msg`Your search terms are sent to Serper with your key; the pages it finds are read and quoted.`,
    isUsable: ({ serviceKeys }) => serviceKeys?.serper !== undefined,
  },
];

/** The services that can be chosen with these settings and this key. */
export function offerWebSearches(config: EngineConfig): WebSearchOffer[] {
  return OFFERS.flatMap(({ names, title, detail, isUsable }) => {
    const usable = isUsable(config) ? names.filter((name) => isSearchOn(name, config.settings)) : [];
    return usable.length === 0 ? [] : [{ names: usable, title, detail }];
  });
}

function isSearchOn(name: string, settings: Settings): boolean {
  const feature = SEARCH_PROVIDERS.find(({ id }) => id === name)?.feature;
  return feature !== undefined && isFeatureOn(feature, settings);
}

function isOfferedWebSearch(config: EngineConfig, wanted: WebSearchName): boolean {
  return offerWebSearches(config).some(({ names }) => names.some((name) => name === wanted));
}

/** Whether the user has to be asked before this request: it searches the web, and nobody decided who gets the question. */
export function isWebSearchUndecided(
  config: EngineConfig,
  { scope }: Pick<ResearchRequest, "scope">,
): boolean {
  const { webSearches } = config.settings;
  return scope.includes("web") && webSearches.length === 0 && offerWebSearches(config).length > 0;
}

/** What a request searches: Google, too, where the web is searched and the user chose it. */
export function withChosenSearches(config: EngineConfig, scope: readonly Scope[]): Scope[] {
  const isChosen = config.settings.webSearches.includes("google");
  const isOffered = isOfferedWebSearch(config, "google");
  const google: Scope[] = scope.includes("web") && isChosen && isOffered ? ["google"] : [];
  return [...new Set([...scope, ...google])];
}

/** What to set where nobody decided which service may get the question; null where that is decided. */
export function describeUndecidedSearches(
  config: EngineConfig,
  request: Pick<ResearchRequest, "scope">,
): Message | null {
  if (!isWebSearchUndecided(config, request)) return null;
  const names = offerWebSearches(config).flatMap((offer) => offer.names);
  return msg`No search service receives your question: only sites that you enter and pages that the plan names are read. To use search services, set WEB_SEARCHES (in VS Code: deepResearch.webSearches) to one or more of ${names.join(", ")}; to keep it this way, set it to none.`;
}
