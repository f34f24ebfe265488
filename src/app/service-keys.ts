import {
  SERVICE_KEY_NAMES,
  SERVICE_KEYS,
  type ServiceKeyName,
  type ServiceKeys,
} from "../config/service-keys.js";
import { isFeatureOn } from "../config/features.js";
import { isGithubLimitLow } from "../reading/services/github-api.js";
import type { EngineConfig } from "./types.js";

/** Keys that an interface stores. */
export type StoredServiceKeys = ServiceKeys;

/** A service that takes a key. */
export interface ServiceKeyChoice {
  name: ServiceKeyName;
  /** For people. */
  label: string;
}

/** Whether a token would help: GitHub is used, without one, and its limit for that is nearly or quite used up. */
export function isGithubTokenWanted({
  settings,
  serviceKeys,
}: Pick<EngineConfig, "settings" | "serviceKeys">): boolean {
  return isGithubLimitLow() && serviceKeys?.github === undefined && isFeatureOn("githubSearch", settings);
}

export const SERVICE_KEY_CHOICES: readonly ServiceKeyChoice[] = SERVICE_KEY_NAMES.map((name) => ({
  name,
  label: SERVICE_KEYS[name].label,
}));
