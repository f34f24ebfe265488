import { msg, StoredMessage } from "../../common/messages.js";
import { parseJson } from "../../common/parse-json.js";
import * as z from "zod";
import { StepTask } from "../../core/domain/step-task.js";
import { replaceStepLabel } from "./legacy-step-labels.js";
import { ResearchError } from "../../common/errors.js";
import {
  QuoteCheck,
  Clarification,
  Depth,
  MarkedEnvironment,
  ProviderId,
  SourceLocation,
  StepKind,
  Usage,
  Verdict,
} from "../../core/domain/schema.js";

/*
 * The lines of a journal. A journal is JSON Lines: first the request, then what happened, in order. Lines are only
 * ever appended.
 */

/** The journal version that this code writes. Older ones are migrated, newer ones rejected. */
export const SCHEMA = 6;

/** The first line: the request, so that a killed session can be resumed from the file alone. */
export const Header = z.object({
  schema: z.int().positive(),
  /** The version that the session began with, where a later one migrated it. */
  firstSchema: z.int().positive().optional(),
  id: z.string(),
  question: z.string(),
  started: z.string(),
  /** The day it started in the time zone of that machine, YYYY-MM-DD; older sessions count days in UTC. */
  day: z.iso.date().optional(),
  engine: ProviderId,
  depth: Depth,
  maxSources: z.number(),
  pages: z.array(z.string()),
  scope: z.array(z.enum(["workspace", "packages", "history", "web", "google"])),
  /** Sites that are searched; absent: none, as in older sessions. */
  sites: z.array(z.string()).optional(),
  /** RESEARCH_ENV of the first run. */
  environment: z.string(),
  /** The environment that the report names; absent in production, and in sessions of earlier versions. */
  reportEnvironment: MarkedEnvironment.optional(),
  /** The session that this one follows up on and whose sources it can use. */
  follows: z.string().optional(),
  /** For a refresh: the original session, its report relative to the workspace, and the report's hash at that time. */
  refreshes: z.object({ session: z.string(), report: z.string(), sha256: z.string() }).optional(),
  /** Seal of the first machine on all other fields; absent in older sessions and if the machine has no secret. */
  origin: z.string().optional(),
});
export type Header = z.infer<typeof Header>;

/** The version from which on Google's answers stand apart and hits are merged by their ranks. */
const SEPARATE_ANSWERS = 6;

/** Whether a session began with an earlier version, whose method its replay repeats. */
export function usesEarlierMethod({
  schema,
  firstSchema = schema,
}: Pick<Header, "schema" | "firstSchema">): boolean {
  return firstSchema < SEPARATE_ANSWERS;
}

/** The day a session started, YYYY-MM-DD, as its report shows it. */
export function startDay({ day, started }: Pick<Header, "day" | "started">): string {
  return day ?? started.slice(0, 10);
}

/** A sentence of the report: hash of its text, verdict, and citations ("S.Q"). */
export const WrittenSentence = z.object({
  sha256: z.string(),
  verdict: Verdict,
  cites: z.array(z.string()).optional(),
});
export type WrittenSentence = z.infer<typeof WrittenSentence>;

/** Duration of one step; at most a month. */
const Milliseconds = z
  .number()
  .nonnegative()
  .max(31 * 24 * 60 * 60 * 1000);
/** A report line that the product changed later: its hash before and after. */
export const LineChange = z.object({
  /** Absent for an added line. */
  was: z.string().optional(),
  now: z.string(),
});
export type LineChange = z.infer<typeof LineChange>;

const stepFields = { key: z.string(), kind: StepKind, task: StepTask, at: z.string() };

