import type { Estimate } from "../core/domain/estimate.js";
import type { EventListener } from "../core/domain/events.js";
import type { ClarifyingQuestion } from "../core/pipeline/plan.js";
import type { Scope } from "../core/domain/research-request.js";
import type { Clarification, Depth, ProviderId, Plan } from "../core/domain/schema.js";
import type { SteeringControls } from "../core/pipeline/steering.js";
import type { ServiceKeys } from "../config/service-keys.js";
import type { Settings } from "../config/settings-schema.js";

/* What an interface (terminal, VS Code) passes in: settings, the request, and callbacks. */

export interface EngineConfig {
  /** The folder that is researched and written to, absolute. */
  workspace: string;
  settings: Settings;
  /** A Gemini key, or null for the offline engine. */
  key: string | null;
  /** Where Gemini is, if not at Google's. Never from a workspace. */
  baseUrl: string | null;
  /** Keys of search services; absent: none. Never from a workspace. */
  serviceKeys?: ServiceKeys;
  /** False where nothing may come from the cache or go there. */
  cache?: boolean;
  /** One model request's longest time, in milliseconds; absent: the usual. */
  modelTimeout?: number;
}

/** What a plan belongs to that is looked at. */
export interface PlanReviewContext {
  session: string;
  /** The session's folder, absolute. */
  folder: string;
  depth: Depth;
  /** What the research may cost with so many sub-questions. */
  estimate: (questions: number) => Estimate;
}

/** A session that this machine did not begin, and what going on with it would use. */
export interface ForeignSession {
  session: string;
  question: string;
  /** Who would be asked. */
  engine: ProviderId;
  scope: Scope[];
  /** The addresses that would be read. */
  pages: string[];
}

/** Options of a run that are not part of what was asked. */
export interface RunCallbacks {
  listen: EventListener;
  signal: AbortSignal;
  /** Aborted when the run shall end with what is there: with a report, if a partial one. */
  finish?: AbortSignal;
  /**
   * Shows the plan before anything is spent on it and returns what shall run. One that cannot say it now
   * throws a ResearchError "plan-waits": the session then waits to be resumed.
   */
  review?: (plan: Plan, about: PlanReviewContext) => Promise<Plan>;
  /** Asks the user back where the question can be read in several ways; empty: as it stands. */
  clarify?: (unclear: ClarifyingQuestion[]) => Promise<Clarification[]>;
  /** Given what changes the run while it goes on, before anything is asked. */
  steer?: (steering: SteeringControls) => void;
  /** Asked where the estimate reaches beyond `askAboveUsd`; absent: nobody is asked. */
  approve?: (estimate: Estimate) => Promise<boolean>;
  /** Asked before a session sends anything that this machine did not begin; absent: it is not gone on with. */
  confirmForeign?: (foreign: ForeignSession) => Promise<boolean>;
}
