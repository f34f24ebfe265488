import { geminiRates } from "../models/gemini/gemini-provider.js";
import { openOffline } from "../models/offline/offline-provider.js";
import { estimateResearch, type Estimate } from "../core/pipeline/estimate.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import type { EngineConfig } from "./types.js";

/** What a session that has not run yet may cost with so many sub-questions (the user's own is counted besides). */
export function estimateSession(
  { googleSearch }: Pick<EngineConfig, "googleSearch">,
  { engine, depth, maxSources, scope }: Header,
  questions: number,
  now = new Date(),
): Estimate {
  const isGemini = engine === "gemini";
  return estimateResearch({
    depth,
    questions: questions + 1,
    maxSources,
    paidSearches: isGemini && scope.includes("web") && googleSearch !== false ? 1 : 0,
    model: isGemini ? geminiRates(now) : openOffline(),
  });
}
