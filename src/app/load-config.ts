import { readGeminiBaseUrl, readTerminalEnvironment, type FolderKey } from "../config/environment.js";
import {
  inspectSettings,
  loadSettings,
  parseYamlSettings,
  readYamlSettings,
  type SettingsLayer,
} from "../config/load-settings.js";
import { registerKey } from "../common/redact.js";
import { readServiceKeys, type ServiceKeys } from "../config/service-keys.js";
import { allowsRemoteModels } from "../config/environments.js";
import { SETTING_NAMES, type SettingName, type Settings } from "../config/settings-schema.js";
import { trackSettingsError } from "./track-errors.js";
import type { EngineConfig } from "./types.js";
import { withRememberedSearches } from "./web-search-decision.js";

/* How a folder becomes an `EngineConfig`: from what an interface knows of the settings, and deep-research.yaml. */

export { readFolderKey, type FolderKey } from "../config/environment.js";
export { readEnvironmentSettings, YAML_FILE, type SettingsLayer } from "../config/load-settings.js";
export { trackSettingsError } from "./track-errors.js";

type Environment = Record<string, string | undefined>;

/**
 * A layer whose values an interface looks up itself.
 * @param name as an error message names a setting
 * @param read the value of a setting, unchecked; undefined where it is not set
 * @param workspace whether the values belong to the workspace, which may not set everything
 */
export function createSettingsLayer(
  name: (setting: SettingName) => string,
  read: (setting: SettingName) => unknown,
  workspace: boolean,
): SettingsLayer {
  return { name, values: Object.fromEntries(SETTING_NAMES.map((each) => [each, read(each)])), workspace };
}

/**
 * Loads a folder's settings: the given layers, strongest first, then deep-research.yaml, then the defaults.
 * @param workspace the folder, absolute
 * @param yaml text of a settings file to use instead of the folder's own
 * @throws ResearchError "bad-settings"
 */
export async function loadWorkspaceSettings(
  workspace: string,
  layers: SettingsLayer[],
  yaml?: string,
): Promise<Settings> {
  const yamlLayer = yaml === undefined ? await readYamlSettings(workspace) : parseYamlSettings(yaml);
  // Settings from a backup must be valid on their own: the layers above them may be absent later.
  if (yaml !== undefined) await loadSettings(workspace, [yamlLayer]);
  return loadSettings(workspace, [...layers, yamlLayer]);
}

/**
 * Loads the configuration of an interface that keeps settings and key by itself.
 * @param environment the machine's own variables: a workspace cannot say where Gemini is
 * @param yaml as for `loadWorkspaceSettings`
 * @param serviceKeys those that the interface keeps; they come before those of the environment
 * @throws ResearchError "bad-settings"
 */
export async function loadEngineConfig(
  workspace: string,
  layers: SettingsLayer[],
  key: string | null,
  environment: Environment,
  yaml?: string,
  serviceKeys: ServiceKeys = {},
): Promise<EngineConfig> {
  const settings = await withRememberedSearches(await loadWorkspaceSettings(workspace, layers, yaml));
  return {
    workspace,
    settings,
    key: keyFor(settings, key),
    baseUrl: readGeminiBaseUrl(environment),
    serviceKeys: registerKeys({ ...readServiceKeys(environment), ...serviceKeys }),
  };
}

/**
 * Loads the configuration from environment variables, the folder's `.env` and its deep-research.yaml.
 * @param flags the strongest layer
 * @param yaml as for `loadWorkspaceSettings`
 * @returns the configuration, and a key in `.env` that is not used because the user has not accepted it
 * @throws ResearchError "bad-settings"
 */
export async function loadEnvironmentConfig(
  workspace: string,
  flags: SettingsLayer,
  environment: Environment,
  yaml?: string,
): Promise<{ config: EngineConfig; notAccepted: FolderKey | null }> {
  const { places, key, baseUrl, notAccepted } = await readTerminalEnvironment(workspace, environment);
  const layers = [flags, ...places];
  const loaded = await loadWorkspaceSettings(workspace, layers, yaml).catch(async (error: unknown) => {
    await trackSettingsError(workspace, layers, error);
    throw error;
  });
  const settings = await withRememberedSearches(loaded);
  const serviceKeys = registerKeys(readServiceKeys(environment));
  const config = { workspace, settings, key: keyFor(settings, key), baseUrl, serviceKeys };
  return { config, notAccepted: allowsRemoteModels(settings.environment) ? notAccepted : null };
}

function registerKeys(keys: ServiceKeys): ServiceKeys {
  for (const key of Object.values(keys)) registerKey(key);
  return keys;
}

/** The key, unless the environment asks no remote model: without a key nothing can be sent. */
function keyFor({ environment }: Settings, key: string | null): string | null {
  return allowsRemoteModels(environment) ? key : null;
}

/** The folder of sessions in a folder's settings; null if these cannot be read. Invalid values are passed over. */
export async function findSessionsFolder(workspace: string, layers: SettingsLayer[]): Promise<string | null> {
  try {
    const { settings } = await inspectSettings(workspace, [...layers, await readYamlSettings(workspace)]);
    return settings.sessionStoragePath;
  } catch {
    return null;
  }
}
