import { redact } from "../../common/redact.js";
import { asResearchError, ResearchError } from "../../common/errors.js";
import type { Place } from "../../config/load-settings.js";
import type { Words } from "../../common/messages.js";

/** One thing that was looked at: how it stands, in a sentence, and what to do, in another. */
export interface Check {
  /** A contract: `health --json` gives it. */
  name: CheckName;
  /** The same for people. */
  title: string;
  state: "ok" | "warning" | "failed";
  detail: string;
  /** "" where there is nothing to do. */
  remedy: string;
  /** What helps at a click, where that is one of the window's own commands. */
  helps?: "set-key" | "settings" | "settings-file" | "open-folder" | "trust" | "resume";
}

export type CheckName =
  | "node"
  | "trust"
  | "workspace"
  | "settings"
  | "engine"
  | "connection"
  | "quota"
  | "models"
  | "web search"
  | "sessions folder"
  | "reports folder"
  | "cache folder"
  | "disk space"
  | "sessions"
  | "git"
  | "index";

/** What a door knows of itself and of what the user set. */
export interface Situation {
  /** Ours. */
  version: string;
  /** Null in a terminal; `remote` is what VS Code calls the other machine, or null. */
  editor: { name: string; version: string; remote: string | null } | null;
  /** Absolute; null where no folder is open. */
  workspace: string | null;
  /** False: nothing of the workspace is read but its settings and journals. */
  trusted: boolean;
  /** What sets something, strongest first, and what of that could not be read. */
  places: Place[];
  problems: ResearchError[];
  key: { value: string | null; from: "environment" | ".env" | "secret storage" };
  /** Whether a key lies in .env that the user has not accepted for this folder, so that it is not used. */
  keyNotAccepted?: boolean;
  /** Where Gemini is, if not at Google's. */
  baseUrl: string | null;
}

/** What every check is given. */
export interface On {
  situation: Situation;
  l10n: Words;
  signal: AbortSignal;
}

type Said = Pick<Check, "detail"> & Partial<Pick<Check, "state" | "remedy" | "helps">>;

export function check({ situation }: On, name: CheckName, title: string, said: Said): Check {
  const { state = "ok", detail, remedy = "", ...rest } = said;
  const safe = (text: string): string => redact(text, situation.key.value);
  return { name, title, state, detail: safe(detail), remedy: safe(remedy), ...rest };
}

/** A check that did not come to its end: what stopped it is what was found. */
export function failed(
  on: On,
  name: CheckName,
  title: string,
  error: unknown,
  helps?: Check["helps"],
): Check {
  const { message, remedy } = asResearchError(error, "unreadable", title);
  return check(on, name, title, {
    state: "failed",
    detail: message,
    remedy,
    ...(helps === undefined ? {} : { helps }),
  });
}
