import { formatMessage, toMessage } from "../../common/messages.js";
import * as z from "zod";
import type { StepTask } from "../../core/domain/step-task.js";
import { PlanDraft } from "../../core/prompts/plan.js";
import {
  Plan,
  type Depth,
  type ProviderId,
  type QuestionKind,
  type Verdict,
} from "../../core/domain/schema.js";
import { Verdicts } from "../../core/prompts/verify.js";
import { parseJson } from "../../common/parse-json.js";
import {
  JournalLine,
  parseHeader,
  SCHEMA,
  schemaVersion,
  stripOutcomeValue,
  type Header,
} from "../sessions/journal-schema.js";
import { classifyFailure, type FailureKind } from "./failure-kind.js";

/*
 * Computes statistics of one session from the lines of its journal. Of the model's answers, only the kind of question
 * and the verdicts are parsed.
 */

/** Kinds of steps. Model steps are distinguished by their tasks. */
export const STEPS = [
  "plan",
  "search",
  "read",
  "extract",
  "outline",
  "write",
  "verify",
  "rewrite",
  "conclude",
  "other",
] as const;
export type StepName = (typeof STEPS)[number];

export const OUTCOMES = [
  "done",
  "partial",
  "running",
  "interrupted",
  "cancelled",
  "failed",
  "damaged",
  "newer",
] as const;
/** The state of a session; "newer" means written by a newer version and not parsed. */
export type SessionOutcome = (typeof OUTCOMES)[number];

export interface StepStats {
  step: StepName;
  by: string;
  /** Time of its end, ISO 8601. */
  at: string;
  milliseconds: number;
  /** Milliseconds of which it waited for the provider's limits. */
  waited: number;
  in: number;
  out: number;
  usd: number;
}

export interface SessionStats {
  id: string;
  started: string;
  outcome: SessionOutcome;
  engine: ProviderId | null;
  depth: Depth | null;
  kind: QuestionKind | null;
  /** Total duration of its runs, without the time between them. */
  seconds: number;
  steps: StepStats[];
  /** Failed steps; `usd` is the cost of the failed call. */
  failures: { step: StepName; what: FailureKind; at: string; in: number; out: number; usd: number }[];
  /** Why the session failed, if it did. */
  failed: FailureKind | null;
  /** Number of report sentences by verdict. */
  verdicts: Partial<Record<Verdict, number>>;
  /** Number of sentences that failed a check and were rewritten or removed. */
  caught: number;
  /** Number of steps that a resumed run reused from the journal. */
  kept: number;
}

/** Reads the complete lines of a journal in order. */
export interface SessionStatsReader {
  add(line: string): void;
  /** @param running whether a live run holds the session's lock */
  close(running: boolean): SessionStats;
}

/** Steps with a different name in statistics. */
const STEP_NAMES: Partial<Record<StepTask["type"], StepName>> = {
  summarize: "conclude",
  check: "verify",
  recheck: "verify",
};

function classifyStep(kind: "model" | "search" | "read", { type }: StepTask): StepName {
  if (kind !== "model") return kind;
  return STEP_NAMES[type] ?? STEPS.find((step) => step === type) ?? "other";
}

