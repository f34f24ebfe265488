import { type Message } from "../../common/messages.js";
import type { Estimate } from "../domain/estimate.js";
import type { JournalEvent, VerifiedSentence } from "../domain/events.js";
import type { StepTask } from "../domain/step-task.js";
import {
  formatLocation,
  type Depth,
  type ProviderId,
  type SourceLocation,
  type Plan,
  type Verdict,
} from "../domain/schema.js";

/*
 * A run as a person follows it, folded from its events: those of a run that goes on, or those that its
 * journal tells again. Both doors show this one shape.
 */

/** Where in the method a run is. */
export const PHASES = ["planning", "gathering", "outlining", "writing", "checking"] as const;
export type Phase = (typeof PHASES)[number];

export interface QuestionProgress {
  id: string;
  question: string;
  state: "waiting" | "searching" | "read" | "failed" | "skipped";
}

export interface SourceProgress {
  place: SourceLocation;
  title: string;
  /** "copy": its text is another source's; "left": the run ended before it was read. */
  state: "reading" | "read" | "failed" | "copy" | "left";
  /** Why it was not read; null where it was. */
  why: Message | null;
  /** Quotes that were taken from it; null where that is not known. */
  quotes: number | null;
  /** Of its snapshot; null where there is none. */
  sha256: string | null;
}

interface SectionProgress {
  heading: string;
  state: "outlined" | "written" | "verified";
  /** Its sentences once they are verified; empty before, and where a journal tells the run. */
  paragraphs: VerifiedSentence[][];
}

export interface RunProgress {
  session: string | null;
  question: string;
  engine: ProviderId | null;
  depth: Depth | null;
  phase: Phase;
  /** What was begun last; null before anything was. */
  doing: StepTask | null;
  title: string | null;
  questions: QuestionProgress[];
  sources: SourceProgress[];
  sections: SectionProgress[];
  /** How the cited sentences were judged so far; null where that is not known. */
  verdicts: Record<Verdict, number> | null;
  calls: { model: number; search: number; read: number };
  tokens: { in: number; out: number };
  usd: number;
  estimate: Estimate | null;
  /** Milliseconds of the runs that have ended, and of this one before the user was asked last. */
  took: number;
  /** When the run that goes on began, or went on after an answer; null where none does or it waits for one. */
  began: Date | null;
  /** Whether it waits for an answer of the user. */
  isWaiting: boolean;
  /** Relative to the workspace. */
  report: string | null;
  /** How the last run ended; null where it goes on, or was cut off. */
  status: "done" | "partial" | "failed" | "cancelled" | null;
  error: Message | null;
}

/** A run of which nothing is known yet. */
export function initialProgress(question = ""): RunProgress {
  return {
    session: null,
    question,
    engine: null,
    depth: null,
    phase: "planning",
    doing: null,
    title: null,
    questions: [],
    sources: [],
    sections: [],
    verdicts: null,
    calls: { model: 0, search: 0, read: 0 },
    tokens: { in: 0, out: 0 },
    usd: 0,
    estimate: null,
    took: 0,
    began: null,
    isWaiting: false,
    report: null,
    status: null,
    error: null,
  };
}

/** How long it has worked, in milliseconds. */
export function elapsedMilliseconds({ took, began }: RunProgress, now: Date): number {
  return took + (began === null ? 0 : Math.max(0, now.getTime() - began.getTime()));
}

/** Sources that were read and are no copies. */
export function countReadSources({ sources }: RunProgress): number {
  return sources.filter(({ state }) => state === "read").length;
}

/** A question's searches: by their steps' keys, what became of each. */
type Searches = Map<string, "running" | "done" | "failed">;

/** Folds events into what is shown. `live` is one object, kept up to date. */
export class RunProgressReducer {
  readonly live: RunProgress;
  private readonly searches = new Map<string, Searches>();
  private lastAt: Date | null = null;

  constructor(question = "") {
    this.live = initialProgress(question);
  }

  tell(event: JournalEvent, at: Date): void {
    const { live } = this;
    switch (event.type) {
      case "started":
        // What a killed run had begun was not finished: its time ends with the last that is known of it.
        if (live.began !== null) this.stop(this.lastAt ?? at);
        live.session = event.session;
        live.question = event.question;
        live.engine = event.engine;
        live.depth = event.depth;
        live.began = at;
        live.status = null;
        live.error = null;
        break;
      case "step":
        this.step(event);
        break;
      case "planned":
        this.plan(event.plan);
        live.estimate = event.estimate;
        break;
      case "gaps":
        for (const { id, question } of event.questions) this.ask(id, question);
        break;
      case "steered":
        if ("add" in event) this.ask(event.add.id, event.add.question);
        else this.skip(event.skip);
        break;
      case "question":
        if (event.state === "skipped") this.skip(event.id);
        break;
      case "source":
        this.source(event);
        break;
      case "evidence": {
        const source = this.at(event.place);
        if (source?.state === "read") source.quotes = event.kept;
        break;
      }
      case "outlined":
        live.sections = event.sections.map((heading) => ({ heading, state: "outlined", paragraphs: [] }));
        break;
      case "section": {
        const section = live.sections.find(({ heading }) => heading === event.heading);
        if (section !== undefined) {
          section.state = event.state;
          section.paragraphs = event.paragraphs ?? [];
        }
        if (event.state !== "verified") break;
        const sum = live.verdicts ?? nothingJudged();
        for (const [verdict, many] of Object.entries(event.verdicts)) sum[verdict as Verdict] += many;
        live.verdicts = sum;
        break;
      }
      case "waiting":
        this.wait(event.isWaiting, at);
        break;
      case "ended":
        live.status = event.status;
        live.report = event.report;
        live.error = event.error;
        // The report's own count: a sentence that two sections said stands in it once.
        live.verdicts = event.verdicts ?? null;
        this.stop(at);
        break;
      default:
    }
    this.lastAt = at;
  }

