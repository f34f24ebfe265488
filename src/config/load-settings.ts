import { msg } from "../common/messages.js";
import path from "node:path";
import * as z from "zod";
import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { readRegularText } from "../common/read-file.js";
import { toResearchError, systemErrorCode, ResearchError, isMissingPathError } from "../common/errors.js";
import { isInside } from "../common/files.js";
import { ENVIRONMENT_DEFAULTS, EnvironmentName } from "./environments.js";
import type { FeatureToggles } from "./features.js";
import { findFolderProblems, type ChosenFolder } from "./storage-folders.js";
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from "./settings-schema.js";

export const YAML_FILE = "deep-research.yaml";

/** Unvalidated values of one settings source. */
export interface SettingsLayer {
  /** For the error message: "MAX_RESEARCH_SOURCES", "deep-research.yaml", "--depth". */
  name: (setting: SettingName) => string;
  values: Partial<Record<SettingName, unknown>>;
  /** Whether the source belongs to the workspace, which may not set everything. */
  workspace: boolean;
}

/**
 * Merges settings sources, highest precedence first, and validates every value.
 * @param workspace the folder that relative paths refer to
 * @returns settings with absolute folders
 * @throws ResearchError "bad-settings" that names the source, the value and what is allowed
 */
export async function loadSettings(workspace: string, places: SettingsLayer[]): Promise<Settings> {
  const merged: Partial<Record<SettingName, unknown>> = {};
  const sources: SettingSources = {};
  for (const name of SETTING_NAMES) {
    merged[name] = defaultValue(name, workspace, merged.environment);
    for (const place of orderedFor(name, places)) {
      const given = await readValue(place, name, workspace);
      if (given === undefined) continue;
      const isFirst = sources[name] === undefined;
      merged[name] = isFirst ? given : addWeakerToggles(merged[name], given);
      sources[name] ??= place;
      if (name !== "features") break;
    }
  }
  // Each value has been validated by its schema.
  const settings = merged as Settings;
  const [problem] = [
    ...findFaultProblems(settings, sources),
    ...(await checkFolders(workspace, settings, sources)),
  ];
  if (problem !== undefined) throw problem;
  return settings;
}

/** The source of each value; none for a default. */
type SettingSources = Partial<Record<SettingName, SettingsLayer>>;

/** Settings by which a workspace could undo that something stays on the machine: the user's own value is stronger. */
const USER_FIRST: ReadonlySet<SettingName> = new Set(["environment", "features"]);

/** The places, strongest first. */
function orderedFor(name: SettingName, places: SettingsLayer[]): SettingsLayer[] {
  if (!USER_FIRST.has(name)) return places;
  return [...places.filter(({ workspace }) => !workspace), ...places.filter(({ workspace }) => workspace)];
}

/** Features are merged one by one: a place that turns off one says nothing about the others. */
function addWeakerToggles(stronger: unknown, weaker: unknown): FeatureToggles {
  return { ...(weaker as FeatureToggles), ...(stronger as FeatureToggles) };
}

/** Faults outside development would look like real ones. */
function findFaultProblems(
  { faults, environment }: Pick<Settings, "faults" | "environment">,
  sources: SettingSources,
): ResearchError[] {
  if (faults.length === 0 || environment === "development") return [];
  const where = sources.faults?.name("faults") ?? "faults";
  return [
    new ResearchError(
      "bad-settings",
      msg`${where} injects faults, which only the development environment allows; this is ${environment}.`,
      msg`Remove it, or set RESEARCH_ENV to development.`,
    ),
  ];
}

function checkFolders(
  workspace: string,
  settings: Settings,
  sources: SettingSources,
): Promise<ResearchError[]> {
  const chosen = (name: "sessionStoragePath" | "reportOutputPath"): ChosenFolder => ({
    folder: settings[name],
    where: sources[name]?.name(name) ?? name,
    byUser: sources[name]?.workspace === false,
  });
  return findFolderProblems(workspace, chosen("sessionStoragePath"), chosen("reportOutputPath"));
}

