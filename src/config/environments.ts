import * as z from "zod";

/* What an environment changes: the defaults of settings here, those of features in `features.ts`. */

export const EnvironmentName = z.enum(["development", "staging", "production"]);
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** The default settings that differ from those of production; each can be overridden. */
export const ENVIRONMENT_DEFAULTS = {
  development: { logLevel: "DEBUG" },
  staging: { maxSources: 3, maxCalls: 60, maxUsd: 0.25 },
  production: {},
} as const satisfies Record<EnvironmentName, Record<string, unknown>>;

/** Whether remote models may be asked; in development the offline engine answers in their place. */
export function allowsRemoteModels(environment: EnvironmentName): boolean {
  return environment !== "development";
}
