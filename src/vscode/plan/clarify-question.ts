import * as vscode from "vscode";
import { pickOrType } from "../pick-or-type.js";
import { askForText } from "../show-messages.js";
import type { ClarifyingQuestion } from "../../core/pipeline/plan.js";
import type { Clarification } from "../../core/domain/schema.js";
import { rejectOnAbort } from "../../common/abort.js";

/** Only one run asks at a time: a second quick pick would replace the first. */
let asking: Promise<unknown> = Promise.resolve();

/**
 * Asks the user to clarify an ambiguous question. Escape leaves it unchanged.
 * @param given known answers, in the order of the questions; the user is not asked
 * @param signal the run's; nothing is asked after it is aborted
 */
export function clarifyInWindow(given: string[] | undefined, signal: AbortSignal) {
  return (unclear: ClarifyingQuestion[]): Promise<Clarification[]> => {
    if (given !== undefined) {
      return Promise.resolve(
        unclear.flatMap(({ question }, n) => {
          const answer = given[n];
          return answer === undefined ? [] : { question, answer };
        }),
      );
    }
    const answers = rejectOnAbort(asking, signal).then(() => askAll(unclear, signal));
    asking = Promise.allSettled([asking, answers]);
    return answers;
  };
}

async function askAll(unclear: ClarifyingQuestion[], signal: AbortSignal): Promise<Clarification[]> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener("abort", cancel);
  const answers: Clarification[] = [];
  try {
    for (const [n, each] of unclear.entries()) {
      signal.throwIfAborted();
      const title =
        unclear.length === 1
          ? vscode.l10n.t("Deep Research: Clarify Your Question")
          : vscode.l10n.t("Deep Research: Clarify Your Question ({0} of {1})", n + 1, unclear.length);
      const answer = await askOne(each, title, source.token);
      signal.throwIfAborted();
      if (answer === undefined) break;
      if (answer.trim() !== "") answers.push({ question: each.question, answer: answer.trim() });
    }
    return answers;
  } finally {
    signal.removeEventListener("abort", cancel);
    source.dispose();
  }
}

async function askOne(
  { question, options }: ClarifyingQuestion,
  title: string,
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  const prompt = vscode.l10n.t("{0} (press Escape to leave your question unchanged)", question);
  if (options.length > 0) return pickOrType(options, { title, prompt }, token);
  return askForText(
    {
      title,
      prompt,
      ignoreFocusOut: true,
    },
    token,
  );
}
