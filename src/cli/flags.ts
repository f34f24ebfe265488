import { lstat, stat } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { EngineConfig } from "../app/types.js";
import { loadEnvironmentConfig, type FolderKey, type SettingsLayer } from "../app/load-config.js";
import { ResearchError } from "../common/errors.js";
import { acceptKeyInTerminal } from "./trust-command.js";

/* The commands. Each returns its exit code and throws its errors. */

export const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  depth: z.string().optional(),
  maxSources: z.string().optional(),
  env: z.string().optional(),
  source: z.array(z.string()).default([]),
  plan: z.boolean().default(false),
  maxCalls: z.string().optional(),
  maxTokens: z.string().optional(),
  maxUsd: z.string().optional(),
  maxMinutes: z.string().optional(),
  yes: z.boolean().default(false),
  cache: z.boolean().default(true),
});

export type Flags = z.infer<typeof Flags>;

/**
 * Loads the workspace, the settings and the key from flags, environment and files.
 * @param yaml text of a settings file to use instead of the workspace's own
 */
export async function loadConfig(
  flags: Partial<Omit<Flags, "source">>,
  yaml?: string,
): Promise<EngineConfig> {
  return (await openFolder(flags, yaml)).config;
}

/** Like `loadConfig`, for a run: asks the user about a key in the folder that was not accepted yet. */
export async function loadConfigForRun(flags: Partial<Omit<Flags, "source">>): Promise<EngineConfig> {
  const { config, notAccepted } = await openFolder(flags);
  if (notAccepted === null || !(await acceptKeyInTerminal(config.workspace, notAccepted))) return config;
  return { ...config, key: notAccepted.key };
}

async function openFolder(
  flags: Partial<Omit<Flags, "source">>,
  yaml?: string,
): Promise<{ config: EngineConfig; notAccepted: FolderKey | null }> {
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const problem = await findFolderProblem(workspace);
  if (problem !== null) throw problem;
  const { depth, maxSources, maxCalls, maxTokens, maxUsd, maxMinutes } = flags;
  const line: SettingsLayer = {
    name: (setting) =>
      setting === "environment"
        ? "--env"
        : `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    values: { depth, maxSources, maxCalls, maxTokens, maxUsd, maxMinutes, environment: flags.env },
    workspace: false,
  };
  const { config, notAccepted } = await loadEnvironmentConfig(workspace, line, process.env, yaml);
  return { config: { ...config, cache: flags.cache ?? true }, notAccepted };
}

/** Why a folder cannot be the workspace; null if it can. */
export async function findFolderProblem(workspace: string): Promise<ResearchError | null> {
  if ((await stat(workspace).catch(() => null))?.isDirectory() === true) return null;
  return new ResearchError(
    "bad-settings",
    `The folder ${workspace} does not exist.`,
    "Set another one with --workspace DIR.",
  );
}

/**
 * A path as the user gave it: relative to the current folder if it exists there, otherwise to the workspace.
 */
export async function resolvePath(file: string, workspace: string): Promise<string> {
  const here = path.resolve(file);
  return (await lstat(here).catch(() => null)) === null ? path.resolve(workspace, file) : here;
}
