import { checkHistory, checkPackages } from "./local-sources.js";
import { tmpdir } from "node:os";
import { inspectSettings } from "../../config/load-settings.js";
import {
  failedCheck,
  type HealthCheck,
  type HealthCheckName,
  type HealthContext,
  type HealthInput,
} from "./check.js";
import { isFeatureOn } from "../../config/features.js";
import {
  checkEnvironment,
  checkFeatures,
  listFeatures,
  listSettings,
  type EffectiveFeature,
  type EffectiveSetting,
} from "./effective-settings.js";
import { checkFolders } from "./folders.js";
import { checkGemini } from "./model-provider.js";
import { checkIndex, checkTrust, checkProxy, checkVersions, checkWorkspace } from "./environment.js";
import { checkRetention } from "./retention.js";
import { checkSessions } from "./sessions.js";
import { checkGit, checkSettings } from "./configuration.js";
import { checkWebSearches } from "./search-providers.js";
import { withRememberedSearches } from "../web-search-decision.js";
import { ENGLISH_LOCALIZER, type Localizer } from "../../common/messages.js";

export type { HealthCheck, HealthInput } from "./check.js";

export interface HealthReport {
  /** Whether nothing failed; a warning is no failure. */
  ok: boolean;
  checks: HealthCheck[];
  /** Every setting, with where it is from. */
  settings: EffectiveSetting[];
  features: EffectiveFeature[];
}

/**
 * Checks what a run needs, whatever is missing or wrong. Sends nothing but, where there is a key, one free
 * request to Gemini, and to each search of the web that is set and costs nothing a search for “test”. Writes nothing.
 */
export async function checkHealth(
  situation: HealthInput,
  signal: AbortSignal,
  l10n: Localizer = ENGLISH_LOCALIZER,
): Promise<HealthReport> {
  const on: HealthContext = { situation, l10n, signal };
  const inspected = await inspectSettings(situation.workspace ?? tmpdir(), situation.places);
  const { settings } = inspected;
  /** What cannot be looked at is one failed check, and not the end of the others. */
  const orFailed = async (
    name: HealthCheckName,
    work: Promise<HealthCheck | HealthCheck[]>,
  ): Promise<HealthCheck | HealthCheck[]> => {
    try {
      return await work;
    } catch (error) {
      return failedCheck(on, name, name, error);
    }
  };
  const gemini = checkGemini(on, settings);
  const searched = withRememberedSearches(settings).then((all) => checkWebSearches(on, all, gemini));
  const waited = await Promise.all([
    orFailed("workspace", checkWorkspace(on, settings)),
    orFailed("engine", gemini),
    orFailed("web search", searched),
    orFailed("git", checkGit(on)),
    orFailed("disk space", checkFolders(on, settings)),
    orFailed("sessions", checkSessions(on, settings.sessionStoragePath)),
    orFailed("retention", checkRetention(on, settings)),
    orFailed("index", isFeatureOn("workspaceIndex", settings) ? checkIndex(on) : Promise.resolve([])),
    orFailed("packages", checkPackages(on)),
    orFailed("history", checkHistory(on)),
  ]);
  const checks = [
    checkVersions(on),
    ...checkTrust(on),
    ...checkProxy(on),
    checkEnvironment(on, inspected),
    ...checkSettings(on, inspected),
    checkFeatures(on, inspected),
    ...waited.flat(),
  ];
  const ok = checks.every(({ state }) => state !== "failed");
  return { ok, checks, settings: listSettings(on, inspected), features: listFeatures(on, inspected) };
}
