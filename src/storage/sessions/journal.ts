import { bySurface, msg, type Message } from "../../common/messages.js";
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import * as z from "zod";
import { LineCutter, type CutLine } from "../../common/line-cutter.js";
import { FileRefusedError, openRegularFile, readBytesAt } from "../../common/read-file.js";
import { toResearchError, systemErrorCode, ResearchError } from "../../common/errors.js";
import { NO_USAGE, Usage, type Clarification } from "../../core/domain/schema.js";
import type { SteeringChange } from "../../core/pipeline/steering.js";
import { JOURNAL_LIMITS, JOURNAL_LINE_BYTES, JOURNAL_LINES, UNREADABLE_LINES } from "../file-limits.js";
import { toReadError, toWriteError, PRIVATE_FILE } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { JournalLine, parseHeader, type EndedLine, type Header } from "./journal-schema.js";

/** The remedy of an error about an unknown session. */
export const LIST_SESSIONS = bySurface(
  msg`List them with: deep-research sessions`,
  msg`The Deep Research view lists the sessions.`,
);

/** The position of a line in its file, in bytes, without its line break. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** An outcome without its value, which is read from the file on demand. */
export interface StoredOutcome {
  by: string;
  usage: Usage;
  milliseconds: number;
  at: ByteRange;
}

/** The total cost of a session's runs. */
export interface Spent {
  calls: { model: number; search: number; read: number };
  /** Paid model calls, successful or not; the call limit applies to these. */
  paid: number;
  usage: Usage;
}

/** A session's report, relative to the workspace, with its verdict counts. */
export type WrittenReport = { report: string } & Pick<EndedLine, "verdicts" | "title">;

/** A line that records the user's agreement. */
export type AgreementLine = Extract<JournalLine, { type: "approved" | "resumed" }>;

/** An index of a journal, without the values. */
export interface JournalIndex {
  header: Header;
  /** By the step's key. */
  outcomes: Map<string, StoredOutcome>;
  spent: Spent;
  /** The reviewed plan as stored; null if there is none. */
  plan: unknown;
  /** Recorded agreements to its cost or to resuming it. Their seals are not verified here. */
  agreed: AgreementLine[];
  /** Answers to clarifying questions; null if none were asked. */
  clarified: Clarification[] | null;
  /** The user's changes during a run, in order. */
  steered: SteeringChange[];
  /** The user's name for the session; null if there is none. */
  name: string | null;
  /** How the last run ended; null if it did not end properly. */
  ended: EndedLine | null;
  /** The last written report; null if there is none. */
  written: WrittenReport | null;
  /** The SHA-256 of report.json, from the last run that wrote it; null if none did. */
  reportJsonSha256: string | null;
  /** Time of the last line, ISO 8601; the session's start if there is none. */
  lastAt: string;
  /** Messages about unreadable parts; empty for an intact journal. */
  damage: Message[];
  /** Bytes up to the end of the last complete line, where appending continues. */
  wholeBytes: number;
}

export function zeroSpent(): Spent {
  return { calls: { model: 0, search: 0, read: 0 }, paid: 0, usage: NO_USAGE };
}

/** Adds the cost of a step. Cached answers, our own searches and page reads are free. */
export function addStepCost(spent: Spent, { in: tokensIn, out, usd }: Usage): void {
  if (tokensIn + out > 0) spent.paid++;
  spent.usage = { in: spent.usage.in + tokensIn, out: spent.usage.out + out, usd: spent.usage.usd + usd };
}

/**
 * Reads a journal line by line. An incomplete last line and unreadable lines are skipped and reported; a copy
 * replaces an unreadable first line.
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"
 */
