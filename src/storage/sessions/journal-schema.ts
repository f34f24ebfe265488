import { parseJson } from "../../common/parse-json.js";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import {
  QuoteCheck,
  Clarification,
  Depth,
  Engine,
  SourceLocation,
  StepKind,
  Usage,
  Verdict,
} from "../../core/domain/schema.js";

/*
 * What a journal's lines hold. A journal is JSON, a line each: first what was asked, then what
 * happened, in order. Lines are only ever added.
 */

/** The version of the journal that this code writes. Older ones are migrated, newer ones refused. */
export const SCHEMA = 3;

/** The first line: what was asked, so that a killed session can go on from the file alone. */
export const Header = z.object({
  schema: z.int().positive(),
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
  /** The session that this one goes on from: its sources are at hand. */
  follows: z.string().optional(),
  /** The session whose report this one runs again, that report, relative to the workspace, and its hash then. */
  refreshes: z.object({ session: z.string(), report: z.string(), sha256: z.string() }).optional(),
  /** The seal of the machine that began it, on all the rest; absent in older sessions, and where none can be made. */
  origin: z.string().optional(),
});
export type Header = z.infer<typeof Header>;

/** A sentence of the report: the hash of its text, its verdict, and the citations behind it ("S.Q"). */
export const WrittenSentence = z.object({
  sha256: z.string(),
  verdict: Verdict,
  cites: z.array(z.string()).optional(),
});
export type WrittenSentence = z.infer<typeof WrittenSentence>;

/** Of one step; the largest number of milliseconds is a month. */
const Milliseconds = z
  .number()
  .nonnegative()
  .max(31 * 24 * 60 * 60 * 1000);
/** A line of the report that the product itself changed later: what stood there, by its hash, and what stands there now. */
export const LineChange = z.object({
  /** Absent where the line came in addition. */
  was: z.string().optional(),
  now: z.string(),
});
export type LineChange = z.infer<typeof LineChange>;

const about = { key: z.string(), kind: StepKind, label: z.string(), at: z.string() };

/** Every line after the first. */
export const JournalLine = z.discriminatedUnion("type", [
  /** The first line once more: the session survives a first line that can no longer be read. */
  z.object({ type: z.literal("asked"), header: Header }),
  z.object({ type: z.literal("intent"), ...about }),
  z.object({
    type: z.literal("outcome"),
    ...about,
    by: z.string(),
    usage: Usage,
    milliseconds: Milliseconds,
    value: z.unknown(),
  }),
  /** `usage` is what a call cost that gave nothing usable. */
  z.object({
    type: z.literal("failure"),
    ...about,
    /** What went wrong, by name; journals of earlier versions hold its message alone. */
    code: z.string().optional(),
    error: z.string(),
    usage: Usage.optional(),
  }),
  /** `mark`: the seal of the machine whose user agreed to go on with a session that was begun elsewhere. */
  z.object({ type: z.literal("resumed"), at: z.string(), mark: z.string().optional() }),
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
        check: QuoteCheck,
      }),
    ),
    /** The report's sources; what was read and is not among them was a copy. Absent in older sessions. */
    sources: z
      .array(z.object({ place: SourceLocation, title: z.string(), sha256: z.string().nullable() }))
      .optional(),
  }),
  z.object({ type: z.literal("plan"), at: z.string(), plan: z.unknown() }),
  /** What the user said about a question that could be read in several ways. */
  z.object({ type: z.literal("clarified"), at: z.string(), answers: z.array(Clarification) }),
  /** The user left a sub-question out while it was gathered in that round, or added one after it. */
  z.object({
    type: z.literal("steered"),
    at: z.string(),
    round: z.number(),
    skip: z.string().optional(),
    add: z.string().optional(),
  }),
  /** The user gave the session a name of its own. */
  z.object({ type: z.literal("named"), at: z.string(), name: z.string() }),
  /** The sentences of the report that cite, as they were checked: by them an edit is told later. */
  z.object({
    type: z.literal("written"),
    at: z.string(),
    sentences: z.array(WrittenSentence),
    /** Every line of the report that is not blank, as `linesWritten` gives them; absent where one sentence was checked. */
    lines: z.array(z.string()).optional(),
    /** What a change in the editor did to lines, in the place of `lines`. */
    changes: z.array(LineChange).optional(),
  }),
  /** The user agreed to what it may cost. Only with the seal of this machine does it count here. */
  z.object({ type: z.literal("approved"), at: z.string(), mark: z.string().optional() }),
  z.object({
    type: z.literal("ended"),
    at: z.string(),
    status: z.enum(["done", "partial", "failed", "cancelled"]),
    /** Relative to the workspace. */
    report: z.string().nullable(),
    error: z.string().nullable(),
    /** What went wrong, by name, where it failed. */
    code: z.string().optional(),
    /** The name that the user gave the session, where there is one: lists read the last line alone. */
    name: z.string().optional(),
    /** How the report's cited sentences were judged; absent without a report, and in older sessions. */
    verdicts: z.record(Verdict, z.number()).optional(),
  }),
]);
export type JournalLine = z.infer<typeof JournalLine>;
export type EndedLine = Extract<JournalLine, { type: "ended" }>;

const Versioned = z.object({ schema: z.number() });

/** The version that a first line says; 0 where it says none. */
export function schemaVersion(header: unknown): number {
  return Versioned.safeParse(header).data?.schema ?? 0;
}

/** @throws ResearchError "newer-session" where a first line, or its copy, is of a version after this one */
export function assertSupportedSchema(header: unknown, file: string): void {
  const schema = schemaVersion(header);
  if (schema <= SCHEMA) return;
  throw new ResearchError(
    "newer-session",
    `The session at ${file} was written by a newer version of Deep Research (schema ${schema}; this version supports ${SCHEMA}).`,
    "Update Deep Research to continue it.",
  );
}

/** Checks a journal's first line, or the copy of it where that comes first. @throws ResearchError "damaged-session" or "newer-session" */
export function parseHeader(line: string, file: string): Header {
  const json = copied(parseJson(line));
  assertSupportedSchema(json, file);
  const header = Header.safeParse(json);
  if (!header.success) {
    throw new ResearchError(
      "damaged-session",
      `The session at ${file} is damaged: its first line cannot be read.`,
    );
  }
  return header.data;
}

/** The header that a line holds a copy of; any other line as it is. */
function copied(json: unknown): unknown {
  const copy = z.object({ type: z.literal("asked"), header: z.unknown() }).safeParse(json);
  return copy.success ? copy.data.header : json;
}

/**
 * An outcome's line without its value, which comes last and may be long. Within a text quotes are
 * escaped, so that these letters stand at the value alone.
 */
export function stripOutcomeValue(line: string): string {
  if (!line.startsWith('{"type":"outcome"')) return line;
  const at = line.indexOf(',"value":');
  return at < 0 ? line : `${line.slice(0, at)},"value":null}`;
}
