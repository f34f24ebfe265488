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

/** Where a line stands in its file, in bytes, without its line break. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** An outcome without its value, which is read from the file when it is asked for. */
export interface StoredOutcome {
  by: string;
  usage: Usage;
  milliseconds: number;
  at: ByteRange;
}

/** What a session has cost so far, whoever ran it. */
export interface Spent {
  calls: { model: number; search: number; read: number };
  /** Calls of the model that were paid for, whatever came of them: these are what a limit of calls is about. */
  paid: number;
  usage: Usage;
}

/** A session's report, relative to the workspace, and how its sentences were judged. */
export type WrittenReport = { report: string } & Pick<EndedLine, "verdicts">;

/** A line that says that the user agreed to something. */
export type AgreementLine = Extract<JournalLine, { type: "approved" | "resumed" }>;

/** A journal as it was read: an index, not the values in it. */
export interface JournalIndex {
  header: Header;
  /** By the step's key. */
  outcomes: Map<string, StoredOutcome>;
  spent: Spent;
  /** The plan that the user has looked at, as it was kept; null where none was. */
  plan: unknown;
  /** Where it says that the user agreed to its cost, or to going on with it. Whether their seals hold is not seen to here. */
  agreed: AgreementLine[];
  /** What the user said when asked back; null where nobody was asked. */
  clarified: Clarification[] | null;
  /** What the user changed while it ran, in order. */
  steered: SteeringChange[];
  /** The name that the user gave the session; null where it has none. */
  name: string | null;
  /** How the last run ended; null where it did not come to an end. */
  ended: EndedLine | null;
  /** The report that its runs wrote last; null where there is none. */
  written: WrittenReport | null;
  /** When the last line was written, ISO 8601; the session's beginning where there is none. */
  lastAt: string;
  /** What could not be read, for people; empty for a sound journal. */
  damage: string[];
  /** Bytes up to the end of the last whole line: where appending may go on. */
  wholeBytes: number;
}

export function zeroSpent(): Spent {
  return { calls: { model: 0, search: 0, read: 0 }, paid: 0, usage: NO_USAGE };
}

/** Adds what a step cost. An answer from the cache, a search of our own and a page cost nothing. */
export function addStepCost(spent: Spent, { in: tokensIn, out, usd }: Usage): void {
  if (tokensIn + out > 0) spent.paid++;
  spent.usage = { in: spent.usage.in + tokensIn, out: spent.usage.out + out, usd: spent.usage.usd + usd };
}

/**
 * Reads a journal, line by line. A torn last line and unreadable ones in between are left out and
 * named; where the first line is unreadable, its copy counts.
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"
 */
export async function readJournal(file: string): Promise<JournalIndex> {
  const outcomes = new Map<string, StoredOutcome>();
  const spent = zeroSpent();
  const damage: string[] = [];
  let header: Header | null = null;
  let broken: ResearchError | null = null;
  let plan: unknown = null;
  const agreed: AgreementLine[] = [];
  let clarified: Clarification[] | null = null;
  const steered: SteeringChange[] = [];
  let name: string | null = null;
  let ended: EndedLine | null = null;
  let written: WrittenReport | null = null;
  let lastAt: string | null = null;
  let wholeBytes = 0;
  let number = 0;
  let unreadable = 0;
  for await (const { text, offset, length, whole } of journalLines(file)) {
    number++;
    if (!whole) {
      damage.push("The last line is incomplete and was ignored.");
      break;
    }
    wholeBytes = offset + length + 1;
    if (number === 1) {
      try {
        header = parseHeader(text, file);
        if (text.startsWith('{"type":"asked"')) damage.push("The first line is missing; its copy is used.");
      } catch (error) {
        broken = toResearchError(error, "damaged-session", file);
        if (broken.code === "newer-session") throw broken;
        damage.push("Line 1 is unreadable.");
      }
      continue;
    }
    const read = JournalLine.safeParse(parseJson(text));
    if (!read.success) {
      if (++unreadable > UNREADABLE_LINES) throw damaged(file, "most of its lines cannot be read");
      damage.push(`Line ${number} is unreadable and was ignored.`);
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
    else if (line.type === "failure") addStepCost(spent, line.usage ?? NO_USAGE);
    else if (line.type === "outcome") {
      const { key, kind, by, usage, milliseconds } = line;
      outcomes.set(key, { by, usage, milliseconds, at: { offset, length } });
      spent.calls[kind]++;
      addStepCost(spent, usage);
    } else if (line.type === "ended") {
      ended = line;
      const { report, verdicts, status } = line;
      if (report !== null) written = { report, verdicts };
      // A run that was cut short leaves the report of an earlier one where it is.
      else if (status === "done" || status === "partial") written = null;
    }
    // Nothing else that is written after its end begins a session again: a sentence is checked, a name given.
    else if (line.type === "resumed") {
      ended = null;
      if (line.mark !== undefined) agreed.push(line);
    }
  }
  if (header === null) throw broken ?? damaged(file, "it is empty");
  lastAt ??= header.started;
  const told = { plan, agreed, clarified, steered, name, written };
  return { header, outcomes, spent, ...told, ended, lastAt, damage, wholeBytes };
}

const CHUNK = 64 * 1024;

/** @param why a sentence's end */
function damaged(file: string, why: string, cause?: unknown): ResearchError {
  return new ResearchError("damaged-session", `The session at ${file} is damaged: ${why}.`, "", { cause });
}

/**
 * The lines of a journal, one after the other, with where they stand; only one is in memory at a time. The text of
 * one that is too long is empty. The last one is not `whole` where its line break is missing.
 * @throws ResearchError "no-session"; "damaged-session" where the file is no journal of ours; "cannot-read"
 */
export async function* journalLines(
  file: string,
): AsyncGenerator<ByteRange & { text: string; whole: boolean }, void, undefined> {
  const handle = await openJournalFile(file);
  const textOf = ({ bytes, ...stretch }: CutLine) => ({ ...stretch, text: bytes.toString("utf8") });
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
        if (++lines > JOURNAL_LINES) throw damaged(file, "it has too many lines");
        yield textOf(line);
      }
    }
    const left = cutter.end();
    if (left !== null) yield textOf(left);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a journal for reading. It must be closed.
 * @throws ResearchError "no-session"; "damaged-session" where it is a link, a device or far too large; "cannot-read"
 */