const Line = z.discriminatedUnion("type", [
  /** A copy of the first line, in case that becomes unreadable. */
  z.object({ type: z.literal("asked"), header: Header }),
  z.object({ type: z.literal("intent"), ...stepFields }),
  z.object({
    type: z.literal("outcome"),
    ...stepFields,
    by: z.string(),
    usage: Usage,
    milliseconds: Milliseconds,
    /** Part of the time that it waited for the provider's limits; absent if none, and in older sessions. */
    waited: Milliseconds.optional(),
    value: z.unknown(),
  }),
  /** `usage` is the cost of a call without a usable result. */
  z.object({
    type: z.literal("failure"),
    ...stepFields,
    /** Error code; journals of earlier versions have only the message. */
    code: z.string().optional(),
    error: StoredMessage,
    usage: Usage.optional(),
  }),
  /** `mark`: seal of the machine whose user agreed to resume a session from elsewhere. */
  z.object({ type: z.literal("resumed"), at: z.string(), mark: z.string().optional() }),
  /** Location of each quote of the report's evidence: [start, end) in the text of the snapshot with that hash. */
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
    /** The report's sources; a reading that is not listed was a duplicate. Absent in older sessions. */
    sources: z
      .array(z.object({ place: SourceLocation, title: z.string(), sha256: z.string().nullable() }))
      .optional(),
  }),
  z.object({ type: z.literal("plan"), at: z.string(), plan: z.unknown() }),
  /** The user's answers about an ambiguous question. */
  z.object({ type: z.literal("clarified"), at: z.string(), answers: z.array(Clarification) }),
  /** The user skipped a sub-question during that round, or added one after it. */
  z.object({
    type: z.literal("steered"),
    at: z.string(),
    round: z.number(),
    skip: z.string().optional(),
    add: z.string().optional(),
  }),
  /** The user renamed the session. */
  z.object({ type: z.literal("named"), at: z.string(), name: z.string() }),
  /** The report's sentences with citations as they were checked, to detect later edits. */
  z.object({
    type: z.literal("written"),
    at: z.string(),
    sentences: z.array(WrittenSentence),
    /** Every non-blank report line, from `serializeReportLines`; absent after a recheck of one sentence. */
    lines: z.array(z.string()).optional(),
    /** The SHA-256 of the session's report.json; absent where one sentence was checked, and in older sessions. */
    reportJsonSha256: z.string().optional(),
    /** The lines changed in the editor, instead of `lines`. */
    changes: z.array(LineChange).optional(),
  }),
  /** The user agreed to the estimated cost. Valid only with this machine's seal. */
  z.object({ type: z.literal("approved"), at: z.string(), mark: z.string().optional() }),
  z.object({
    type: z.literal("ended"),
    at: z.string(),
    status: z.enum(["done", "partial", "failed", "cancelled"]),
    /** Relative to the workspace. */
    report: z.string().nullable(),
    error: StoredMessage.nullable(),
    /** Error code of a failed run. */
    code: z.string().optional(),
    /** The user's name for the session, if any: lists read only the last line. */
    name: z.string().optional(),
    /** Verdict counts of the cited sentences; absent without a report and in older sessions. */
    verdicts: z.record(Verdict, z.number()).optional(),
    /** The report's title, for lists; absent without a report and in older sessions. */
    title: z.string().optional(),
    /** Milliseconds for which this run waited for the user; absent: none. */
    waited: z.number().nonnegative().optional(),
  }),
]);

/** Every line after the first, of this version or an earlier one. */
export const JournalLine = z.preprocess(replaceStepLabel, Line);
export type JournalLine = z.infer<typeof JournalLine>;
export type EndedLine = Extract<JournalLine, { type: "ended" }>;

const Versioned = z.object({ schema: z.number() });

/** The schema version of a first line; 0 if it has none. */
export function schemaVersion(header: unknown): number {
  return Versioned.safeParse(header).data?.schema ?? 0;
}

/** @throws ResearchError "newer-session" if a first line, or its copy, has a newer version */
export function assertSupportedSchema(header: unknown, file: string): void {
  const schema = schemaVersion(header);
  if (schema <= SCHEMA) return;
  throw new ResearchError(
    "newer-session",
    msg`The session at ${file} was written by a newer version of Deep Research (schema ${schema}; this version supports ${SCHEMA}).`,
    msg`Update Deep Research to continue it.`,
  );
}

/** Parses a journal's first line, or its copy. @throws ResearchError "damaged-session" or "newer-session" */
export function parseHeader(line: string, file: string): Header {
  const json = unwrapCopy(parseJson(line));
  assertSupportedSchema(json, file);
  const header = Header.safeParse(json);
  if (!header.success) {
    throw new ResearchError(
      "damaged-session",
      msg`The session at ${file} is damaged: its first line cannot be read.`,
    );
  }
  return header.data;
}

/** Unwraps a copy of the header; returns other lines unchanged. */
function unwrapCopy(json: unknown): unknown {
  const copy = z.object({ type: z.literal("asked"), header: z.unknown() }).safeParse(json);
  return copy.success ? copy.data.header : json;
}

/**
 * An outcome line without its value, which comes last and may be long. Quotes within strings are escaped, so the
 * pattern occurs only at the value itself.
 */
export function stripOutcomeValue(line: string): string {
  if (!line.startsWith('{"type":"outcome"')) return line;
  const at = line.indexOf(',"value":');
  return at < 0 ? line : `${line.slice(0, at)},"value":null}`;
}
