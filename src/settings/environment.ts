import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv, promisify } from "node:util";
import { ResearchError } from "../research/errors.js";
import { fromEnvironment, type Place } from "./load.js";

/** What the terminal's environment says. */
export interface Environment {
  /** Strongest first: the process's own variables, then the workspace's `.env`. */
  places: Place[];
  key: string | null;
  baseUrl: string | null;
}

/**
 * Reads the environment and the workspace's `.env`, of which only our own names count. `.env`
 * belongs to the workspace, so it sets no address; a key in it is used if it is the user's own,
 * which one that git tracks is not.
 * @throws ResearchError "bad-settings"
 */
export async function terminalEnvironment(
  workspace: string,
  own: Record<string, string | undefined>,
): Promise<Environment> {
  const file = path.join(workspace, ".env");
  const added: Record<string, string | undefined> = parseEnv(await readFile(file, "utf8").catch(() => ""));
  if (filled(added["GEMINI_BASE_URL"]) !== null) {
    throw new ResearchError(
      "bad-settings",
      "GEMINI_BASE_URL in .env is refused: a workspace cannot choose where questions and keys are sent.",
      "Remove it from .env and set it in your own environment.",
    );
  }
  const ownKey = filled(own["GEMINI_API_KEY"]);
  const addedKey = filled(added["GEMINI_API_KEY"]);
  if (ownKey === null && addedKey !== null && (await isTracked(file))) {
    throw new ResearchError(
      "bad-settings",
      "GEMINI_API_KEY in .env is refused: git tracks this .env, so the key is shared with everyone who has the repository.",
      "Run `git rm --cached .env`, add it to .gitignore and use a new key.",
    );
  }
  const process = fromEnvironment(own);
  const dotEnv = fromEnvironment(added);
  return {
    places: [process, { ...dotEnv, name: (setting) => `${dotEnv.name(setting)} in .env`, workspace: true }],
    key: ownKey ?? addedKey,
    baseUrl: geminiAddress(own),
  };
}

function filled(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}

/**
 * Gemini's address, where the machine's own environment sets one; a workspace has no say.
 * @throws ResearchError "bad-settings" if it is no http or https address
 */
export function geminiAddress(own: Record<string, string | undefined>): string | null {
  const value = filled(own["GEMINI_BASE_URL"]);
  if (value !== null && !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "")) {
    throw new ResearchError(
      "bad-settings",
      `GEMINI_BASE_URL is ${JSON.stringify(value)}; allowed: an http or https address.`,
    );
  }
  return value;
}

async function isTracked(file: string): Promise<boolean> {
  try {
    const name = path.basename(file);
    await promisify(execFile)("git", ["-C", path.dirname(file), "ls-files", "--error-unmatch", "--", name]);
    return true;
  } catch {
    return false;
  }
}
