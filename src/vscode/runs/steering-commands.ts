import * as vscode from "vscode";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import type { ResearchEvent } from "../../core/domain/events.js";
import type { SteeringControls } from "../../core/pipeline/steering.js";
import { markOwn } from "../command-callers.js";
import type { Commands } from "../command-ids.js";
import { askForText, showInformation, pickOne, showStatusMessage } from "../show-messages.js";
import { localizeText } from "../l10n/localize.js";
import { formatEstimate } from "../l10n/format.js";

/* Changes a run in progress: skips a question or adds one. */

/** A run that can be changed. */
export interface SteeredRun {
  session: string;
  /** The user's own question. */
  question: string;
  steering: SteeringControls;
}

/** A node of the view, a session's id, or an id with a question: a question id of the plan (q1 …) or a text. */
const Argument = z.union([
  z
    .object({
      kind: z.literal("question"),
      session: z.object({ id: z.string() }),
      question: z.object({ id: z.string() }),
    })
    .transform(({ session, question }) => ({ session: session.id, question: question.id })),
  z
    .object({ kind: z.literal("session"), id: z.string() })
    .transform(({ id }) => ({ session: id, question: undefined })),
  z
    .object({ kind: z.literal("part"), session: z.object({ id: z.string() }) })
    .transform(({ session }) => ({ session: session.id, question: undefined })),
  z.object({ session: z.string(), question: z.string().optional() }),
  z.string().transform((session) => ({ session, question: undefined })),
]);

const SHOWN_MS = 8000;

export function steeringCommands(
  runs: () => SteeredRun[],
): Pick<Commands, "deepResearch.skipQuestion" | "deepResearch.addQuestion"> {
  return {
    "deepResearch.skipQuestion": async (argument) => {
      const given = Argument.safeParse(argument).data;
      const run = await pickRun(runs(), given?.session, vscode.l10n.t("Skip Question: Select a Run"));
      if (run === undefined) return undefined;
      const id = given?.question ?? (await pickQuestion(run));
      if (id === undefined) return undefined;
      const text = run.steering.questions().find((each) => each.id === id)?.question ?? id;
      return applyChange(
        () => run.steering.skip(id),
        vscode.l10n.t("Skipped: {0}", text),
        vscode.l10n.t("Finish Now"),
        ["deepResearch.finish", markOwn({ session: run.session })],
      );
    },
    "deepResearch.addQuestion": async (argument) => {
      const given = Argument.safeParse(argument).data;
      const run = await pickRun(runs(), given?.session, vscode.l10n.t("Add Question: Select a Run"));
      if (run === undefined) return undefined;
      // A tree item passes its own question's id; for an added question the user is asked for the text.
      const isText = given?.question !== undefined && !/^q\d+$/.test(given.question);
      const text = isText ? given.question : await askQuestion(run);
      if (text === undefined) return undefined;
      return applyChange(
        () => run.steering.add(text),
        vscode.l10n.t("Added: {0}", text),
        vscode.l10n.t("Research…"),
        ["deepResearch.research"],
      );
    },
  };
}

/** Shows the estimated cost of an added question once it is researched. */
export function showSteeringResult(event: ResearchEvent): void {
  if (event.type !== "steered" || !("add" in event) || event.estimate.usd[1] === 0) return;
  const message = vscode.l10n.t("With the added question: {0}", formatEstimate(event.estimate));
  showStatusMessage("add", message, SHOWN_MS);
}

/** Makes the change; if it is too late, explains that and offers an alternative. */
async function applyChange(
  change: () => Promise<void>,
  done: string,
  instead: string,
  command: [string, ...unknown[]],
): Promise<boolean> {
  try {
    await change();
    showStatusMessage("check", done, SHOWN_MS);
    return true;
  } catch (error) {
    if (!(error instanceof ResearchError) || error.code !== "too-late") throw error;
    void showInformation(localizeText(error.text), instead).then((chosen) => {
      if (chosen === instead) void vscode.commands.executeCommand(...command);
    });
    return false;
  }
}

async function pickRun(
  runs: SteeredRun[],
  session: string | undefined,
  title: string,
): Promise<SteeredRun | undefined> {
  const named = runs.filter((run) => session === undefined || run.session === session);
  const [only] = named;
  if (only === undefined) {
    const research = vscode.l10n.t("Research…");
    const message =
      session === undefined
        ? vscode.l10n.t("No run is in progress.")
        : vscode.l10n.t("This run is no longer in progress.");
    void showInformation(message, research).then((chosen) => {
      if (chosen === research) void vscode.commands.executeCommand("deepResearch.research");
    });
    return undefined;
  }
  if (named.length === 1) return only;
  const chosen = await pickOne(
    named.map((run) => ({ label: run.question, run })),
    { title: `Deep Research: ${title}` },
  );
  return chosen?.run;
}

async function pickQuestion({ steering, session }: SteeredRun): Promise<string | undefined> {
  const questions = steering.questions();
  if (questions.length === 0) {
    const finish = vscode.l10n.t("Finish Now");
    const message = vscode.l10n.t(
      "No question is being researched at the moment, so there is nothing to skip.",
    );
    void showInformation(message, finish).then((chosen) => {
      if (chosen === finish) void vscode.commands.executeCommand("deepResearch.finish", markOwn({ session }));
    });
    return undefined;
  }
  const chosen = await pickOne(
    questions.map(({ id, question }) => ({ label: question, id })),
    { title: vscode.l10n.t("Deep Research: Select a Question to Skip") },
  );
  return chosen?.id;
}

function askQuestion({ question }: SteeredRun): Thenable<string | undefined> {
  return askForText({
    title: vscode.l10n.t("Deep Research: Add a Question"),
    prompt: vscode.l10n.t("The new question is researched before the report on “{0}” is written.", question),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === "" ? vscode.l10n.t("Enter a question as a sentence.") : undefined,
  });
}
