import { localizeMessage, type Localizer } from "../../common/messages.js";
import {
  formatLocation,
  OFFLINE_PROVIDER,
  type SourceLocation,
  type Verdict,
} from "../../core/domain/schema.js";
import {
  PHASES,
  type Phase,
  type QuestionProgress,
  type RunProgress,
  type SourceProgress,
} from "../../core/progress/run-progress.js";
import { showMisleadingCharacters } from "../plain-text.js";
import type { ProgressState, RunViewData } from "./page-messages.js";

/* Makes the data of the live view from the progress of a run. Does not depend on VS Code. */

/** What the window says about a run. */
export interface RunViewContext {
  l10n: Localizer;
  step: string;
  /** Sources, calls, cost and time, in words. */
  facts: string[];
  estimate: string;
  /** Whether questions can be added or skipped. */
  canSteer: boolean;
  /** Questions that the user added in the view: the run takes them up a little later. */
  added: readonly string[];
  /** How the run ended without a report; null while it goes on. */
  ended: RunEnd | null;
}

/** Why a run ended without a report. `isNoAnswer`: it found nothing that answers. */
export interface RunEnd {
  isNoAnswer: boolean;
  isCancelled: boolean;
  /** May be empty. */
  reason: string;
}

export function createRunView(live: RunProgress, context: RunViewContext): RunViewData {
  const { l10n, step, facts, estimate, canSteer, added, ended } = context;
  const at = PHASES.indexOf(live.phase);
  const plain = showMisleadingCharacters;
  const open = live.sections.findIndex(({ state }) => state !== "verified");
  // The text of a section comes once all before it have come: it would push down what is being read.
  const readable = open < 0 ? live.sections.length : open;
  return {
    question: plain(live.question),
    title: plain(live.title ?? ""),
    phases: PHASES.map((phase, index) => ({
      label: phaseName(phase, l10n),
      state: index < at ? "done" : index === at ? "now" : "next",
    })),
    step: plain(step),
    facts,
    estimate,
    questions: withAdded(live.questions, added).map(({ id, question, state }) => ({
      id,
      question: plain(question),
      state: QUESTION_STATES[state],
      word: questionWord(state, l10n),
      canSkip: canSteer && /^q\d{1,6}$/.test(id) && (state === "waiting" || state === "searching"),
    })),
    sources: live.sources.map((source) => toSource(source, l10n)),
    sections: live.sections.map((section, index) => toSection(section, index < readable, l10n)),
    verdicts: describeVerdicts(live, l10n),
    canSteer,
    ended:
      ended === null
        ? null
        : {
            title: endTitle(ended, l10n),
            reason: plain(ended.reason),
            isNoAnswer: ended.isNoAnswer && !ended.isCancelled,
          },
  };
}

/** @param isReadable whether its text is shown */
function toSection(
  { heading, state, paragraphs }: RunProgress["sections"][number],
  isReadable: boolean,
  l10n: Localizer,
): RunViewData["sections"][number] {
  const plain = showMisleadingCharacters;
  const shown = isReadable ? paragraphs : [];
  return {
    paragraphs: shown.map((sentences) =>
      sentences.map(({ text, verdict }) => ({
        text: plain(text),
        note: verdict === "supported" ? "" : verdictName(verdict, l10n),
      })),
    ),
    heading: plain(heading),
    state: state === "verified" ? "done" : state === "written" ? "now" : "next",
    word:
      state === "verified"
        ? l10n.t("verified")
        : state === "written"
          ? l10n.t("being verified")
          : l10n.t("not written yet"),
  };
}

function endTitle({ isNoAnswer, isCancelled }: RunEnd, l10n: Localizer): string {
  if (isCancelled) return l10n.t("The run was cancelled. Everything found so far is kept.");
  return isNoAnswer ? l10n.t("No answer was found") : l10n.t("The run failed.");
}

/** The plan with the questions that the run has not taken up yet. */
function withAdded(questions: QuestionProgress[], added: readonly string[]): QuestionProgress[] {
  const known = new Set(questions.map(({ question }) => question));
  const waiting = added.filter((question) => !known.has(question));
  return [...questions, ...waiting.map((question) => ({ id: "", question, state: "waiting" as const }))];
}

const QUESTION_STATES: Record<QuestionProgress["state"], ProgressState> = {
  waiting: "next",
  searching: "now",
  read: "done",
  failed: "failed",
  skipped: "dropped",
};

function phaseName(phase: Phase, l10n: Localizer): string {
  const names: Record<Phase, string> = {
    planning: l10n.t("Planning"),
    gathering: l10n.t("Gathering"),
    outlining: l10n.t("Outlining"),
    writing: l10n.t("Writing"),
    checking: l10n.t("Checking"),
  };
  return names[phase];
}

function questionWord(state: QuestionProgress["state"], l10n: Localizer): string {
  const words: Record<QuestionProgress["state"], string> = {
    waiting: l10n.t("waiting"),
    searching: l10n.t("searching"),
    read: l10n.t("searched"),
    failed: l10n.t("failed"),
    skipped: l10n.t("skipped"),
  };
  return words[state];
}

function toSource(source: SourceProgress, l10n: Localizer): RunViewData["sources"][number] {
  const { place, title, why, state, quotes } = source;
  const where = shortPlace(place);
  const isDropped = state === "copy" || (state === "read" && quotes === 0);
  const states: Record<SourceProgress["state"], ProgressState> = {
    reading: "now",
    read: isDropped ? "dropped" : "done",
    failed: "failed",
    copy: "dropped",
    left: "dropped",
  };
  return {
    title: showMisleadingCharacters(title === formatLocation(place) ? where : title),
    place: showMisleadingCharacters(where),
    state: states[state],
    word: sourceWord(source, l10n),
    reason:
      why !== null
        ? showMisleadingCharacters(localizeMessage(why, l10n))
        : state === "copy"
          ? l10n.t("Another source has the same text.")
          : isDropped
            ? l10n.t("Nothing in it answers the questions.")
            : "",
  };
}

function sourceWord({ state, quotes }: SourceProgress, l10n: Localizer): string {
  switch (state) {
    case "reading":
      return l10n.t("reading");
    case "read":
      if (quotes === null) return l10n.t("read");
      return quotes === 1 ? l10n.t("1 quote") : l10n.t("{0} quotes", quotes);
    case "failed":
      return l10n.t("not readable");
    case "copy":
      return l10n.t("duplicate");
    case "left":
      return l10n.t("not read");
  }
}

/** The path, or the domain with the path. */
function shortPlace(place: SourceLocation): string {
  if (!("url" in place) || !URL.canParse(place.url)) return formatLocation(place);
  const { hostname, pathname } = new URL(place.url);
  return `${hostname.replace(/^www\./, "")}${pathname === "/" ? "" : pathname}`;
}

function verdictName(verdict: Exclude<Verdict, "supported">, l10n: Localizer): string {
  const names: Record<typeof verdict, string> = {
    qualified: l10n.t("qualified"),
    contradicted: l10n.t("contradicted"),
    unsupported: l10n.t("unsupported"),
    "not-checked": l10n.t("not checked"),
  };
  return names[verdict];
}

/** The offline engine's sentences are quotes: they are found, and nobody judges them. */
function describeVerdicts({ verdicts, engine }: RunProgress, l10n: Localizer): string {
  if (verdicts === null) return "";
  const all = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  if (engine === OFFLINE_PROVIDER) return l10n.t("{0} of {1} quotes found", verdicts.supported, all);
  return l10n.t("{0} of {1} sentences supported", verdicts.supported, all);
}
