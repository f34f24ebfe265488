import type { Estimate } from "../research/estimate.js";
import type { EventListener } from "../research/events.js";
import type { Depth, Plan } from "../research/schema.js";
import type { Settings } from "../settings/schema.js";

/* What a door (terminal, VS Code) hands in: what the user set, what is asked, and who watches. */

export type Scope = "workspace" | "web";

export interface House {
  /** The folder that is researched and written to, absolute. */
  workspace: string;
  settings: Settings;
  /** A Gemini key, or null for the offline engine. */
  key: string | null;
  /** Where Gemini is, if not at Google's. Never from a workspace. */
  baseUrl: string | null;
  /** False where nothing may come from the cache or go there. */
  cache?: boolean;
  /** One model request's longest time, in milliseconds; absent: the usual. */
  modelTimeout?: number;
  /** False: Gemini does not search where a SearXNG server does; absent: both do. */
  googleSearch?: boolean;
}

export interface Asked {
  question: string;
  depth: Depth;
  maxSources: number;
  /** What is searched; with pages alone it may be empty. */
  scope: Scope[];
  /** http(s) addresses that the user named. */
  pages: string[];
  /** The session that the question goes on from; absent: none. */
  follows?: string;
}

/** Options of a run that are not part of what was asked. */
export interface Watch {
  listen: EventListener;
  signal: AbortSignal;
  /** Aborted when the run shall end with what is there: with a report, if a partial one. */
  finish?: AbortSignal;
  review?: (plan: Plan) => Promise<Plan>;
  /** Asked where the estimate reaches beyond `askAboveUsd`; absent: nobody is asked. */
  approve?: (estimate: Estimate) => Promise<boolean>;
}
