import { stat } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { version } from "../../package.json";
import { checkHealth, type HealthCheck, type HealthInput } from "../app/health/check-health.js";
import { toResearchError, ResearchError } from "../common/errors.js";
import { readGeminiBaseUrl, readTerminalEnvironment } from "../config/environment.js";
import { readEnvironmentSettings, readYamlSettings } from "../config/load-settings.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";

const Flags = z.object({ workspace: z.string().optional(), json: z.boolean().default(false) });

/** Time limit for all checks together, in milliseconds. */
const PATIENCE = 30_000;
const WORDS: Record<HealthCheck["state"], string> = { ok: "ok  ", warning: "WARN", failed: "FAIL" };

/** Checks what a run needs and suggests fixes. */
export async function healthCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const { ok, checks } = await checkHealth(await readHealthInput(workspace), AbortSignal.timeout(PATIENCE));
  if (flags.json) {
    const shown = checks.map(({ name, state, detail, remedy }) => ({
      name,
      ok: state !== "failed",
      state,
      detail,
      remedy,
    }));
    printJson({ ok, checks: shown });
  } else {
    for (const { name, state, detail, remedy } of checks) {
      print(forTerminal(`${WORDS[state]}  ${name}: ${detail}`));
      if (remedy !== "") print(forTerminal(`      → ${remedy}`));
    }
  }
  return ok ? EXIT.done : EXIT.failed;
}

/** The configuration, as far as it can be read. */
async function readHealthInput(workspace: string): Promise<HealthInput> {
  const problems: ResearchError[] = [];
  const orNull = async <T>(work: () => Promise<T>, what: string): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      problems.push(toResearchError(error, "bad-settings", what));
      return null;
    }
  };
  const isThere = (await stat(workspace).catch(() => null))?.isDirectory() === true;
  if (!isThere) {
    const message = `The folder ${workspace} does not exist.`;
    problems.push(new ResearchError("bad-settings", message, "Set another one with --workspace DIR."));
  }
  const environmentKey = (process.env["GEMINI_API_KEY"] ?? "").trim();
  const environment = await orNull(() => readTerminalEnvironment(workspace, process.env), ".env");
  const yaml = await orNull(() => readYamlSettings(workspace), "deep-research.yaml");
  const key = environment === null ? environmentKey : (environment.key ?? "");
  return {
    version,
    editor: null,
    workspace: isThere ? workspace : null,
    trusted: true,
    places: [
      ...(environment?.places ?? [readEnvironmentSettings(process.env)]),
      ...(yaml === null ? [] : [yaml]),
    ],
    problems,
    key: { value: key === "" ? null : key, from: environmentKey === "" ? ".env" : "environment" },
    keyNotAccepted: environment !== null && environment.notAccepted !== null,
    baseUrl: environment === null ? geminiBaseUrlOrNull() : environment.baseUrl,
  };
}

/** An invalid address was already reported with the rest of the environment. */
function geminiBaseUrlOrNull(): string | null {
  try {
    return readGeminiBaseUrl(process.env);
  } catch {
    return null;
  }
}
