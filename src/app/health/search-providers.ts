import { allowsRemoteModels } from "../../config/environments.js";
import { isFeatureOn } from "../../config/features.js";
import { SERVICE_KEYS, type ServiceKeyName } from "../../config/service-keys.js";
import type { Settings } from "../../config/settings-schema.js";
import { isPaidSearch } from "../../core/domain/ports.js";
import { configuredSearches, EMPTY_SEARCH_CONTEXT, SEARCH_PROVIDERS } from "../../search/providers.js";
import type { SearchContext, SearchProvider } from "../../search/search-provider.js";
import {
  createCheck,
  failedCheck,
  type HealthCheck,
  type HealthCheckName,
  type HealthContext,
} from "./check.js";

/** The results of the Gemini checks that Google Search depends on. */
const GOOGLE_NEEDS: readonly HealthCheckName[] = ["engine", "connection", "quota", "models"];

const QUESTION = { id: "q0", question: "test", query: "test" };

/**
 * Whether the enabled web searches answer; those that cost nothing are asked for “test”.
 * @param settings with what the user decided when asked
 * @param gemini the checks of the key and the way to Google, by which Google Search is judged
 */
export async function checkWebSearches(
  on: HealthContext,
  settings: Settings,
  gemini: Promise<HealthCheck[]>,
): Promise<HealthCheck[]> {
  const context: SearchContext = { ...EMPTY_SEARCH_CONTEXT, settings, keys: on.situation.serviceKeys };
  const searches = configuredSearches(context, ["web"]);
  const found = await Promise.all(searches.map((search) => checkSearch(on, search, context)));
  return [...found, ...(await checkGoogleSearch(on, settings, gemini)), ...checkMissingKeys(on, settings)];
}

async function checkSearch(
  on: HealthContext,
  provider: SearchProvider,
  context: SearchContext,
): Promise<HealthCheck> {
  const { l10n, signal } = on;
  const title = l10n.t("Web search");
  const where = nameOf(provider.id, context.settings.searxngUrl ?? "");
  if (isPaidSearch(provider)) {
    return createCheck(on, "web search", title, {
      detail: l10n.t("{0} has a key. It was not tested because searches may be billed.", where),
    });
  }
  try {
    const { value } = await provider.open(context).search(QUESTION, 10, signal);
    const { length } = value.hits;
    return createCheck(on, "web search", title, {
      detail:
        length === 1
          ? l10n.t("{0} answers, with one page for “test”.", where)
          : l10n.t("{0} answers, with {1} pages for “test”.", where, length),
    });
  } catch (error) {
    return failedCheck(on, "web search", title, error, "settings");
  }
}

/** Google Search, where the user named it. A search counts against the quota, so the checks of the key say how it stands. */
async function checkGoogleSearch(
  on: HealthContext,
  settings: Settings,
  gemini: Promise<HealthCheck[]>,
): Promise<HealthCheck[]> {
  const { l10n, situation } = on;
  if (!settings.webSearches.includes("google") || !isFeatureOn("googleSearch", settings)) return [];
  const title = l10n.t("Web search");
  const name = l10n.t("Google Search through Gemini");
  if (!allowsRemoteModels(settings.environment)) {
    return [
      createCheck(on, "web search", title, {
        state: "warning",
        detail: l10n.t(
          "{0} is selected, but in the development environment nothing is sent to Google.",
          name,
        ),
      }),
    ];
  }
  if (situation.key.value === null) {
    return [
      createCheck(on, "web search", title, {
        state: "warning",
        detail: l10n.t("{0} is selected but has no key.", name),
        remedy:
          situation.editor === null
            ? l10n.t("Set {0} in your environment.", "GEMINI_API_KEY")
            : l10n.t("Run “Deep Research: Set API Key”."),
        helps: "set-key",
      }),
    ];
  }
  const needed = (await gemini).filter(({ name: check }) => GOOGLE_NEEDS.includes(check));
  const [problem] = [...needed.filter(({ state }) => state === "failed"), ...needed].filter(
    ({ state }) => state !== "ok",
  );
  if (problem !== undefined) {
    return [
      createCheck(on, "web search", title, {
        state: problem.state,
        detail: l10n.t("{0} may not answer: {1}", name, problem.detail),
        remedy: l10n.t("See “{0}”.", problem.title),
      }),
    ];
  }
  return [
    createCheck(on, "web search", title, {
      detail: l10n.t(
        "{0}: the key works. No search was made, because each counts against the quota of the key.",
        name,
      ),
    }),
  ];
}

/** Searches whose names differ from their ids, and that take no key. */
const NAMES: Readonly<Record<string, string>> = {
  stackexchange: "Stack Exchange",
  wikipedia: "Wikipedia",
  mdn: "MDN",
};

/** The name of a search, for people. */
function nameOf(id: string, searxngUrl: string): string {
  if (id === "searxng") return `SearXNG (${new URL(searxngUrl).host})`;
  const name = NAMES[id];
  if (name !== undefined) return name;
  return id in SERVICE_KEYS ? SERVICE_KEYS[id as ServiceKeyName].label : id;
}

/** One warning for each search that the user named and that lacks its key. */
function checkMissingKeys(on: HealthContext, settings: Settings): HealthCheck[] {
  const { l10n, situation } = on;
  const context: SearchContext = { ...EMPTY_SEARCH_CONTEXT, settings, keys: situation.serviceKeys };
  const names = new Set(configuredSearches(context, ["web"]).map(({ id }) => id));
  return settings.webSearches.flatMap((name) => {
    // GitHub answers without a token, too.
    const service =
      name in SERVICE_KEYS && name !== "github" ? SERVICE_KEYS[name as ServiceKeyName] : undefined;
    const feature = SEARCH_PROVIDERS.find(({ id }) => id === name)?.feature;
    const isOff = feature === undefined || !isFeatureOn(feature, settings);
    if (service === undefined || names.has(name) || isOff) return [];
    return createCheck(on, "web search", l10n.t("Web search"), {
      state: "warning",
      detail: l10n.t("{0} is selected but has no key.", service.label),
      remedy:
        situation.editor === null
          ? l10n.t("Set {0} in your environment.", service.env)
          : l10n.t("Run “Deep Research: Set Search Key”."),
    });
  });
}
