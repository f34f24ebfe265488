import {
  SERVICE_KEY_NAMES,
  SERVICE_KEYS,
  type ServiceKeyName,
  type ServiceKeys,
} from "../config/service-keys.js";

/** Keys that an interface stores. */
export type StoredServiceKeys = ServiceKeys;

/** A service that takes a key. */
export interface ServiceKeyChoice {
  name: ServiceKeyName;
  /** For people. */
  label: string;
}

export const SERVICE_KEY_CHOICES: readonly ServiceKeyChoice[] = SERVICE_KEY_NAMES.map((name) => ({
  name,
  label: SERVICE_KEYS[name].label,
}));
