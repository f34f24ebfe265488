import { geminiCosts } from "../models/gemini.js";
import { openOffline } from "../models/offline.js";
import { estimate, type Estimate } from "../research/estimate.js";
import type { Header } from "../sessions/journal-lines.js";
import type { House } from "./house.js";

/** What a session that has not run yet may cost with so many sub-questions (the user's own is counted besides). */
export function expectedCost(
  { googleSearch }: Pick<House, "googleSearch">,
  { engine, depth, maxSources, scope }: Header,
  questions: number,
  now = new Date(),
): Estimate {
  const isGemini = engine === "gemini";
  return estimate({
    depth,
    questions: questions + 1,
    maxSources,
    paidSearches: isGemini && scope.includes("web") && googleSearch !== false ? 1 : 0,
    model: isGemini ? geminiCosts(now) : openOffline(),
  });
}
