import { redactLogText } from "../common/redact-log.js";
import type { LogFormat, LogLevel } from "../config/settings-schema.js";
import { openLogFile } from "../storage/logs/log-file.js";
import type { EngineConfig } from "./types.js";

export type { LogFormat } from "../config/settings-schema.js";

/** A line of the log: the same in the terminal, in VS Code and in a file. */
export interface LogRecord {
  /** ISO 8601, UTC. */
  time: string;
  level: LogLevel;
  /** Without secrets. */
  msg: string;
  /** The session that it belongs to, if any. */
  session?: string;
}

export interface Log {
  /** Writes a line if its level is high enough. */
  write(level: LogLevel, text: string, session?: string): void;
}

const ORDER: LogLevel[] = ["DEBUG", "INFO", "WARN", "ERROR"];

/**
 * Opens the log of a run: it removes secrets, leaves out what is below the level, and writes to the interface and, if
 * the user asked for one, to a file.
 * @param show shows a record in the interface
 * @param shownFrom the level from which records are shown, if it differs from the level of the log
 */
export function openLog(
  { workspace, settings, key }: EngineConfig,
  show: (record: LogRecord) => void,
  shownFrom: LogLevel = settings.logLevel,
): Log {
  const { logFile, logFormat, logMaxBytes, logLevel } = settings;
  const toRecord = (level: LogLevel, text: string, session?: string): LogRecord => ({
    time: new Date().toISOString(),
    level,
    msg: redactLogText(text, key),
    ...(session === undefined ? {} : { session }),
  });
  const failed = (why: string): void => show(toRecord("WARN", `The log file is not written: ${why}`));
  const file = logFile === "" ? null : openLogFile(workspace, logFile, logMaxBytes, failed);
  return {
    write(level, text, session) {
      if (ORDER.indexOf(level) < ORDER.indexOf(logLevel)) return;
      const record = toRecord(level, text, session);
      if (ORDER.indexOf(level) >= ORDER.indexOf(shownFrom)) show(record);
      file?.write(formatLogRecord(record, logFormat));
    },
  };
}

/** A record as one line without line break. */
export function formatLogRecord(record: LogRecord, format: LogFormat): string {
  if (format === "json") return JSON.stringify(record);
  const { time, level, msg, session } = record;
  const text = msg.replace(/[\r\n]+/g, " ");
  return `${time} ${level} ${session === undefined ? "" : `[${session}] `}${text}`;
}
