import { isFeatureOn } from "../config/features.js";
import { createServiceReader } from "../reading/services/service-reader.js";
import type { ServicePageTools } from "../reading/services/service-page.js";
import type { PageReader } from "../reading/web/page-reader.js";
import type { EngineConfig } from "./types.js";

/**
 * Reads pages as the settings say: those of services by their APIs, those that are gone from an archive.
 * @param isRefresh whether it matters that a page is gone, so that no archive is asked
 */
export function openPages(
  { settings, serviceKeys = {} }: Pick<EngineConfig, "settings" | "serviceKeys">,
  pages: PageReader,
  text: ServicePageTools["text"],
  isRefresh: boolean,
): PageReader {
  const { read } = createServiceReader(pages, {
    text,
    contact: settings.contact,
    githubToken: serviceKeys.github ?? null,
    services: {
      github: isFeatureOn("githubSearch", settings),
      stackExchange: isFeatureOn("stackExchangeSearch", settings),
      wikipedia: isFeatureOn("wikipediaSearch", settings),
    },
    usesArchive: !isRefresh && isFeatureOn("archiveReading", settings),
    privateHosts: settings.allowedPrivateHosts,
  });
  return { read, fetch: (address, signal) => pages.fetch(address, signal) };
}
