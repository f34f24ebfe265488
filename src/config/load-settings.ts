import path from "node:path";
import { parse as parseYaml } from "yaml";
import { readRegularText } from "../common/read-file.js";
import { toResearchError, systemErrorCode, ResearchError } from "../common/errors.js";
import { isInside } from "../common/files.js";
import { findFolderProblems, type ChosenFolder } from "./storage-folders.js";
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from "./settings-schema.js";

export const YAML_FILE = "deep-research.yaml";

/** Values of one place, before they are checked. */
export interface SettingsLayer {
  /** For the error message: "MAX_RESEARCH_SOURCES", "deep-research.yaml", "--depth". */
  name: (setting: SettingName) => string;
  values: Partial<Record<SettingName, unknown>>;
  /** Whether the place belongs to the workspace, so that it may not set everything. */
  workspace: boolean;
}

/**
 * Merges places, strongest first, and checks every value.
 * @param workspace the folder that relative paths are meant from
 * @returns settings with absolute folders
 * @throws ResearchError "bad-settings" that names the place, the value and what is allowed
 */
export async function loadSettings(workspace: string, places: SettingsLayer[]): Promise<Settings> {
  const merged: Partial<Record<SettingName, unknown>> = {};
  const from: From = {};
  for (const name of SETTING_NAMES) {
    merged[name] = fallbackOf(name, workspace);
    for (const place of places) {
      const given = await valueIn(place, name, workspace);
      if (given === undefined) continue;
      merged[name] = given;
      from[name] = place;
      break;
    }
  }
  // Each value passed its own schema just now.
  const settings = merged as Settings;
  const [problem] = await problemsOfFolders(workspace, settings, from);
  if (problem !== undefined) throw problem;
  return settings;
}

/** The place that set each value; none for a default. */
type From = Partial<Record<SettingName, SettingsLayer>>;

function problemsOfFolders(workspace: string, settings: Settings, from: From): Promise<ResearchError[]> {
  const chosen = (name: "sessionStoragePath" | "reportOutputPath"): ChosenFolder => ({
    folder: settings[name],
    where: from[name]?.name(name) ?? name,
    byUser: from[name]?.workspace === false,
  });
  return findFolderProblems(workspace, chosen("sessionStoragePath"), chosen("reportOutputPath"));
}

function fallbackOf(name: SettingName, workspace: string): unknown {
  const { fallback } = SETTINGS[name];
  return isFolder(name) ? path.resolve(workspace, String(fallback)) : fallback;
}

function isFolder(name: SettingName): boolean {
  return name === "sessionStoragePath" || name === "reportOutputPath";
}

/** What a place sets, checked; undefined where it sets nothing. @throws ResearchError "bad-settings" */
async function valueIn(place: SettingsLayer, name: SettingName, workspace: string): Promise<unknown> {
  const { schema, allowed, workspace: fromWorkspace } = SETTINGS[name];
  const given = place.values[name];
  if (given === undefined || given === null || given === "") return undefined;
  const where = place.name(name);
  if (place.workspace && !fromWorkspace) {
    throw new ResearchError(
      "bad-settings",
      `${where} cannot be set by a workspace.`,
      `Set ${SETTINGS[name].env} in your own environment, or the setting in your user settings.`,
    );
  }
  const checked = schema.safeParse(given);
  if (!checked.success) {
    throw new ResearchError("bad-settings", `${where} is ${JSON.stringify(given)}; allowed: ${allowed}.`);
  }
  if (!isFolder(name)) return checked.data;
  const folder = path.resolve(workspace, String(checked.data));
  if (place.workspace && !(await isInside(folder, workspace))) {
    throw new ResearchError(
      "bad-settings",
      `${where} is ${JSON.stringify(given)}, which leads out of the workspace; allowed: ${allowed}.`,
    );
  }
  return folder;
}

/** What was found in the places: each value that counts, and each that is wrong. */
export interface InspectedSettings {
  /** With the next place's value, or the default, instead of a wrong one. */
  settings: Settings;
  /** Where each value that is no default comes from, strongest first. */
  set: { setting: SettingName; where: string }[];
  problems: ResearchError[];
}

/** Merges places as `loadSettings` does, but goes on over what is wrong. */
export async function inspectSettings(
  workspace: string,
  places: SettingsLayer[],
): Promise<InspectedSettings> {
  const merged: Partial<Record<SettingName, unknown>> = {};
  const set: InspectedSettings["set"] = [];
  const problems: ResearchError[] = [];
  const from: From = {};
  for (const setting of SETTING_NAMES) {
    merged[setting] = fallbackOf(setting, workspace);
    // From the weakest on, so that the strongest has the last word.
    for (const place of places.toReversed()) {
      try {
        const given = await valueIn(place, setting, workspace);
        if (given === undefined) continue;
        merged[setting] = given;
        from[setting] = place;
        const where = { setting, where: place.name(setting) };
        const known = set.findIndex((each) => each.setting === setting);
        if (known < 0) set.push(where);
        else set[known] = where;
      } catch (error) {
        problems.push(toResearchError(error, "bad-settings", place.name(setting)));
      }
    }
  }
  const settings = merged as Settings;
  problems.push(...(await problemsOfFolders(workspace, settings, from)));
  return { settings, set, problems };
}

/** The settings that an environment holds. */
export function readEnvironmentSettings(env: Record<string, string | undefined>): SettingsLayer {
  return {
    name: (setting) => SETTINGS[setting].env,
    values: Object.fromEntries(SETTING_NAMES.map((name) => [name, env[SETTINGS[name].env]])),
    workspace: false,
  };
}

/** A settings file larger than this is none. */
const LIMIT = { maxBytes: 1024 ** 2 };

/** The settings in the workspace's deep-research.yaml; none if there is no such file. @throws ResearchError "bad-settings" */
export async function readYamlSettings(workspace: string): Promise<SettingsLayer> {
  return parseYamlSettings(await readYaml(path.join(workspace, YAML_FILE)));
}

async function readYaml(file: string): Promise<string> {
  try {
    return await readRegularText(file, LIMIT);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw unreadableSettingsError(file, code);
  }
}

/** Settings that are there and cannot be read are not taken for none. @param code what the system or the reader says */
export function unreadableSettingsError(file: string, code: string): ResearchError {
  const message =
    code === "EFBIG"
      ? `${file} is larger than 1 MB.`
      : code === "ENOTREG"
        ? `${file} is not a regular file.`
        : `${file} cannot be read (${code}).`;
  return new ResearchError("bad-settings", message, "Replace it with a readable file, or move it elsewhere.");
}

/** The settings in the text of such a file. @throws ResearchError "bad-settings" */
export function parseYamlSettings(text: string): SettingsLayer {
  let content: unknown;
  try {
    content = parseYaml(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw new ResearchError("bad-settings", `${YAML_FILE} is not valid YAML: ${why}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ResearchError(
      "bad-settings",
      `${YAML_FILE} must contain names and values, such as "depth: quick".`,
    );
  }
  const known = new Set<string>(SETTING_NAMES);
  const allowed = SETTING_NAMES.filter((name) => SETTINGS[name].workspace);
  for (const name of Object.keys(content)) {
    if (known.has(name)) continue;
    throw new ResearchError(
      "bad-settings",
      `${YAML_FILE} contains the unknown setting "${name}"; allowed: ${allowed.join(", ")}.`,
      /key|url|proxy|endpoint/i.test(name) ? "Keys and addresses are never read from a workspace." : "",
    );
  }
  return { name: (setting) => `${setting} in ${YAML_FILE}`, values: content, workspace: true };
}