/** @param environment already merged, as it comes first in the schema */
function defaultValue(name: SettingName, workspace: string, environment: unknown): unknown {
  const fallback = environmentDefault(name, environment) ?? SETTINGS[name].fallback;
  return isFolder(name) ? path.resolve(workspace, z.string().parse(fallback)) : fallback;
}

/** The environment's own default of a setting; undefined where it has the usual one. */
function environmentDefault(name: SettingName, environment: unknown): unknown {
  const known = EnvironmentName.safeParse(environment).data;
  const defaults: Partial<Record<string, unknown>> = known === undefined ? {} : ENVIRONMENT_DEFAULTS[known];
  return defaults[name];
}

function isFolder(name: SettingName): boolean {
  return name === "sessionStoragePath" || name === "reportOutputPath";
}

/** The validated value of a source; undefined if it sets none. @throws ResearchError "bad-settings" */
async function readValue(place: SettingsLayer, name: SettingName, workspace: string): Promise<unknown> {
  const { schema, allowed, workspace: fromWorkspace } = SETTINGS[name];
  const given = place.values[name];
  if (given === undefined || given === null || given === "") return undefined;
  const where = place.name(name);
  if (place.workspace && !fromWorkspace) {
    throw new ResearchError(
      "bad-settings",
      msg`${where} cannot be set by a workspace.`,
      msg`Set ${SETTINGS[name].env} in your own environment, or the setting in your user settings.`,
    );
  }
  const checked = schema.safeParse(given);
  if (!checked.success) {
    throw new ResearchError("bad-settings", msg`${where} is ${JSON.stringify(given)}; allowed: ${allowed}.`);
  }
  if (place.workspace && name === "features") assertOnlyOff(where, checked.data as FeatureToggles);
  if (!isFolder(name)) return checked.data;
  const folder = path.resolve(workspace, z.string().parse(checked.data));
  if (place.workspace && !(await isInside(folder, workspace))) {
    throw new ResearchError(
      "bad-settings",
      msg`${where} is ${JSON.stringify(given)}, which leads out of the workspace; allowed: ${allowed}.`,
    );
  }
  return folder;
}

/** A workspace may turn features off, but must not turn on what sends something. @throws ResearchError "bad-settings" */
function assertOnlyOff(where: string, toggles: FeatureToggles): void {
  const on = Object.entries(toggles).find(([, isOn]) => isOn)?.[0];
  if (on === undefined) return;
  throw new ResearchError(
    "bad-settings",
    msg`${where} turns on “${on}”; a workspace can only turn features off.`,
    msg`Turn it on in your own environment (RESEARCH_FEATURES) or user settings.`,
  );
}

/** The effective settings and all problems. */
export interface InspectedSettings {
  /** A wrong value is replaced by the next source's value, or the default. */
  settings: Settings;
  /** The source of each value that is not a default. */
  set: { setting: SettingName; where: string }[];
  /** Settings whose default comes from the environment. */
  byEnvironment: SettingName[];
  problems: ResearchError[];
}

/** Merges sources like `loadSettings`, but collects problems instead of throwing. */
export async function inspectSettings(
  workspace: string,
  places: SettingsLayer[],
): Promise<InspectedSettings> {
  const merged: Partial<Record<SettingName, unknown>> = {};
  const set: InspectedSettings["set"] = [];
  const problems: ResearchError[] = [];
  const sources: SettingSources = {};
  for (const setting of SETTING_NAMES) {
    merged[setting] = defaultValue(setting, workspace, merged.environment);
    const from: string[] = [];
    // Lowest precedence first, so that the highest one wins.
    for (const place of orderedFor(setting, places).toReversed()) {
      try {
        const given = await readValue(place, setting, workspace);
        if (given === undefined) continue;
        merged[setting] = setting === "features" ? addWeakerToggles(given, merged[setting]) : given;
        sources[setting] = place;
        if (setting !== "features") from.pop();
        from.unshift(place.name(setting));
      } catch (error) {
        problems.push(toResearchError(error, "bad-settings", place.name(setting)));
      }
    }
    if (from.length > 0) set.push({ setting, where: from.join(", ") });
  }
  const settings = merged as Settings;
  problems.push(
    ...findFaultProblems(settings, sources),
    ...(await checkFolders(workspace, settings, sources)),
  );
  const byEnvironment = SETTING_NAMES.filter(
    (name) => sources[name] === undefined && environmentDefault(name, settings.environment) !== undefined,
  );
  return { settings, set, byEnvironment, problems };
}