  /** No run goes on: what had been begun was left. */
  cut(): void {
    if (this.live.began !== null) this.stop(this.lastAt ?? this.live.began);
  }

  /** Stops the clock while the user is asked. */
  private wait(isWaiting: boolean, at: Date): void {
    const { live } = this;
    if (isWaiting === live.isWaiting) return;
    live.isWaiting = isWaiting;
    if (isWaiting) {
      live.took = elapsedMilliseconds(live, at);
      live.began = null;
    } else live.began = at;
  }

  private stop(at: Date): void {
    const { live } = this;
    live.isWaiting = false;
    live.took = elapsedMilliseconds(live, at);
    live.began = null;
    for (const source of live.sources) if (source.state === "reading") source.state = "left";
    for (const of of this.searches.values())
      for (const [key, state] of of) if (state === "running") of.delete(key);
    for (const each of live.questions) if (each.state !== "skipped") each.state = this.stateOf(each.question);
  }

  private step(event: Extract<JournalEvent, { type: "step" }>): void {
    const { live } = this;
    const { task } = event;
    if (event.phase === "started") {
      live.doing = task;
      live.phase = phaseOf(task) ?? live.phase;
    } else {
      live.tokens.in += event.usage.in;
      live.tokens.out += event.usage.out;
      live.usd += event.usage.usd;
      if (event.phase === "done") live.calls[event.kind]++;
    }
    if (task.type === "search") {
      const of: Searches = this.searches.get(task.question) ?? new Map<string, "running">();
      this.searches.set(task.question, of);
      of.set(event.key, event.phase === "started" ? "running" : event.phase);
      const question = live.questions.find((each) => each.question === task.question);
      if (question !== undefined && question.state !== "skipped")
        question.state = this.stateOf(task.question);
    }
    if (task.type === "read") {
      const source = this.at(task.place) ?? this.add(task.place, formatLocation(task.place));
      if (event.phase === "started") source.state = "reading";
      if (event.phase === "failed") Object.assign(source, { state: "failed", why: event.error });
    }
  }

  private plan(plan: Plan): void {
    this.live.title = plan.title;
    this.live.questions = plan.questions.map(({ id, question }) => ({
      id,
      question,
      state: this.stateOf(question),
    }));
  }

  /** A question that came to the plan's, or one that was left out and is asked all the same. */
  private ask(id: string, question: string): void {
    const known = this.live.questions.find((each) => each.question === question);
    if (known === undefined) this.live.questions.push({ id, question, state: this.stateOf(question) });
    else if (known.state === "skipped") known.state = this.stateOf(question);
  }

  private skip(id: string): void {
    const question = this.live.questions.find((each) => each.id === id);
    if (question !== undefined) question.state = "skipped";
  }

  private source(event: Extract<JournalEvent, { type: "source" }>): void {
    const source = this.at(event.place) ?? this.add(event.place, event.title);
    if (event.state === "failed") {
      Object.assign(source, { state: "failed", why: event.error });
      return;
    }
    source.title = event.title;
    source.sha256 = event.sha256 ?? null;
    source.why = null;
    source.state = event.state === "read" ? "read" : "copy";
    if (source.state === "copy") source.quotes = null;
  }

  private at(place: SourceLocation): SourceProgress | undefined {
    const where = formatLocation(place);
    return this.live.sources.find(
      (each) => each.place.kind === place.kind && formatLocation(each.place) === where,
    );
  }

  private add(place: SourceLocation, title: string): SourceProgress {
    const source: SourceProgress = { place, title, state: "reading", why: null, quotes: null, sha256: null };
    this.live.sources.push(source);
    return source;
  }

  private stateOf(question: string): QuestionProgress["state"] {
    const states = [...(this.searches.get(question)?.values() ?? [])];
    if (states.length === 0) return "waiting";
    if (states.includes("running")) return "searching";
    return states.includes("done") ? "read" : "failed";
  }
}

function phaseOf({ type }: StepTask): Phase | null {
  switch (type) {
    case "plan":
      return "planning";
    case "search":
    case "read":
    case "extract":
      return "gathering";
    case "outline":
      return "outlining";
    case "write":
    case "summarize":
      return "writing";
    case "check":
    case "rewrite":
      return "checking";
    default:
      return null;
  }
}

function nothingJudged(): Record<Verdict, number> {
  return { supported: 0, qualified: 0, contradicted: 0, unsupported: 0, "not-checked": 0 };
}
