import { mkdirSync } from "node:fs";
import path from "node:path";
import type { EngineConfig } from "../../../src/app/types.js";
import { readEnvironmentSettings, loadSettings } from "../../../src/config/load-settings.js";
import type { StandIns } from "./processes.js";

/** The bench's key. */
const KEY = "a-key-of-the-bench";

/** The environment that leads the engine to the stand-ins. @param pages how many pages may be read */
export function environmentFor(standIns: StandIns, pages: number) {
  return {
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: standIns.model,
    SEARXNG_URL: standIns.search,
    ALLOWED_PRIVATE_HOSTS: standIns.hosts(pages).join(","),
  };
}

/** A config in a folder, set up against the stand-ins. @param pages how many pages may be read */
export async function createBenchConfig(
  folder: string,
  standIns: StandIns,
  pages: number,
): Promise<EngineConfig> {
  const workspace = path.join(folder, "workspace");
  mkdirSync(workspace, { recursive: true });
  const settings = await loadSettings(workspace, [readEnvironmentSettings(environmentFor(standIns, pages))]);
  return { workspace, settings, key: KEY, baseUrl: standIns.model };
}