export async function openJournalFile(file: string): Promise<FileHandle> {
  try {
    return (await openRegularFile(file, JOURNAL_LIMITS)).handle;
  } catch (error) {
    if (error instanceof FileRefusedError) throw damaged(file, describeRefusal(error), error);
    const code = systemErrorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw toReadError(file, error);
    const remedy = "List them with: deep-research sessions";
    throw new ResearchError("no-session", `There is no session at ${file}.`, remedy, { cause: error });
  }
}

/** Why a journal is not read, as a sentence's end. */
export function describeRefusal({ code }: FileRefusedError): string {
  return code === "ENOTREG" ? "its journal is not a regular file" : "its journal is too large";
}

/** The value of the outcome that stands there in a journal; undefined where it can no longer be read. */
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
 * A journal open for appending. Lines that come while others are being written go out together,
 * with one flush to the disk. A line that could not be written is tried again with the next one:
 * what it tells was paid for.
 */
export class Journal {
  private waiting: Waiting[] = [];
  private unsaved: Buffer[] = [];
  private writing: Promise<void> | null = null;
  /** Whether bytes of a failed write may stand behind the last whole line. */
  private torn = false;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    /** Bytes of the whole lines. */
    private size: number,
    /** Aborted when the journal is no longer ours to write. */
    private readonly lost: AbortSignal | null,
  ) {}

  /** Begins a new journal. The file must not exist. */
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

  /** Opens a journal to go on with it; what follows the last whole line is cut off. */
  static async reopen(file: string, wholeBytes: number, lost: AbortSignal | null = null): Promise<Journal> {
    const { O_APPEND, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
    // Windows does not know the last two: there they are undefined and count as 0.
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
   * Appends one line; it is on the disk when the promise resolves.
   * @returns where it stands
   * @throws ResearchError "cannot-write"; why the journal is no longer ours
   */
  append(line: JournalLine): Promise<ByteRange> {
    return this.write(line);
  }

  /**
   * The value of an outcome that stands in this journal; undefined where it is damaged by now.
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
      // Another run writes there by now, and knows its lines by where they stand.
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
        await this.put(lines);
      } catch (error) {
        await this.mend().catch(() => undefined);
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
    // At once, with nothing in between: a line that comes now begins the next flush.
    this.writing = null;
  }

  private async put(lines: Buffer[]): Promise<void> {
    await this.mend();
    this.torn = true;
    await this.handle.appendFile(Buffer.concat(lines));
    await this.handle.datasync();
    // Writing into a file that was removed succeeds, and leaves nothing.
    if ((await this.handle.stat()).nlink === 0) throw Object.assign(new Error("gone"), { code: "ENOENT" });
    this.torn = false;
  }

  /** Half a line must not stand before the next one. What another run wrote meanwhile is not ours to cut. */
  private async mend(): Promise<void> {
    this.lost?.throwIfAborted();
    if (!this.torn) return;
    await this.handle.truncate(this.size);
    this.torn = false;
  }

  /** Never throws: what the journal has taken is on the disk already. What could not be written is tried once more. */
  async close(): Promise<void> {
    await this.writing;
    if (this.unsaved.length > 0) await this.put(this.unsaved).catch(() => undefined);
    await this.handle.close().catch(() => undefined);
  }
}
