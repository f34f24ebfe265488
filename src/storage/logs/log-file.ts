import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { systemErrorCode } from "../../common/errors.js";
import { PRIVATE_FILE } from "../../common/files.js";

/** Files that are kept of a log besides the one that is written: NAME.1 is the newest. */
export const OLD_LOG_FILES = 3;
/** Longer lines are cut. */
const LONGEST_LINE = 64 * 1024;

export interface LogFile {
  /** Appends a line. Never throws: a log that cannot be written must not end a run. */
  write(line: string): void;
}

/**
 * Opens a log file that is appended to. Before it grows beyond `maxBytes` it becomes NAME.1, NAME.1 becomes NAME.2 and
 * so on, so that all files together have at most `(OLD_LOG_FILES + 1) * maxBytes` bytes. Links are not followed.
 * @param folder what a relative `name` refers to
 * @param failed told once why nothing more is written
 */
export function openLogFile(
  folder: string,
  name: string,
  maxBytes: number,
  failed: (why: string) => void,
): LogFile {
  const file = path.resolve(folder, name);
  let isBroken = false;
  return {
    write(line) {
      if (isBroken) return;
      try {
        append(file, Buffer.from(`${line.slice(0, LONGEST_LINE)}\n`), maxBytes);
      } catch (error) {
        isBroken = true;
        failed(`${file} (${systemErrorCode(error)})`);
      }
    },
  };
}

/** Opened for each line, so that several processes can write to one log, and rotate it. */
function append(file: string, bytes: Buffer, maxBytes: number): void {
  let handle = open(file);
  try {
    const { size } = fstatSync(handle);
    if (size > 0 && size + bytes.length > maxBytes) {
      closeSync(handle);
      rotate(file);
      handle = open(file);
    }
    writeSync(handle, bytes);
  } finally {
    closeSync(handle);
  }
}

function open(file: string): number {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    return openSync(file, flags | constants.O_NONBLOCK, PRIVATE_FILE);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    return openSync(file, flags, PRIVATE_FILE);
  }
}

function rotate(file: string): void {
  for (let number = OLD_LOG_FILES; number >= 1; number--) {
    const from = number === 1 ? file : `${file}.${number - 1}`;
    try {
      renameSync(from, `${file}.${number}`);
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
    }
  }
}
