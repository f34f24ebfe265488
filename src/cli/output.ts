import path from "node:path";
import { formatMessagesDeep } from "../common/messages.js";
import { logEvents } from "../app/event-log.js";
import { formatProgress, trackProgress } from "../core/progress/progress-line.js";
import { redact } from "../common/redact.js";
import { redactLogText } from "../common/redact-log.js";
import { toResearchError, type ErrorCode } from "../common/errors.js";
import type { EventListener } from "../core/domain/events.js";
import { formatLogRecord, openLog, type LogFormat, type LogRecord } from "../app/log.js";
import type { EngineConfig } from "../app/types.js";

/** Exit codes. They are documented and must not change. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  citation: 4,
  hangup: 129,
  cancelled: 130,
} as const;

/** Usage errors: detected before anything was done. */
const USAGE: ReadonlySet<ErrorCode> = new Set([
  "bad-settings",
  "empty-question",
  "no-sources",
  "no-key",
  "bad-url",
  "no-session",
  "bad-report",
  "no-backup",
  "not-approved",
]);

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/**
 * A path as the shell that started the program can open it: relative to its folder if it is below it, otherwise absolute.
 * @param file absolute, or relative to the workspace
 */
export function toShellPath(workspace: string, file: string): string {
  const absolute = path.resolve(workspace, file);
  const relative = path.relative(process.cwd(), absolute) || ".";
  const isBelow = relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return (isBelow ? relative : absolute).split(path.sep).join("/");
}

export function printJson(value: unknown): void {
  print(JSON.stringify(formatMessagesDeep(value), null, 2));
}

/** Prints an error as one line on stderr (and as JSON on stdout). @returns the exit code */
export function reportError(error: unknown, json = false): number {
  const { code, line } = toResearchError(error, "bad-answer", "Something went wrong");
  if (json) printJson({ error: { code, message: redact(line, process.env["GEMINI_API_KEY"] ?? null) } });
  const isCancel = code === "cancelled";
  printLine(line, { level: isCancel ? "INFO" : "ERROR", key: process.env["GEMINI_API_KEY"] ?? null });
  if (code === "cancelled") return EXIT.cancelled;
  return USAGE.has(code) ? EXIT.usage : EXIT.failed;
}

interface LineOptions {
  level: LogRecord["level"];
  /** Removed from the line. */
  key: string | null;
  /** As the settings have it; absent: as the environment has it, where settings cannot be read. */
  format?: LogFormat;
}

/** Prints a line for people on stderr, or with LOG_FORMAT=json a record. */
export function printLine(text: string, { level, key, format }: LineOptions): void {
  const isJson = format === undefined ? process.env["LOG_FORMAT"]?.trim() === "json" : format === "json";
  const record = { time: new Date().toISOString(), level, msg: isJson ? redactLogText(text, key) : text };
  process.stderr.write(`${isJson ? formatLogRecord(record, "json") : forTerminal(redact(text, key))}\n`);
}

/** Removes control characters, so that a line cannot move the cursor or change colours. */
export function forTerminal(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g,
    " ",
  );
}

/**
 * Shows a run's progress on stderr: in a terminal as one live line with important lines above it, otherwise as
 * plain lines.
 */
export function showProgress(config: EngineConfig): { listen: EventListener; stop: () => void } {
  const { stderr } = process;
  const { logFormat, logLevel } = config.settings;
  const { key } = config;
  if (logFormat === "json" || !stderr.isTTY) {
    const toLine = (record: LogRecord): string =>
      logFormat === "json" ? formatLogRecord(record, "json") : forTerminal(record.msg);
    const log = openLog(config, (record) => void stderr.write(`${toLine(record)}\n`));
    const write = logEvents(log);
    // How it ended is said with the result; a log of records has it as an event.
    const listen: EventListener = (event) => {
      if (event.type !== "ended" || logFormat === "json") write(event);
    };
    return { listen, stop: () => undefined };
  }
  const erase = "\r\u001b[2K";
  const log = openLog(
    config,
    ({ msg }) => void stderr.write(`${erase}${forTerminal(msg)}\n`),
    logLevel === "INFO" ? "WARN" : logLevel,
  );
  const stay = logEvents(log);
  let isShown = false;
  const live = trackProgress((progress, event) => {
    if (event.type === "ended") return;
    // Some terminals do not report their width.
    const width = Math.max(20, stderr.columns || 80) - 1;
    const line = forTerminal(redact(formatProgress(progress), key));
    isShown = true;
    stderr.write(erase + (line.length > width ? `${line.slice(0, width - 1)}…` : line));
  });
  return {
    listen: (event) => {
      if (event.type !== "ended") stay(event);
      live(event);
    },
    stop: () => {
      if (isShown) stderr.write(erase);
      isShown = false;
    },
  };
}
