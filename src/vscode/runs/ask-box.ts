import * as vscode from "vscode";
import type { Depth } from "../../core/domain/schema.js";
import { askInBox } from "../input-box.js";
import {
  depthChoices,
  pickDepth,
  pickScope,
  scopeChoices,
  type ScopeChoice,
  type SearchAccess,
} from "./choose-sources.js";

/* Asks a question in one box: Enter starts the run, and buttons change depth and sources. */

export interface RunChoices {
  depth: Depth;
  scope: ScopeChoice;
}

interface QuestionBox {
  question: string;
  choices: RunChoices;
  access: SearchAccess;
  /** The question that this one follows up on. */
  earlier: string | undefined;
  /** What a run of this size may take, where it may be too much; else an empty text. */
  describeLimit: (choices: RunChoices, access: SearchAccess) => string;
  /** Asks for a key. @returns whether there is one now */
  setKey: () => Promise<boolean>;
}

/** @returns the question and the choices; undefined if the user dismissed the box */
export async function askInQuestionBox(
  box: QuestionBox,
): Promise<(RunChoices & { question: string }) | undefined> {
  let { question, choices, access } = box;
  for (;;) {
    const answer = await showBox({ ...box, question, choices, access });
    if (answer === undefined) return undefined;
    question = answer.text;
    if (answer.button === null) return { question, ...choices };
    if (answer.button === "depth") {
      choices = { ...choices, depth: (await pickDepth(choices.depth)) ?? choices.depth };
      continue;
    }
    let scope = await pickScope(access, choices.scope);
    if (scope === "key") {
      access = { ...access, hasKey: await box.setKey() };
      scope = await pickScope(access, choices.scope);
    }
    if (scope !== undefined && scope !== "key") choices = { ...choices, scope };
  }
}

function showBox({ question, choices, access, earlier, describeLimit }: QuestionBox) {
  const depth = depthChoices().find(({ value }) => value === choices.depth);
  const sources = scopeChoices(access).find(({ value }) => value === choices.scope);
  const names = { depth: depth?.label ?? choices.depth, sources: sources?.label ?? choices.scope };
  return askInBox<"depth" | "sources">({
    title: vscode.l10n.t("Deep Research: Ask ({0} · {1})", names.depth, names.sources),
    prompt: [
      ...(earlier === undefined ? [] : [vscode.l10n.t("This follows up on: {0}.", earlier)]),
      sources?.detail === undefined ? "" : `${sources.detail}.`,
      describeLimit(choices, access),
      vscode.l10n.t("The buttons above change depth and sources."),
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    placeHolder: earlier === undefined ? vscode.l10n.t("For example: How are failed requests retried?") : "",
    value: question,
    buttons: [
      { value: "depth", icon: "dashboard", tooltip: vscode.l10n.t("Depth: {0}", names.depth) },
      {
        value: "sources",
        icon: sources?.icon ?? "folder",
        tooltip: vscode.l10n.t("Sources: {0}", names.sources),
      },
    ],
    validateInput: (text) =>
      text.trim() === "" ? vscode.l10n.t("Enter a question as a sentence.") : undefined,
    press: () => "close",
  });
}
