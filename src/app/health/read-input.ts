import { toResearchError, type ResearchError } from "../../common/errors.js";
import { readGeminiBaseUrl, readTerminalEnvironment } from "../../config/environment.js";
import { readServiceKeys } from "../../config/service-keys.js";
import {
  readEnvironmentSettings,
  readYamlSettings,
  YAML_FILE,
  type SettingsLayer,
} from "../../config/load-settings.js";
import type { HealthInput } from "./check.js";

/* The configuration as far as it can be read: what is wrong with it is a finding, and no reason to stop. */

type Environment = Record<string, string | undefined>;

/** What an editor knows by itself. `layers` are its own settings, strongest first. */
export type EditorSituation = Pick<
  HealthInput,
  "version" | "editor" | "workspace" | "trusted" | "serviceKeys"
> & {
  layers: SettingsLayer[];
  /** From the secret storage. */
  key: string | null;
};

/** Adds deep-research.yaml and Gemini's address to what an editor knows. */
export async function readEditorHealthInput(
  { layers, key, ...situation }: EditorSituation,
  environment: Environment,
): Promise<HealthInput> {
  const problems: ResearchError[] = [];
  const { workspace } = situation;
  const yaml =
    workspace === null ? null : await orNull(problems, YAML_FILE, () => readYamlSettings(workspace));
  return {
    ...situation,
    places: [...layers, ...(yaml === null ? [] : [yaml])],
    problems,
    key: { value: key, from: "secret storage" },
    serviceKeys: { ...readServiceKeys(environment), ...situation.serviceKeys },
    baseUrl: await orNull(problems, "GEMINI_BASE_URL", () => readGeminiBaseUrl(environment)),
  };
}

/**
 * Reads environment variables, `.env` and deep-research.yaml.
 * @param workspace the folder, absolute
 * @param missing why there is no such folder; null if there is one
 */
export async function readTerminalHealthInput(
  version: string,
  workspace: string,
  missing: ResearchError | null,
  environment: Environment,
): Promise<HealthInput> {
  const problems = missing === null ? [] : [missing];
  const ownKey = (environment["GEMINI_API_KEY"] ?? "").trim();
  const read = await orNull(problems, ".env", () => readTerminalEnvironment(workspace, environment));
  const yaml = await orNull(problems, YAML_FILE, () => readYamlSettings(workspace));
  const key = read === null ? ownKey : (read.key ?? "");
  // An invalid address was already reported with the rest of the environment.
  const baseUrl =
    read === null ? await orNull([], "GEMINI_BASE_URL", () => readGeminiBaseUrl(environment)) : read.baseUrl;
  return {
    version,
    editor: null,
    workspace: missing === null ? workspace : null,
    trusted: true,
    places: [...(read?.places ?? [readEnvironmentSettings(environment)]), ...(yaml === null ? [] : [yaml])],
    problems,
    key: { value: key === "" ? null : key, from: ownKey === "" ? ".env" : "environment" },
    serviceKeys: readServiceKeys(environment),
    keyNotAccepted: read !== null && read.notAccepted !== null,
    baseUrl,
  };
}

/** The result of `work`; null if it fails, with the error added to the problems. */
async function orNull<T>(
  problems: ResearchError[],
  what: string,
  work: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    problems.push(toResearchError(error, "bad-settings", what));
    return null;
  }
}
