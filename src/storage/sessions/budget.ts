import { msg, type Message } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import type { StepKind, Usage } from "../../core/domain/schema.js";
import { addStepCost, type Spent } from "./journal.js";

/** Limits of a session, earlier runs included; the minutes apply to each run. 0 means no limit. */
export interface BudgetLimits {
  /** Paid model calls, including searches through the model. */
  calls: number;
  /** Input and output tokens. */
  tokens: number;
  usd: number;
  minutes: number;
}

/** Milliseconds that running calls get to finish once a run has to end. */
const GRACE = 10_000;
/** Expected output of a call until it is known, in tokens. */
const USUAL_ANSWER = 500;

/**
 * Decides whether a step may start. Ends a run's spending at a limit, after its minutes, or when the user finishes it
 * early; running calls get a grace period.
 */
export class Budget {
  private reserved = { calls: 0, tokens: 0 };
  private ended: ResearchError | null = null;
  private rejectOver: (error: ResearchError) => void = () => undefined;
  private readonly timers: NodeJS.Timeout[] = [];

  /** The limit on minutes: what was left of it `since`, and its timer while it runs; null without a limit. */
  private clock: { left: number; since: number; end: () => void; timer?: NodeJS.Timeout | undefined } | null =
    null;
  private isClosed = false;

  /** Rejects when the grace period of running calls is over; never resolves. */
  readonly over: Promise<never>;

  /**
   * @param spent the session's costs so far, kept up to date by the caller
   * @param onEnd called once, as soon as no more steps may start
   */
  constructor(
    private readonly limits: BudgetLimits,
    private readonly spent: Spent,
    private readonly onEnd: (why: ResearchError) => void = () => undefined,
    private readonly grace = GRACE,
  ) {
    this.over = new Promise((_, reject) => (this.rejectOver = reject));
    this.over.catch(() => undefined);
    if (limits.minutes > 0) {
      const minutes = limits.minutes === 1 ? msg`1 minute` : msg`${limits.minutes} minutes`;
      const end = (): void =>
        this.end(overBudget(msg`The limit of ${minutes} for this run has been reached.`));
      this.clock = { left: limits.minutes * 60_000, since: performance.now(), end };
      this.clock.timer = this.after(this.clock.left, end);
    }
  }

  /** Pauses the limit on minutes while the user is asked. */
  setWaiting(isWaiting: boolean): void {
    const { clock } = this;
    if (clock === null || this.isClosed || isWaiting === (clock.timer === undefined)) return;
    if (isWaiting) {
      clearTimeout(clock.timer);
      clock.timer = undefined;
      clock.left -= performance.now() - clock.since;
    } else {
      clock.since = performance.now();
      clock.timer = this.after(Math.max(0, clock.left), clock.end);
    }
  }

  /**
   * Reserves budget for a step.
   * @param characters length of the step's input, its minimum cost
   * @param free whether it costs nothing, whatever its kind
   * @returns releases the reservation; call it when the step ends
   * @throws ResearchError "budget" or "finish" if no more steps may start
   */
  begin(kind: StepKind, characters: number, free = false): () => void {
    // Reading is free: only the time limit and the user end it.
    if (this.ended !== null && (kind !== "read" || this.ended.code === "finish")) throw this.ended;
    if (kind === "read" || free) return () => undefined;
    const tokens = Math.ceil(characters / 4) + USUAL_ANSWER;
    const { paid, usage } = this.spent;
    const { reserved, limits } = this;
    const calls = paid + reserved.calls + 1;
    const used = usage.in + usage.out + reserved.tokens;
    if (limits.calls > 0 && calls > limits.calls) {
      throw this.refuse(msg`The limit of ${limits.calls} calls for this session has been reached.`);
    }
    if (limits.tokens > 0 && used + tokens > limits.tokens) {
      throw this.refuse(msg`The limit of ${limits.tokens} tokens for this session has been reached.`);
    }
    if (limits.usd > 0 && usage.usd + this.reservedUsd(tokens) > limits.usd) {
      throw this.refuse(msg`The limit of ${limits.usd} dollars for this session has been reached.`);
    }
    reserved.calls++;
    reserved.tokens += tokens;
    let isReserved = true;
    return () => {
      if (!isReserved) return;
      isReserved = false;
      reserved.calls--;
      reserved.tokens -= tokens;
    };
  }

  /** Finishes early: no more steps start, and running ones get the grace period. */
  finish(): void {
    this.end(new ResearchError("finish", msg`You finished the run early.`));
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Estimates the cost of running calls from the average so far. */
  private reservedUsd(tokens: number): number {
    const { usage } = this.spent;
    const known = usage.in + usage.out;
    return known === 0 ? 0 : ((this.reserved.tokens + tokens) * usage.usd) / known;
  }

  /** Running calls were within the limit, so they are waited for. */
  private refuse(message: Message): ResearchError {
    const first = this.ended === null;
    this.ended ??= overBudget(message);
    if (first) this.onEnd(this.ended);
    return this.ended;
  }

  private end(why: ResearchError): void {
    if (this.ended !== null && this.ended.code !== "budget") return;
    this.ended = new ResearchError("finish", why.what, why.remedy);
    this.onEnd(this.ended);
    const ended = this.ended;
    this.after(this.grace, () => this.rejectOver(ended));
  }

  private after(milliseconds: number, work: () => void): NodeJS.Timeout {
    // Node treats a delay of more than 24 days as 1 ms.
    const timer = setTimeout(work, Math.min(milliseconds, 2 ** 31 - 1));
    timer.unref();
    this.timers.push(timer);
    return timer;
  }
}

function overBudget(message: Message): ResearchError {
  return new ResearchError("budget", message, msg`Raise the limit and resume the session.`);
}

export function addUsageTo(spent: Spent, kind: StepKind, usage: Usage): void {
  spent.calls[kind]++;
  addStepCost(spent, usage);
}
