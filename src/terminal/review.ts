import { createInterface } from "node:readline/promises";
import { estimateLine, type Estimate } from "../research/estimate.js";
import type { Plan } from "../research/schema.js";
import { forTerminal, printJson } from "./output.js";

/**
 * Shows the plan before anything is spent on it. On a terminal the user runs it, leaves questions
 * out, or stops; without one the plan is shown and the session waits to be resumed.
 */
export function reviewPlan(json: boolean, clearLine: () => void, stop: () => void) {
  const shown = {
    onlyShown: false,
    review: async (plan: Plan): Promise<Plan> => {
      clearLine();
      const lines = [plan.title, ...plan.questions.map(({ question }, index) => `${index + 1}. ${question}`)];
      if (!process.stdin.isTTY || !process.stderr.isTTY) {
        shown.onlyShown = true;
        if (json) printJson({ plan });
        else process.stdout.write(`${lines.map(forTerminal).join("\n")}\n`);
        return halt();
      }
      process.stderr.write(`${lines.map(forTerminal).join("\n")}\n`);
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        const answer = await terminal.question(
          "Enter runs it, numbers leave questions out (such as 2 3), q stops: ",
        );
        if (/^\s*(q|n|no|quit)\s*$/i.test(answer)) {
          shown.onlyShown = true;
          return halt();
        }
        const out = new Set(answer.match(/\d+/g)?.map(Number) ?? []);
        const questions = plan.questions.filter((_, index) => !out.has(index + 1));
        return questions.length === 0 ? plan : { ...plan, questions };
      } finally {
        terminal.close();
      }
    },
  };
  return shown;

  function halt(): never {
    stop();
    throw new DOMException("The plan was only to be shown.", "AbortError");
  }
}

/** Asks on a terminal whether a research may cost that much; elsewhere the answer is no. */
export async function approveCost(estimate: Estimate, clearLine: () => void): Promise<boolean> {
  clearLine();
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const asked = `This research may take ${estimateLine(estimate)}. Run it? (y/N) `;
    return /^\s*y(?:es)?\s*$/i.test(await terminal.question(asked));
  } finally {
    terminal.close();
  }
}
