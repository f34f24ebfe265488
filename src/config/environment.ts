import { msg } from "../common/messages.js";
import path from "node:path";
import { parseEnv } from "node:util";
import { readGitState } from "../common/git-state.js";
import { readRegularText } from "../common/read-file.js";
import { systemErrorCode, ResearchError, isMissingPathError } from "../common/errors.js";
import { isKeyAccepted } from "../common/user-state.js";
import { readEnvironmentSettings, unreadableSettingsError, type SettingsLayer } from "./load-settings.js";

/** The configuration from the terminal's environment. */
export interface TerminalEnvironment {
  /** Strongest first: the process's own variables, then the workspace's `.env`. */
  places: SettingsLayer[];
  key: string | null;
  baseUrl: string | null;
  /** A key in the workspace's `.env` that the user has not accepted for this folder. */
  notAccepted: FolderKey | null;
}

/** A Gemini key from a folder's `.env`. */
export interface FolderKey {
  /** Absolute. */
  file: string;
  key: string;
}

/** Maximum size of an `.env` file. */
const LIMIT = { maxBytes: 1024 ** 2 };

/**
 * Reads the environment and our own names from the workspace's `.env`. `.env` belongs to the workspace, so it cannot set
 * an address; a key in it is used only if the user accepted it for this folder and git does not share it.
 * @throws ResearchError "bad-settings"
 */
export async function readTerminalEnvironment(
  workspace: string,
  own: Record<string, string | undefined>,
): Promise<TerminalEnvironment> {
  const dotEnvValues = parseEnv(await readDotEnv(workspace));
  if (nonEmpty(dotEnvValues["GEMINI_BASE_URL"]) !== null) {
    throw new ResearchError(
      "bad-settings",
      msg`GEMINI_BASE_URL in .env is refused: a workspace cannot choose where questions and keys are sent.`,
      msg`Remove it from .env and set it in your own environment.`,
    );
  }
  const ownKey = nonEmpty(own["GEMINI_API_KEY"]);
  const found = ownKey === null ? await readFolderKey(workspace) : null;
  const isAccepted = found !== null && (await isKeyAccepted(workspace, found.key));
  const process = readEnvironmentSettings(own);
  const dotEnv = readEnvironmentSettings(dotEnvValues);
  return {
    places: [process, { ...dotEnv, name: (setting) => `${dotEnv.name(setting)} in .env`, workspace: true }],
    key: ownKey ?? (isAccepted ? found.key : null),
    baseUrl: readGeminiBaseUrl(own),
    notAccepted: isAccepted ? null : found,
  };
}

/**
 * Reads the key in the workspace's `.env`, accepted or not; null if there is none.
 * @throws ResearchError "bad-settings" if git shares it, or may share it
 */
export async function readFolderKey(workspace: string): Promise<FolderKey | null> {
  const file = path.join(workspace, ".env");
  const key = nonEmpty(parseEnv(await readDotEnv(workspace))["GEMINI_API_KEY"]);
  if (key === null) return null;
  const state = await readGitState(file);
  if (state === "tracked") {
    throw new ResearchError(
      "bad-settings",
      msg`GEMINI_API_KEY in .env is refused: git tracks this .env, so the key is shared with everyone who has the repository.`,
      msg`Run \`git rm --cached .env\`, add it to .gitignore and use a new key.`,
    );
  }
  if (state === "unknown") {
    throw new ResearchError(
      "bad-settings",
      msg`GEMINI_API_KEY in .env is refused: git could not determine whether this .env is tracked, which would share the key.`,
      msg`Set GEMINI_API_KEY in your own environment, or run \`git ls-files .env\` there to see why git fails.`,
    );
  }
  return { file, key };
}

/**
 * Reads the workspace's `.env`; empty if there is none, or if it is not a file.
 * @throws ResearchError "bad-settings" if it cannot be read
 */
export async function readDotEnv(workspace: string): Promise<string> {
  const file = path.join(workspace, ".env");
  try {
    return await readRegularText(file, LIMIT);
  } catch (error) {
    const code = systemErrorCode(error);
    // Other programs use folders and pipes of this name.
    if (isMissingPathError(error) || code === "ENOTREG") return "";
    throw unreadableSettingsError(file, code);
  }
}

function nonEmpty(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}

/**
 * Gemini's address from the machine's own environment; a workspace cannot set it.
 * @throws ResearchError "bad-settings" if it is not an http or https address
 */
export function readGeminiBaseUrl(own: Record<string, string | undefined>): string | null {
  const value = nonEmpty(own["GEMINI_BASE_URL"]);
  if (value !== null && !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "")) {
    throw new ResearchError(
      "bad-settings",
      msg`GEMINI_BASE_URL is ${JSON.stringify(value)}; allowed: an http or https URL.`,
    );
  }
  return value;
}
