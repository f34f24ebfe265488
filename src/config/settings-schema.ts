import { msg, type Message } from "../common/messages.js";
import * as z from "zod";
import { Depth } from "../core/domain/schema.js";
import { EnvironmentName } from "./environments.js";
import { FaultList, type Fault } from "./faults.js";
import { FEATURE_NAMES, FeatureTogglesSchema, type FeatureToggles } from "./features.js";

export const LogLevel = z.enum(["DEBUG", "INFO", "WARN", "ERROR"]);
export type LogLevel = z.infer<typeof LogLevel>;
const LogFormat = z.enum(["text", "json"]);
export type LogFormat = z.infer<typeof LogFormat>;

const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(","))])
  .transform((hosts) => hosts.map((host) => host.trim().toLowerCase()).filter((host) => host !== ""))
  .pipe(
    z.array(
      z.string().regex(/^(\[[0-9a-f:]+\]|[^\s:/[\]@]+):\d{1,5}$/, "a list of host:port, separated by commas"),
    ),
  );

const amount = z.coerce.number().min(0).max(1e9);
/** Also accepts the spellings used in environment variables. */
const yesOrNo = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["true", "yes", "1", "false", "no", "0"]))
    .transform((word) => ["true", "yes", "1"].includes(word)),
]);
const whole = z.coerce.number().int().min(0).max(1e12);

/** The services that are open to all, without a key. */
export const OPEN_SEARCH_NAMES = ["github", "stackexchange", "wikipedia", "mdn"] as const;
/**
 * The search services that a user can let have questions; their ids are those of the providers. "none" says that nobody
 * shall have them.
 */
export const WEB_SEARCH_NAMES = [
  "none",
  ...OPEN_SEARCH_NAMES,
  "google",
  "tavily",
  "brave",
  "exa",
  "serper",
] as const;
export type WebSearchName = (typeof WEB_SEARCH_NAMES)[number];

const searchNames = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(","))])
  .transform((names) => names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ""))
  .pipe(z.array(z.enum(WEB_SEARCH_NAMES)));

/**
 * Every setting: its type, validation, default, and where it may be set. `env` is the name of the environment
 * variable; the property name is used in deep-research.yaml and, after "deepResearch.", in VS Code. A setting that is
 * not `workspace` can only be set by the machine's owner: a workspace must never choose where a question or a key is
 * sent.
 */
export const SETTINGS = {
  environment: setting(
    "RESEARCH_ENV",
    true,
    EnvironmentName,
    "production",
    msg`development, staging or production`,
  ),
  depth: setting("RESEARCH_DEPTH", true, Depth, "standard", msg`quick, standard or deep`),
  maxSources: setting(
    "MAX_RESEARCH_SOURCES",
    true,
    z.coerce.number().int().min(1).max(100),
    10,
    msg`a whole number from 1 to 100`,
  ),
  reviewPlan: setting("RESEARCH_REVIEW_PLAN", true, yesOrNo, false, msg`true or false`, z.boolean()),
  sessionStoragePath: setting(
    "SESSION_STORAGE_PATH",
    true,
    z.string().trim().min(1),
    "./data/sessions",
    msg`a folder in the workspace`,
  ),
  reportOutputPath: setting(
    "REPORT_OUTPUT_PATH",
    true,
    z.string().trim().min(1),
    "./data/reports",
    msg`a folder in the workspace`,
  ),
  logLevel: setting(
    "LOG_LEVEL",
    true,
    z.preprocess((value) => (typeof value === "string" ? value.toUpperCase() : value), LogLevel),
    "INFO",
    msg`DEBUG, INFO, WARN or ERROR`,
  ),
  logFormat: setting("LOG_FORMAT", false, LogFormat, "text", msg`text or json`),
  logFile: setting("LOG_FILE", false, z.string().trim(), "", msg`a file, or nothing for no log file`),
  logMaxBytes: setting(
    "LOG_MAX_BYTES",
    false,
    z.coerce.number().int().min(10_000).max(1e10),
    5_000_000,
    msg`a whole number of bytes from 10000`,
  ),
  maxCalls: limit("MAX_RESEARCH_CALLS", whole),
  maxTokens: limit("MAX_RESEARCH_TOKENS", whole),
  maxUsd: limit("MAX_RESEARCH_USD", amount),
  maxMinutes: limit("MAX_RESEARCH_MINUTES", amount),
  askAboveUsd: setting("ASK_ABOVE_USD", false, amount, 1, msg`an amount in dollars; 0 never asks`),
  cacheMegabytes: setting("CACHE_MEGABYTES", true, whole, 200, msg`a whole number; 0 disables the cache`),
  cacheDays: setting("CACHE_DAYS", true, amount, 7, msg`a number of days`),
  retentionSessionDays: days("RETENTION_SESSION_DAYS"),
  retentionSnapshotDays: days("RETENTION_SNAPSHOT_DAYS"),
  retentionErrorDays: days("RETENTION_ERROR_DAYS"),
  searxngUrl: setting(
    "SEARXNG_URL",
    false,
    z
      .string()
      .trim()
      .transform((text) => (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : "") ? text : null))
      .pipe(z.string()),
    "",
    msg`an http or https URL`,
  ),
  webSearches: setting<string[]>(
    "WEB_SEARCHES",
    false,
    searchNames,
    [],
    msg`a list of ${WEB_SEARCH_NAMES.join(", ")}, separated by commas`,
  ),
  contact: setting(
    "RESEARCH_CONTACT",
    false,
    z
      .string()
      .trim()
      .max(200)
      .regex(/^[\x21-\x7e]*$/),
    "",
    msg`an e-mail address or a URL, at most 200 characters`,
  ),
  allowedPrivateHosts: setting(
    "ALLOWED_PRIVATE_HOSTS",
    false,
    list,
    [],
    msg`a list of host:port names, separated by commas`,
  ),
  features: setting<FeatureToggles>(
    "RESEARCH_FEATURES",
    true,
    FeatureTogglesSchema,
    {},
    msg`on or off (in an object true or false) for each of ${FEATURE_NAMES.join(", ")}`,
    z.strictObject(Object.fromEntries(FEATURE_NAMES.map((name) => [name, z.literal(false)]))).partial(),
  ),
  faults: setting<Fault[]>(
    "RESEARCH_FAULTS",
    false,
    FaultList,
    [],
    msg`PART:CODE or PART:CODE:N, separated by commas, such as model:overloaded:3`,
  ),
} as const;

/** A limit of a session or run. */
function limit(env: string, schema: z.ZodType<number>): Setting<number> {
  return setting(env, true, schema, 0, msg`a number; 0 means no limit`);
}

/** How long something is kept, in whole days; it is deleted for good, so a fraction of a day is not taken. */
function days(env: string): Setting<number> {
  const schema = z.coerce.number().int().min(0).max(36_500);
  return setting(env, true, schema, 0, msg`a whole number of days; 0 keeps everything`);
}

interface Setting<T> {
  env: string;
  /** Whether a workspace may set it. */
  workspace: boolean;
  schema: z.ZodType<T>;
  fallback: T;
  /** What is allowed, for the error message. */
  allowed: Message;
  /** The value as deep-research.yaml writes it, where `schema` reads other spellings besides. */
  written?: z.ZodType;
}

function setting<T>(
  env: string,
  workspace: boolean,
  schema: z.ZodType<T>,
  fallback: T,
  allowed: Message,
  written?: z.ZodType,
): Setting<T> {
  return { env, workspace, schema, fallback, allowed, ...(written === undefined ? {} : { written }) };
}

export type SettingName = keyof typeof SETTINGS;
export type Settings = {
  [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