/** Reads the settings of an environment. */
export function readEnvironmentSettings(env: Record<string, string | undefined>): SettingsLayer {
  return {
    name: (setting) => SETTINGS[setting].env,
    values: Object.fromEntries(SETTING_NAMES.map((name) => [name, env[SETTINGS[name].env]])),
    workspace: false,
  };
}

/** Maximum size of a settings file. */
const LIMIT = { maxBytes: 1024 ** 2 };

/** Reads the workspace's deep-research.yaml; empty if there is none. @throws ResearchError "bad-settings" */
export async function readYamlSettings(workspace: string): Promise<SettingsLayer> {
  return parseYamlSettings(await readYaml(path.join(workspace, YAML_FILE)));
}

async function readYaml(file: string): Promise<string> {
  try {
    return await readRegularText(file, LIMIT);
  } catch (error) {
    if (isMissingPathError(error)) return "";
    throw unreadableSettingsError(file, systemErrorCode(error));
  }
}

/** The error for an unreadable settings file, which must not count as missing. @param code from the system or the reader */
export function unreadableSettingsError(file: string, code: string): ResearchError {
  const message =
    code === "EFBIG"
      ? msg`${file} is larger than 1 MB.`
      : code === "ENOTREG"
        ? msg`${file} is not a regular file.`
        : msg`${file} cannot be read (${code}).`;
  return new ResearchError(
    "bad-settings",
    message,
    msg`Replace it with a readable file, or move it elsewhere.`,
  );
}

/** Parses the text of a settings file. @throws ResearchError "bad-settings" that names the line */
export function parseYamlSettings(text: string): SettingsLayer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  const content: unknown = broken === undefined ? readYamlContent(document) : {};
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    const [why = ""] = broken.message.split("\n");
    throw new ResearchError("bad-settings", msg`${`${YAML_FILE}:${line}`} is not valid YAML: ${why}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ResearchError(
      "bad-settings",
      msg`${YAML_FILE} must contain names and values, such as "depth: quick".`,
    );
  }
  const where = (setting: string): string => {
    const pair = isMap(document.contents)
      ? document.contents.items.find(({ key }) => isScalar(key) && key.value === setting)
      : undefined;
    const start = pair !== undefined && isScalar(pair.key) ? pair.key.range[0] : undefined;
    return start === undefined ? YAML_FILE : `${YAML_FILE}:${lines.linePos(start).line}`;
  };
  const known = new Set<string>(SETTING_NAMES);
  const allowed = SETTING_NAMES.filter((name) => SETTINGS[name].workspace);
  for (const name of Object.keys(content)) {
    if (known.has(name)) continue;
    throw new ResearchError(
      "bad-settings",
      msg`${where(name)} contains the unknown setting "${name}"; allowed: ${allowed.join(", ")}.`,
      /key|url|proxy|endpoint/i.test(name) ? msg`Keys and URLs are never read from a workspace.` : "",
    );
  }
  return { name: (setting) => `${setting} in ${where(setting)}`, values: content, workspace: true };
}

/** The document as plain data. Aliases are refused: a few lines of them can stand for gigabytes. */
function readYamlContent(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw new ResearchError("bad-settings", msg`${YAML_FILE} is not valid YAML: ${why}`);
  }
}
