import { msg, withoutFullStop } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { estimateResearch, type EstimateInput } from "./estimate.js";
import { applyClarifications, planFromDraft, clarifyingQuestions, kindsOfScope } from "./plan.js";
import type { Scope } from "../domain/research-request.js";
import { describeStepTask, type StepTask } from "../domain/step-task.js";
import type { TaskInput, TaskOutput } from "../prompts/tasks.js";
import { askModel, noteShortfall, type RunState } from "./run-state.js";
import { DEPTHS, type Plan } from "../domain/schema.js";

/** What is searched, as the model is told. A plan's journal key is made of these words: they never change. */
const SCOPE_NAMES: Record<Scope, string> = {
  web: "the web",
  google: "the web",
  workspace: "the workspace",
  packages: "the packages that the workspace has installed",
  history: "the git history of the workspace",
};

export async function makePlan(run: RunState): Promise<Plan> {
  const { ask, ports } = run;
  const goesOn = ask.before === undefined ? {} : { before: ask.before };
  const kinds = kindsOfScope(ask.scope, ask.sites !== undefined);
  const input = {
    question: ask.question,
    questions: DEPTHS[ask.depth].questions,
    scope: [
      ...new Set(ask.scope.map((each) => SCOPE_NAMES[each])),
      ...(ask.sites ?? []).map((site) => `the site ${site}`),
    ],
    ...goesOn,
    ...(kinds.length < 2 || ask.earlierMethod === true ? {} : { kinds }),
  };
  const first = await askForPlan(run, input, false);
  let answer = first;
  const unclear = ports.clarify === undefined ? [] : clarifyingQuestions(answer);
  if (ports.clarify !== undefined && unclear.length > 0) {
    const answers = await ports.clarify(unclear);
    ports.emit({ type: "clarified", answers });
    run.clarified = answers;
    run.question = applyClarifications(ask.question, answers);
    if (run.question !== ask.question) {
      answer = await askForPlan(run, { ...input, answers }, true);
    }
  }
  // Nothing that was read may choose an address: neither an earlier research, nor titles that were offered.
  const pages = ask.scope.includes("web") && ask.before === undefined ? (first.pages ?? []) : [];
  const draft = planFromDraft(answer, run.question, ask.depth, pages);
  const plan = ports.review === undefined ? draft : await ports.review(draft);
  const cost = estimateResearch(toEstimateInput(run, plan));
  ports.emit({ type: "planned", plan, estimate: cost });
  await ports.approve?.(cost);
  return plan;
}

/** Asks for the plan. An answer that cannot be used ends no run: then the fallback model plans. */
async function askForPlan(
  run: RunState,
  input: TaskInput<"plan">,
  withAnswers: boolean,
): Promise<TaskOutput<"plan">> {
  const task: StepTask = { type: "plan", withAnswers };
  try {
    return await askModel(run, "plan", input, task);
  } catch (error) {
    if (!(error instanceof ResearchError) || error.code !== "bad-answer") throw error;
    noteShortfall(
      run,
      msg`${describeStepTask(task)} failed (${withoutFullStop(error.what)}): the offline engine made the plan instead.`,
    );
    return (await run.ports.fallbackModel.answer("plan", input, run.signal)).value;
  }
}

/** What a plan will take, as far as it can be estimated. */
export function toEstimateInput({ ask, ports }: RunState, plan: Plan): EstimateInput {
  return {
    depth: ask.depth,
    questions: plan.questions.length + 1,
    maxSources: ask.maxSources,
    searches: ports.searches,
    model: ports.model,
  };
}
