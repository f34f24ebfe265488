import { ResearchError } from "../../common/errors.js";
import type { StepKind, Usage } from "../../core/domain/schema.js";
import { addStepCost, type Spent } from "./journal.js";

/** What one research may cost in all, its earlier runs included (the minutes count anew each run); 0 is no limit. */
export interface BudgetLimits {
  /** Calls of the model that are paid for, searches through it included. */
  calls: number;
  /** Tokens in and out. */
  tokens: number;
  usd: number;
  minutes: number;
}

/** Time that calls under way get, once a run is to end with what is there. Milliseconds. */
const GRACE = 10_000;
/** What a call is taken to write until it is known, in tokens. */
const USUAL_ANSWER = 500;

/**
 * Says whether a step may begin, and ends a run's spending: at a limit, after its minutes, or when
 * the user wants what there is. What has begun by then still gets a moment.
 */
export class Budget {
  private reserved = { calls: 0, tokens: 0 };
  private ended: ResearchError | null = null;
  private endLate: (error: ResearchError) => void = () => undefined;
  private readonly timers: NodeJS.Timeout[] = [];

  /** Rejects when no more time is left for what is under way; never resolves. */
  readonly over: Promise<never>;

  /**
   * @param spent what the session has cost by now; the caller keeps it up to date
   * @param onEnd told once, as soon as nothing more may begin
   */
  constructor(
    private readonly limits: BudgetLimits,
    private readonly spent: Spent,
    private readonly onEnd: (why: ResearchError) => void = () => undefined,
    private readonly grace = GRACE,
  ) {
    this.over = new Promise((_, reject) => (this.endLate = reject));
    this.over.catch(() => undefined);
    if (limits.minutes > 0) {
      const minutes = limits.minutes === 1 ? "1 minute" : `${limits.minutes} minutes`;
      const end = (): void => this.end(overBudget(`The limit of ${minutes} for this run has been reached.`));
      this.after(limits.minutes * 60_000, end);
    }
  }

  /**
   * Asks for leave to begin a step.
   * @param characters of the step's input: what it will cost at least
   * @param free whether it will cost nothing, whatever its kind
   * @returns called when the step has ended, however it did
   * @throws ResearchError "budget" or "finish" where nothing more may begin
   */
  begin(kind: StepKind, characters: number, free = false): () => void {
    // Reading costs nothing: only the clock and the user end it.
    if (this.ended !== null && (kind !== "read" || this.ended.code === "finish")) throw this.ended;
    if (kind === "read" || free) return () => undefined;
    const tokens = Math.ceil(characters / 4) + USUAL_ANSWER;
    const { paid, usage } = this.spent;
    const { reserved, limits } = this;
    const asked = paid + reserved.calls + 1;
    const used = usage.in + usage.out + reserved.tokens;
    if (limits.calls > 0 && asked > limits.calls) {
      throw this.refuse(`The limit of ${limits.calls} calls for this session has been reached.`);
    }
    if (limits.tokens > 0 && used + tokens > limits.tokens) {
      throw this.refuse(`The limit of ${limits.tokens} tokens for this session has been reached.`);
    }
    if (limits.usd > 0 && usage.usd + this.reservedUsd(tokens) > limits.usd) {
      throw this.refuse(`The limit of ${limits.usd} dollars for this session has been reached.`);
    }
    reserved.calls++;
    reserved.tokens += tokens;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      reserved.calls--;
      reserved.tokens -= tokens;
    };
  }

  /** Ends with what is there: nothing more begins, and what is under way gets a moment. */
  finish(): void {
    this.end(new ResearchError("finish", "You finished the run early."));
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** What is under way will cost what calls cost so far. */
  private reservedUsd(tokens: number): number {
    const { usage } = this.spent;
    const known = usage.in + usage.out;
    return known === 0 ? 0 : ((this.reserved.tokens + tokens) * usage.usd) / known;
  }

  /** What is under way at a limit was paid for within it, so it is waited for. */
  private refuse(message: string): ResearchError {
    const first = this.ended === null;
    this.ended ??= overBudget(message);
    if (first) this.onEnd(this.ended);
    return this.ended;
  }

  private end(why: ResearchError): void {
    if (this.ended !== null && this.ended.code !== "budget") return;
    this.ended = new ResearchError("finish", why.message, why.remedy);
    this.onEnd(this.ended);
    const ended = this.ended;
    this.after(this.grace, () => this.endLate(ended));
  }

  private after(milliseconds: number, work: () => void): void {
    // Node takes a wait of more than 24 days for none.
    const timer = setTimeout(work, Math.min(milliseconds, 2 ** 31 - 1));
    timer.unref();
    this.timers.push(timer);
  }
}

function overBudget(message: string): ResearchError {
  return new ResearchError("budget", message, "Raise the limit and resume the session.");
}

export function addUsageTo(spent: Spent, kind: StepKind, usage: Usage): void {
  spent.calls[kind]++;
  addStepCost(spent, usage);
}
