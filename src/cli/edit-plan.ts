import { applyRevision } from "../core/pipeline/plan.js";
import { DEPTHS, type Depth, type Plan } from "../core/domain/schema.js";

/**
 * Applies one line of user input to a plan: "2 3" removes questions, "+ a question" adds one, "2: new words"
 * replaces one.
 * @returns the new plan, or why it cannot be changed
 */
export function applyPlanEdit(plan: Plan, line: string, depth: Depth): Plan | string {
  const asked = plan.questions.map(({ question }) => question);
  const { questions: most } = DEPTHS[depth];
  const as = (questions: string[]): Plan =>
    applyRevision(plan, { title: plan.title, questions, cover: plan.cover, pages: plan.pages ?? [] });

  const [, added] = /^\s*\+\s*(\S.*)$/.exec(line) ?? [];
  if (added !== undefined) {
    return asked.length >= most
      ? `The depth ${depth} allows ${most} questions. Remove one first.`
      : as([...asked, added]);
  }
  const [, number, words] = /^\s*(\d+)\s*:\s*(\S.*)$/.exec(line) ?? [];
  if (number !== undefined && words !== undefined) {
    const index = Number(number) - 1;
    return asked[index] === undefined ? `There is no question ${number}.` : as(asked.with(index, words));
  }
  const out = new Set(line.match(/\d+/g)?.map(Number) ?? []);
  if (out.size === 0) return "Unrecognized input.";
  const none = [...out].find((each) => each < 1 || each > asked.length);
  if (none !== undefined) return `There is no question ${none}.`;
  const left = asked.filter((_, index) => !out.has(index + 1));
  return left.length === 0 ? "A plan needs at least one question." : as(left);
}