export async function readJournal(file: string): Promise<JournalIndex> {
  const outcomes = new Map<string, StoredOutcome>();
  const spent = zeroSpent();
  const damage: Message[] = [];
  let header: Header | null = null;
  let broken: ResearchError | null = null;
  let plan: unknown = null;
  const agreed: AgreementLine[] = [];
  let clarified: Clarification[] | null = null;
  const steered: SteeringChange[] = [];
  let name: string | null = null;
  let ended: EndedLine | null = null;
  let written: WrittenReport | null = null;
  let reportJsonSha256: string | null = null;
  let lastAt: string | null = null;
  let wholeBytes = 0;
  let number = 0;
  let unreadable = 0;
  for await (const { text, offset, length, whole } of journalLines(file)) {
    number++;
    if (!whole) {
      damage.push(msg`The last line is incomplete and was ignored.`);
      break;
    }
    wholeBytes = offset + length + 1;
    if (number === 1) {
      try {
        header = parseHeader(text, file);
        if (text.startsWith('{"type":"asked"'))
          damage.push(msg`The first line is missing; its copy is used.`);
      } catch (error) {
        broken = toResearchError(error, "damaged-session", file);
        if (broken.code === "newer-session") throw broken;
        damage.push(msg`Line 1 is unreadable.`);
      }
      continue;
    }
    const read = JournalLine.safeParse(parseJson(text));
    if (!read.success) {
      if (++unreadable > UNREADABLE_LINES) throw damaged(file, msg`most of its lines cannot be read`);
      damage.push(msg`Line ${number} is unreadable and was ignored.`);
      continue;
    }
    const line = read.data;
    if ("at" in line) lastAt = line.at;
    if (line.type === "asked") header ??= parseHeader(text, file);
    else if (line.type === "plan") plan = line.plan;
    else if (line.type === "approved") agreed.push(line);
    else if (line.type === "clarified") clarified = line.answers;
    else if (line.type === "steered") steered.push({ round: line.round, skip: line.skip, add: line.add });
    else if (line.type === "named") name = line.name === "" ? null : line.name;
    else if (line.type === "written") reportJsonSha256 = line.reportJsonSha256 ?? reportJsonSha256;
    else if (line.type === "failure") addStepCost(spent, line.usage ?? NO_USAGE);
    else if (line.type === "outcome") {
      const { key, kind, by, usage, milliseconds } = line;
      outcomes.set(key, { by, usage, milliseconds, at: { offset, length } });
      spent.calls[kind]++;
      addStepCost(spent, usage);
    } else if (line.type === "ended") {
      ended = line;
      const { report, verdicts, title, status } = line;
      if (report !== null) written = { report, verdicts, title };
      // An interrupted run leaves the report of an earlier one in place.
      else if (status === "done" || status === "partial") written = null;
    }
    // Other lines after the end (a recheck, a name) do not reopen a session.
    else if (line.type === "resumed") {
      ended = null;
      if (line.mark !== undefined) agreed.push(line);
    }
  }
  if (header === null) throw broken ?? damaged(file, msg`it is empty`);
  lastAt ??= header.started;
  const metadata = { plan, agreed, clarified, steered, name, written, reportJsonSha256 };
  return { header, outcomes, spent, ...metadata, ended, lastAt, damage, wholeBytes };
}

const CHUNK = 64 * 1024;

/** @param why the end of a sentence */
function damaged(file: string, why: Message, cause?: unknown): ResearchError {
  return new ResearchError("damaged-session", msg`The session at ${file} is damaged: ${why}.`, "", { cause });
}

/**
 * Yields the lines of a journal with their positions; only one is in memory at a time. The text of an overlong line
 * is empty. The last one is not `whole` if its line break is missing.
 * @throws ResearchError "no-session"; "damaged-session" if the file is not a journal; "cannot-read"
 */
