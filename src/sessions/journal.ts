import { open, readFile, truncate, type FileHandle } from "node:fs/promises";
import { z } from "zod";
import { asResearchError, ResearchError } from "../research/errors.js";
import { Check, Depth, Engine, StepKind, Usage } from "../research/schema.js";
import { cannotWrite, PRIVATE_FILE } from "./files.js";

/** The version of the journal that this code writes. */
export const SCHEMA = 1;

/** The first line: what was asked, so that a killed session can go on from the file alone. */
export const Header = z.object({
  schema: z.number(),
  id: z.string(),
  question: z.string(),
  started: z.string(),
  engine: Engine,
  depth: Depth,
  maxSources: z.number(),
  pages: z.array(z.string()),
  scope: z.array(z.enum(["workspace", "web"])),
  /** RESEARCH_ENV of the run that began it. */
  environment: z.string(),
});
export type Header = z.infer<typeof Header>;

const about = { key: z.string(), kind: StepKind, label: z.string(), at: z.string() };

/** Every line after the first. */
export const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("intent"), ...about }),
  z.object({
    type: z.literal("outcome"),
    ...about,
    by: z.string(),
    usage: Usage,
    milliseconds: z.number(),
    value: z.unknown(),
  }),
  z.object({ type: z.literal("failure"), ...about, error: z.string() }),
  z.object({ type: z.literal("resumed"), at: z.string() }),
  /** Where each quote of the report's evidence stands: [start, end) in the text of the snapshot with that hash. */
  z.object({
    type: z.literal("evidence"),
    at: z.string(),
    evidence: z.array(
      z.object({
        id: z.string(),
        sha256: z.string().nullable(),
        start: z.number(),
        end: z.number(),
        check: Check,
      }),
    ),
  }),
  z.object({ type: z.literal("plan"), at: z.string(), plan: z.unknown() }),
  z.object({
    type: z.literal("ended"),
    at: z.string(),
    status: z.enum(["done", "partial", "failed", "cancelled"]),
    /** Relative to the workspace. */
    report: z.string().nullable(),
    error: z.string().nullable(),
  }),
]);
export type Line = z.infer<typeof Line>;
export type Outcome = Extract<Line, { type: "outcome" }>;

export interface ReadJournal {
  header: Header;
  lines: Line[];
  /** What could not be read, for people; empty for a sound journal. */
  damage: string[];
  /** Bytes up to the end of the last whole line: where appending may go on. */
  wholeBytes: number;
}

/**
 * Reads a journal. A torn last line and unreadable ones in between are left out and named.
 * @throws ResearchError "no-session", "damaged-session" (first line unreadable) or "newer-session"
 */
export async function readJournal(file: string): Promise<ReadJournal> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new ResearchError(
      "no-session",
      `There is no session at ${file}.`,
      "List them with: deep-research sessions",
      {
        cause: error,
      },
    );
  }
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const [first = "", ...rest] = bytes.subarray(0, wholeBytes).toString("utf8").split("\n").slice(0, -1);
  const header = readHeader(first, file);
  const damage: string[] =
    wholeBytes < bytes.length ? ["The last line was cut off in writing and is left out."] : [];
  const lines = rest.flatMap((text, index): Line[] => {
    const line = Line.safeParse(parsed(text));
    if (line.success) return [line.data];
    damage.push(`Line ${index + 2} is unreadable and is left out.`);
    return [];
  });
  return { header, lines, damage, wholeBytes };
}

/** Checks a journal's first line. @throws ResearchError "damaged-session" or "newer-session" */
export function readHeader(line: string, file: string): Header {
  const json = parsed(line);
  const version = z.object({ schema: z.number() }).safeParse(json);
  if (version.success && version.data.schema > SCHEMA) {
    throw new ResearchError(
      "newer-session",
      `The session at ${file} was written by a newer Deep Research (schema ${version.data.schema}; this one knows ${SCHEMA}).`,
      "Update Deep Research to go on with it.",
    );
  }
  const header = Header.safeParse(json);
  if (!header.success) {
    throw new ResearchError(
      "damaged-session",
      `The session at ${file} is damaged: its first line cannot be read.`,
    );
  }
  return header.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A journal open for appending. Lines are written one after the other, each flushed to the disk. */
export class Journal {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  /** Begins a new journal. The file must not exist. */
  static async create(file: string, header: Header): Promise<Journal> {
    const journal = await Journal.open(file, "ax");
    await journal.write(header);
    return journal;
  }

  /** Opens a journal to go on with it; what follows the last whole line is cut off. */
  static async reopen(file: string, wholeBytes: number): Promise<Journal> {
    try {
      await truncate(file, wholeBytes);
    } catch (error) {
      throw cannotWrite(file, error);
    }
    return Journal.open(file, "a");
  }

  private static async open(file: string, flags: string): Promise<Journal> {
    try {
      return new Journal(file, await open(file, flags, PRIVATE_FILE));
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }

  /** Appends one line; it is on the disk when the promise resolves. */
  append(line: Line): Promise<void> {
    return this.write(line);
  }

  private write(value: Header | Line): Promise<void> {
    const written = this.last.then(async () => {
      try {
        await this.handle.appendFile(`${JSON.stringify(value)}\n`, "utf8");
        await this.handle.datasync();
      } catch (error) {
        throw cannotWrite(this.file, error);
      }
    });
    this.last = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.last;
    try {
      await this.handle.close();
    } catch (error) {
      throw asResearchError(error, "cannot-write", `Closing ${this.file} failed`);
    }
  }
}
