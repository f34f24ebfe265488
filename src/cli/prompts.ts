import type { ResearchRequest, Scope } from "../core/domain/research-request.js";
import { decideWebSearches } from "../app/web-search-decision.js";
import { isWebSearchUndecided, offerWebSearches } from "../app/web-searches.js";
import { formatMessage } from "../common/messages.js";
import { isRemoteProvider, providerName } from "../app/model-providers.js";
import type { Estimate } from "../core/domain/estimate.js";
import { describeEstimate } from "../core/pipeline/estimate.js";
import type { EngineConfig, ForeignSession, PlanReviewContext, RunCallbacks } from "../app/types.js";
import type { Clarification, Plan } from "../core/domain/schema.js";
import { forTerminal, printJson } from "./output.js";
import {
  askYesNo,
  canAsk,
  openTerminalInput,
  processTerminal,
  type TerminalStreams,
} from "./terminal-input.js";
import { applyPlanEdit } from "./edit-plan.js";

/**
 * Shows the plan before anything is spent on it. In a terminal the user can run it, change it or stop;
 * otherwise the plan is printed and the session waits to be resumed.
 */
export function reviewPlanInTerminal(json: boolean, clearLine: () => void, controller: AbortController) {
  const shown = {
    onlyShown: false,
    review: async (plan: Plan, { depth, estimate }: PlanReviewContext): Promise<Plan> => {
      clearLine();
      const lines = ({ title, questions, pages = [] }: Plan): string[] => [
        title,
        ...questions.map(({ question }, index) => `${index + 1}. ${question}`),
        ...pages.map((page) => `page: ${page}`),
      ];
      const cost = ({ questions }: Plan): string =>
        `Estimate: ${formatMessage(describeEstimate(estimate(questions.length)))}.`;
      if (!canAsk()) {
        if (json) printJson({ plan, estimate: estimate(plan.questions.length) });
        else {
          process.stdout.write(`${lines(plan).map(forTerminal).join("\n")}\n`);
          process.stderr.write(`${cost(plan)}\n`);
        }
        return halt();
      }
      const questions = openTerminalInput(controller.signal);
      let current = plan;
      try {
        for (;;) {
          process.stderr.write(`${[...lines(current), cost(current)].map(forTerminal).join("\n")}\n`);
          const answer = await questions.ask(
            "Enter: run · 2 3: remove questions · + QUESTION: add one · 2: QUESTION: replace one · q: quit: ",
          );
          // Ctrl-C and Ctrl-D stop, like q.
          if (answer === null) return halt();
          if (answer.trim() === "") return current;
          if (/^\s*(q|n|no|quit)\s*$/i.test(answer)) {
            return halt();
          }
          const changed = applyPlanEdit(current, answer, depth);
          if (typeof changed === "string") process.stderr.write(`${forTerminal(changed)}\n`);
          else current = changed;
        }
      } finally {
        questions.close();
      }
    },
  };
  return shown;

  function halt(): never {
    shown.onlyShown = !controller.signal.aborted;
    controller.abort();
    throw new DOMException("The plan was only shown.", "AbortError");
  }
}

/** The clarification callback, if the terminal is interactive. */
export function clarifyInTerminal(clearLine: () => void, signal: AbortSignal): Pick<RunCallbacks, "clarify"> {
  if (!canAsk()) return {};
  return {
    clarify: async (unclear) => {
      clearLine();
      const questions = openTerminalInput(signal);
      const answers: Clarification[] = [];
      try {
        for (const { question, options } of unclear) {
          const lines = [question, ...options.map((option, index) => `${index + 1}. ${option}`)];
          process.stderr.write(`${lines.map(forTerminal).join("\n")}\n`);
          const how = options.length === 0 ? "Your answer" : "A number or your own answer";
          const input = (
            (await questions.ask(`${how}; press Enter to leave the question unchanged: `)) ?? ""
          ).trim();
          const answer = /^\d+$/.test(input) ? (options[Number(input) - 1] ?? input) : input;
          if (answer !== "") answers.push({ question, answer });
        }
        return answers;
      } finally {
        questions.close();
      }
    },
  };
}

/** Asks in the terminal whether to spend the estimated amount; without a terminal the answer is no. */
export async function approveCostInTerminal(
  estimate: Estimate,
  clearLine: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  clearLine();
  return askYesNo(`Estimate: ${formatMessage(describeEstimate(estimate))}. Start the run? [y/N] `, signal);
}

/**
 * Asks, the first time that the web is searched, which search service may get the questions, and remembers it. The open
 * services are the first, and Enter takes them. Whoever closes the prompt decides nothing: no service gets the questions of
 * this run. Without a terminal nobody is asked, and no service gets them.
 * @throws ResearchError "cannot-write" where the decision cannot be remembered
 */
export async function chooseWebSearchInTerminal(
  config: EngineConfig,
  request: Pick<ResearchRequest, "scope">,
  terminal: TerminalStreams = processTerminal(),
): Promise<EngineConfig> {
  if (!terminal.isInteractive || !isWebSearchUndecided(config, request)) return config;
  const offers = offerWebSearches(config);
  const lines = [
    "This is your first run that searches the web. Pages that the plan names are always read.",
    "Which search service may also receive your questions?",
    ...offers.map(
      ({ title, detail }, index) => `${index + 1}. ${formatMessage(title)}: ${formatMessage(detail)}`,
    ),
    `${offers.length + 1}. None`,
  ];
  const write = (line: string): void => void terminal.output.write(`${line}\n`);
  const questions = openTerminalInput(new AbortController().signal, terminal);
  try {
    write(lines.map(forTerminal).join("\n"));
    for (;;) {
      const answer = await questions.ask("A number (Enter for 1, Escape for none this time): ");
      if (answer === null) {
        write("");
        return config;
      }
      const number = answer.trim() === "" ? 1 : Number(answer);
      // A slip must not be remembered as a decision.
      if (!Number.isInteger(number) || number < 1 || number > offers.length + 1) {
        write(`Enter a number from 1 to ${offers.length + 1}.`);
        continue;
      }
      write("You can change this with WEB_SEARCHES (in VS Code: deepResearch.webSearches).");
      return await decideWebSearches(config, offers[number - 1]?.names ?? []);
    }
  } finally {
    questions.close();
  }
}

/** Number of pages to list; beyond that, only the count is shown. */
const NAMED = 10;

const SCOPE_WORDS: Record<Scope, string> = {
  workspace: "this workspace",
  packages: "installed packages",
  history: "its git history",
  web: "the web",
  google: "Google Search",
};

/**
 * Shows what a session that was not started on this machine would use, and asks in the terminal whether to
 * continue it; without a terminal the answer is no.
 */
export async function confirmForeignInTerminal(
  foreign: ForeignSession,
  clearLine: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  clearLine();
  const { session, question, engine, scope, pages } = foreign;
  const searched = scope.map((each) => SCOPE_WORDS[each]);
  const more = pages.length > NAMED ? [`  and ${pages.length - NAMED} more`] : [];
  const lines = [
    `Session ${session} was not started on this machine. Continuing it uses:`,
    `  question: ${question}`,
    `  engine: ${isRemoteProvider(engine) ? `${providerName(engine)}, with your key` : "offline"}`,
    `  sources: ${searched.length === 0 ? "nothing" : searched.join(", ")}`,
    ...pages.slice(0, NAMED).map((page) => `  page: ${page}`),
    ...more,
  ];
  process.stderr.write(`${lines.map(forTerminal).join("\n")}\n`);
  return askYesNo("Continue? [y/N] ", signal);
}
