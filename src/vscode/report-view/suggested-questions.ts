import type { Localizer } from "../../common/messages.js";
import type { Evidence, Plan } from "../../core/domain/schema.js";

/* Questions that a report leaves open. Does not depend on VS Code. */

/** What a session planned, found and left open. */
export interface SessionFindings {
  plan: Plan;
  /** What the last outline left open: phrases, or a word in “…” that no source holds. */
  gaps: string[];
  evidence: Pick<Evidence, "questions">[];
}

const MOST = 3;
/** Maximum length of a suggestion, in characters. */
const LONGEST = 200;

/**
 * Suggests at most three follow-up questions: first the plan's questions that no quote answers, then what is missing, then
 * the plan's questions with the fewest quotes.
 */
export function suggestQuestions({ plan, gaps, evidence }: SessionFindings, l10n: Localizer): string[] {
  const counts = new Map(plan.questions.map(({ id }) => [id, 0]));
  for (const { questions } of evidence)
    for (const id of new Set(questions)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const byCount = plan.questions.toSorted((a, b) => (counts.get(a.id) ?? 0) - (counts.get(b.id) ?? 0));
  const unanswered = byCount.filter(({ id }) => counts.get(id) === 0);
  const missing = gaps.map((gap) => toQuestion(gap.replace(/^“([^”]+)”$/, "$1"), l10n));
  // With one question, the plan is the user's own question.
  const rest = byCount.length < 2 ? [] : byCount;
  const all = [
    ...unanswered.map(({ question }) => question),
    ...missing,
    ...rest.map(({ question }) => question),
  ];
  return [...new Set(all.map((each) => each.trim()))]
    .filter((each) => each !== "" && each.length <= LONGEST)
    .slice(0, MOST);
}

/** A gap is a phrase, or already a question. */
function toQuestion(gap: string, l10n: Localizer): string {
  return gap.trim().endsWith("?") ? gap : l10n.t("What is known about {0}?", gap);
}
