import { redact } from "../../common/redact.js";
import { toResearchError, ResearchError } from "../../common/errors.js";
import type { SettingsLayer } from "../../config/load-settings.js";
import type { ServiceKeys } from "../../config/service-keys.js";
import { type Localizer, localizeMessage } from "../../common/messages.js";

/** One thing that was looked at: how it stands, in a sentence, and what to do, in another. */
export interface HealthCheck {
  /** A contract: `health --json` gives it. */
  name: HealthCheckName;
  /** The same for people. */
  title: string;
  state: "ok" | "warning" | "failed";
  detail: string;
  /** "" where there is nothing to do. */
  remedy: string;
  /** The VS Code command that fixes the problem, if there is one. */
  helps?: "set-key" | "settings" | "settings-file" | "open-folder" | "trust" | "resume";
}

export type HealthCheckName =
  | "node"
  | "trust"
  | "workspace"
  | "settings"
  | "environment"
  | "features"
  | "engine"
  | "connection"
  | "quota"
  | "models"
  | "prices"
  | "web search"
  | "proxy"
  | "sessions folder"
  | "reports folder"
  | "cache folder"
  | "disk space"
  | "sessions"
  | "retention"
  | "git"
  | "index"
  | "packages"
  | "history";

/** What an interface knows about itself, and what the user set. */
export interface HealthInput {
  /** Version of Deep Research. */
  version: string;
  /** Null in a terminal; `remote` is what VS Code calls the other machine, or null. */
  editor: { name: string; version: string; remote: string | null } | null;
  /** Absolute; null where no folder is open. */
  workspace: string | null;
  /** False: nothing of the workspace is read but its settings and journals. */
  trusted: boolean;
  /** What sets something, strongest first, and what of that could not be read. */
  places: SettingsLayer[];
  problems: ResearchError[];
  key: { value: string | null; from: "environment" | ".env" | "secret storage" };
  /** Whether a key lies in .env that the user has not accepted for this folder, so that it is not used. */
  keyNotAccepted?: boolean;
  /** Where Gemini is, if not at Google's. */
  baseUrl: string | null;
  /** Keys of search services. */
  serviceKeys: ServiceKeys;
}

/** What every check is given. */
export interface HealthContext {
  situation: HealthInput;
  l10n: Localizer;
  signal: AbortSignal;
}

type CheckFields = Pick<HealthCheck, "detail"> & Partial<Pick<HealthCheck, "state" | "remedy" | "helps">>;

export function createCheck(
  { situation }: HealthContext,
  name: HealthCheckName,
  title: string,
  said: CheckFields,
): HealthCheck {
  const { state = "ok", detail, remedy = "", ...rest } = said;
  const safe = (text: string): string => redact(text, situation.key.value);
  return { name, title, state, detail: safe(detail), remedy: safe(remedy), ...rest };
}

/** A check that did not come to its end: what stopped it is what was found. */
export function failedCheck(
  on: HealthContext,
  name: HealthCheckName,
  title: string,
  error: unknown,
  helps?: HealthCheck["helps"],
): HealthCheck {
  const { what, remedy } = toResearchError(error, "unreadable", title);
  return createCheck(on, name, title, {
    state: "failed",
    detail: localizeMessage(what, on.l10n),
    remedy: localizeMessage(remedy, on.l10n),
    ...(helps === undefined ? {} : { helps }),
  });
}
