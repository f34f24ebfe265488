import type { ErrorCode } from "../../common/errors.js";
import type { Message } from "../../common/messages.js";
import type { Estimate } from "./estimate.js";
import type { StepTask } from "./step-task.js";
import type {
  Clarification,
  Depth,
  ProviderId,
  SourceLocation,
  Plan,
  Question,
  StepKind,
  Usage,
  Verdict,
} from "./schema.js";

/**
 * What can happen in a run. Everything that watches (progress, terminal, tree, metrics, log, tests)
 * reads this one stream; the method calls none of them by name.
 */
export type ResearchEvent =
  | {
      type: "started";
      session: string;
      question: string;
      engine: ProviderId;
      depth: Depth;
      maxSources: number;
      resumed: boolean;
    }
  | { type: "step"; phase: "started"; key: string; kind: StepKind; task: StepTask }
  | {
      type: "step";
      phase: "done";
      key: string;
      kind: StepKind;
      task: StepTask;
      by: string;
      usage: Usage;
      milliseconds: number;
      /** Milliseconds of which it waited for the provider's limits; absent: none. */
      waited?: number;
      /** True where the outcome was in the journal already and nothing was paid. */
      reused: boolean;
    }
  | {
      type: "step";
      phase: "failed";
      key: string;
      kind: StepKind;
      task: StepTask;
      error: Message;
      /** Absent where a journal of an earlier version tells the event. */
      code?: ErrorCode;
      usage: Usage;
    }
  | { type: "planned"; plan: Plan; estimate: Estimate }
  /** What the user said where the question could be read in several ways; empty: as it stands. */
  | { type: "clarified"; answers: Clarification[] }
  /** Where a question of a round is; those of a round come before the round's outline. */
  | { type: "question"; id: string; question: string; round: number; state: QuestionState }
  /** The user's change took effect (again, where a run is resumed): a question's id, or the one that was added. */
  | { type: "steered"; round: number; skip: string }
  | { type: "steered"; round: number; add: Question; estimate: Estimate }
  | { type: "searched"; question: string; search: string; found: number }
  /** `sha256` of its snapshot, where it has one. */
  | {
      type: "source";
      state: "read" | "duplicate";
      place: SourceLocation;
      title: string;
      sha256?: string | null;
    }
  | { type: "source"; state: "failed"; place: SourceLocation; title: string; error: Message }
  | { type: "evidence"; place: SourceLocation; kept: number; dropped: number }
  | { type: "outlined"; round: number; sections: string[]; gaps: string[] }
  /** What the outline left open and is asked next. */
  | { type: "gaps"; round: number; questions: Question[] }
  /** `paragraphs` of a verified section: its sentences, without those that were removed. */
  | {
      type: "section";
      heading: string;
      state: "written" | "verified";
      verdicts: Record<Verdict, number>;
      paragraphs?: VerifiedSentence[][];
    }
  | { type: "notice"; message: Message }
  /** The run waits for the user's answer, or goes on after it: this time is no run time. */
  | { type: "waiting"; isWaiting: boolean }
  | {
      type: "ended";
      status: "done" | "partial" | "failed" | "cancelled";
      /** Relative to the workspace. */
      report: string | null;
      error: Message | null;
      /** How the report's cited sentences were judged; absent where there is no report. */
      verdicts?: Record<Verdict, number>;
    };

/** A sentence as it was verified, in plain text. */
export interface VerifiedSentence {
  text: string;
  verdict: Verdict;
}

/** "read": its share of the sources is read. "skipped": the user left it out. */
export type QuestionState = "searching" | "reading" | "read" | "skipped";
/** An event as a journal tells it: of the plan it knows no estimate. */
export type JournalEvent =
  Exclude<ResearchEvent, { type: "planned" }> | { type: "planned"; plan: Plan; estimate: Estimate | null };

export type EventListener = (event: ResearchEvent) => void;