export async function* journalLines(
  file: string,
): AsyncGenerator<ByteRange & { text: string; whole: boolean }, void, undefined> {
  const handle = await openJournalFile(file);
  const decodeLine = ({ bytes, ...range }: CutLine) => ({ ...range, text: bytes.toString("utf8") });
  try {
    const cutter = new LineCutter(JOURNAL_LINE_BYTES);
    let position = 0;
    let lines = 0;
    while (position < JOURNAL_LIMITS.maxBytes) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      for (const line of cutter.add(buffer.subarray(0, bytesRead))) {
        if (++lines > JOURNAL_LINES) throw damaged(file, msg`it has too many lines`);
        yield decodeLine(line);
      }
    }
    const lastLine = cutter.end();
    if (lastLine !== null) yield decodeLine(lastLine);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a journal for reading. The caller must close it.
 * @throws ResearchError "no-session"; "damaged-session" if it is a link, a device or far too large; "cannot-read"
 */
export async function openJournalFile(file: string): Promise<FileHandle> {
  try {
    return (await openRegularFile(file, JOURNAL_LIMITS)).handle;
  } catch (error) {
    if (error instanceof FileRefusedError) throw damaged(file, describeRefusal(error), error);
    const code = systemErrorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw toReadError(file, error);
    const text = msg`There is no session at ${file}.`;
    throw new ResearchError("no-session", text, LIST_SESSIONS, { cause: error });
  }
}

/** Why a journal is rejected, as the end of a sentence. */
function describeRefusal({ code }: FileRefusedError): Message {
  return code === "ENOTREG" ? msg`its journal is not a regular file` : msg`its journal is too large`;
}

/** Reads the value of the outcome at a position; undefined if it is no longer readable. */
export async function readOutcomeValue(journal: FileHandle, { offset, length }: ByteRange): Promise<unknown> {
  const bytes = await readBytesAt(journal, length, offset);
  const line = z.object({ value: z.unknown() }).safeParse(parseJson(bytes.toString("utf8")));
  return line.data?.value;
}

interface Waiting {
  bytes: Buffer;
  done: (offset: number) => void;
  failed: (error: unknown) => void;
}

/**
 * A journal open for appending. Lines that arrive during a write are written together, with one flush. A line that
 * could not be written is retried with the next one, since its result was paid for.
 */
export class Journal {
  private waiting: Waiting[] = [];
  private unsaved: Buffer[] = [];
  private writing: Promise<void> | null = null;
  /** Whether a failed write may have left bytes after the last complete line. */
  private torn = false;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    /** Bytes of the complete lines. */
    private size: number,
    /** Aborted when another run takes over the journal. */
    private readonly lost: AbortSignal | null,
  ) {}

  /** Creates a new journal. The file must not exist. */
  static async create(file: string, header: Header, lost: AbortSignal | null = null): Promise<Journal> {
    const { O_CREAT, O_EXCL, O_APPEND, O_RDWR } = constants;
    const journal = await Journal.open(file, O_CREAT | O_EXCL | O_APPEND | O_RDWR, 0, lost);
    try {
      await Promise.all([journal.write(header), journal.append({ type: "asked", header })]);
    } catch (error) {
      await journal.handle.close().catch(() => undefined);
      throw error;
    }
    return journal;
  }

  /** Opens an existing journal for appending and truncates it after the last complete line. */
  static async reopen(file: string, wholeBytes: number, lost: AbortSignal | null = null): Promise<Journal> {
    const { O_APPEND, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
    // The last two are undefined on Windows and count as 0.
    const journal = await Journal.open(file, O_APPEND | O_RDWR | O_NOFOLLOW | O_NONBLOCK, wholeBytes, lost);
    try {
      await journal.handle.truncate(wholeBytes);
    } catch (error) {
      await journal.handle.close().catch(() => undefined);
      throw toWriteError(file, error);
    }
    return journal;
  }

  private static async open(
    file: string,
    flags: number,
    size: number,
    lost: AbortSignal | null,
  ): Promise<Journal> {
    try {
      return new Journal(file, await open(file, flags, PRIVATE_FILE), size, lost);
    } catch (error) {
      throw toWriteError(file, error);
    }
  }

  /**
   * Appends one line; it is on disk when the promise resolves.
   * @returns its position
   * @throws ResearchError "cannot-write"; the reason if the journal is no longer ours
   */
  append(line: JournalLine): Promise<ByteRange> {
    return this.write(line);
  }

  /**
   * Reads the value of an outcome; undefined if it is damaged.
   * @throws ResearchError "cannot-read"
   */
  valueAt(at: ByteRange): Promise<unknown> {
    return readOutcomeValue(this.handle, at).catch((error: unknown) => {
      throw toReadError(this.file, error);
    });
  }

  private write(value: Header | JournalLine): Promise<ByteRange> {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`, "utf8");
    return new Promise((resolve, reject) => {
      // Another run now appends to this file and relies on its byte offsets.
      this.lost?.throwIfAborted();
      this.waiting.push({
        bytes,
        done: (offset) => resolve({ offset, length: bytes.length - 1 }),
        failed: reject,
      });
      this.writing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      const lines = [...this.unsaved, ...batch.map(({ bytes }) => bytes)];
      try {
        await this.writeLines(lines);
      } catch (error) {
        await this.repair().catch(() => undefined);
        this.unsaved = lines;
        const why = error instanceof ResearchError ? error : toWriteError(this.file, error);
        for (const { failed } of batch) failed(why);
        continue;
      }
      for (const bytes of this.unsaved) this.size += bytes.length;
      this.unsaved = [];
      for (const { bytes, done } of batch) {
        done(this.size);
        this.size += bytes.length;
      }
    }
    // Synchronously after the loop: the next line must start a new flush.
    this.writing = null;
  }

  private async writeLines(lines: Buffer[]): Promise<void> {
    await this.repair();
    this.torn = true;
    await this.handle.appendFile(Buffer.concat(lines));
    await this.handle.datasync();
    // Writing to a removed file succeeds without effect.
    if ((await this.handle.stat()).nlink === 0) throw Object.assign(new Error("gone"), { code: "ENOENT" });
    this.torn = false;
  }

  /** Removes an incomplete line before the next one, unless another run took over the file. */
  private async repair(): Promise<void> {
    this.lost?.throwIfAborted();
    if (!this.torn) return;
    await this.handle.truncate(this.size);
    this.torn = false;
  }

  /** Never throws: accepted lines are already on disk. Retries unsaved lines once. */
  async close(): Promise<void> {
    await this.writing;
    if (this.unsaved.length > 0) await this.writeLines(this.unsaved).catch(() => undefined);
    await this.handle.close().catch(() => undefined);
  }
}