/** Creates a reader for one session. @param started the start time according to its id */
export function createSessionStatsReader(id: string, started: string): SessionStatsReader {
  const figures: SessionStats = {
    id,
    started,
    outcome: "damaged",
    engine: null,
    depth: null,
    kind: null,
    seconds: 0,
    steps: [],
    failures: [],
    failed: null,
    verdicts: {},
    caught: 0,
    kept: 0,
  };
  let header: Header | null = null;
  let number = 0;
  let isNewer = false;
  let ended: Extract<JournalLine, { type: "ended" }> | null = null;
  /** Start and last event of the current run. */
  let begun = NaN;
  let last = NaN;
  const outcomes = new Set<string>();
  const checks = new Map<string, { passed: Partial<Record<Verdict, number>>; caught: number }>();
  let written: Partial<Record<Verdict, number>> | null = null;

  const applyHeader = (found: Header): void => {
    header = found;
    Object.assign(figures, { started: found.started, engine: found.engine, depth: found.depth });
    begun = last = Date.parse(found.started);
  };
  const endRun = (): void => {
    // A clock that was set back must not give a negative duration.
    const worked = last - begun - (ended?.waited ?? 0);
    if (worked > 0) figures.seconds += worked / 1000;
  };

  const addOutcome = (line: Extract<JournalLine, { type: "outcome" }>, text: string): void => {
    const { key, kind, task, at, by, usage, milliseconds, waited = 0 } = line;
    const step = classifyStep(kind, task);
    figures.steps.push({ step, by, at, milliseconds, waited, in: usage.in, out: usage.out, usd: usage.usd });
    outcomes.add(key);
    if (step === "plan") {
      figures.kind = PlanOutcome.safeParse(parseJson(text)).data?.value.kind ?? figures.kind;
    } else if (step === "verify") {
      const found = CheckOutcome.safeParse(parseJson(text)).data?.value.verdicts ?? [];
      const check = { passed: {} as Partial<Record<Verdict, number>>, caught: 0 };
      for (const { verdict } of found) {
        if (verdict === "unsupported" || verdict === "contradicted") check.caught++;
        else check.passed[verdict] = (check.passed[verdict] ?? 0) + 1;
      }
      checks.set(key, check);
    }
  };

  return {
    add(text) {
      number++;
      if (isNewer) return;
      if (number === 1) {
        isNewer = schemaVersion(parseJson(text)) > SCHEMA;
        if (!isNewer) {
          try {
            applyHeader(parseHeader(text, id));
          } catch {
            // Its copy in the second line may be valid.
          }
        }
        return;
      }
      if (INTENT.test(text)) {
        if (ended === null) last = Date.parse(text.slice(text.lastIndexOf('"at":"') + 6, -2)) || last;
        return;
      }
      const line = JournalLine.safeParse(parseJson(stripOutcomeValue(text))).data;
      if (line === undefined) return;
      if (line.type === "asked") {
        if (header !== null) return;
        isNewer = schemaVersion(line.header) > SCHEMA;
        if (!isNewer) applyHeader(line.header);
        return;
      }
      if (line.type === "resumed") {
        endRun();
        begun = Date.parse(line.at);
        figures.kept = outcomes.size;
        ended = null;
      }
      // Lines after an end, and names, are not part of a run.
      if (ended === null && line.type !== "named") last = Date.parse(line.at);
      if (line.type === "outcome") addOutcome(line, text);
      else if (line.type === "failure") {
        const { in: tokens, out, usd } = line.usage ?? { in: 0, out: 0, usd: 0 };
        const what = classifyFailure(line.code, formatMessage(line.error));
        figures.failures.push({
          step: classifyStep(line.kind, line.task),
          what,
          at: line.at,
          in: tokens,
          out,
          usd,
        });
      } else if (line.type === "plan") {
        figures.kind = Kind.safeParse(line.plan).data?.kind ?? figures.kind;
      } else if (line.type === "written") {
        written = {};
        for (const { verdict } of line.sentences) written[verdict] = (written[verdict] ?? 0) + 1;
      }
      if (line.type === "ended") ended = line;
    },
    close(running) {
      endRun();
      for (const { caught } of checks.values()) figures.caught += caught;
      if (written !== null) figures.verdicts = written;
      else {
        for (const { passed } of checks.values())
          for (const verdict of ["supported", "qualified"] as const)
            if ((passed[verdict] ?? 0) > 0)
              figures.verdicts[verdict] = (figures.verdicts[verdict] ?? 0) + (passed[verdict] ?? 0);
      }
      if (isNewer) figures.outcome = "newer";
      else if (header !== null) figures.outcome = running ? "running" : (ended?.status ?? "interrupted");
      if (ended?.status === "failed")
        figures.failed = classifyFailure(ended.code, formatMessage(ended.error ?? toMessage("")));
      // Only a completed run requested all of them again.
      if (ended?.status !== "done" && ended?.status !== "partial") figures.kept = 0;
      return figures;
    },
  };
}

const PlanOutcome = z.object({ value: PlanDraft.pick({ kind: true }) });
const CheckOutcome = z.object({ value: Verdicts });
const Kind = Plan.pick({ kind: true });

/** Intent lines are half of all lines; only their time, which comes last, is needed. */
const INTENT = /^\{"type":"intent",.*"at":"[^"\\]*"\}$/;
