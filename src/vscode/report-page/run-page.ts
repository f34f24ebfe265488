import type { ProgressState, RunViewData } from "../report-view/page-messages.js";
import { announce } from "./announcement.js";
import { button, element, showItems } from "./elements.js";
import { makeFactLine } from "./fact-line.js";
import { makeSearchAdvice } from "./search-advice.js";
import { postToHost, viewText } from "./host.js";

/* The page of a run in progress. Rows are updated in place and new ones come last, so that nothing jumps. */

export interface RunPage {
  show(run: RunViewData): void;
}

/** A shape for each state: colours alone are not enough. */
const SIGNS: Record<ProgressState, string> = { next: "○", now: "◐", done: "✓", failed: "✕", dropped: "–" };

export function createRunPage(view: HTMLElement): RunPage {
  const title = element("h1");
  const facts = element("div");
  const end = element("div");
  const phases = element("ol", { class: "phases", aria: { label: viewText("progress") } });
  const now = element("p", { class: "now" });
  const questions = element("ol", { class: "progress-list" });
  const sources = element("ol", { class: "progress-list" });
  const sections = element("ol", { class: "progress-list" });
  const verdicts = element("p", { class: "quiet" });
  const sectionsPart = part(viewText("sections"), sections, viewText("sectionsPending"));
  sectionsPart.append(verdicts);
  const addBox = createAddBox();
  const planPart = part(viewText("plan"), questions, viewText("planPending"));
  planPart.append(addBox.form);
  const buttons = element(
    "div",
    { class: "buttons" },
    button(
      viewText("finish"),
      () => postToHost({ type: "control", name: "finish" }),
      "button",
      viewText("finishHelp"),
    ),
    button(
      viewText("stop"),
      () => postToHost({ type: "control", name: "cancel" }),
      "button quietly",
      viewText("stopHelp"),
    ),
  );
  const main = element(
    "main",
    { class: "run" },
    element("header", {}, title, facts),
    end,
    phases,
    now,
    buttons,
    planPart,
    part(viewText("sources"), sources, viewText("sourcesPending")),
    sectionsPart,
  );
  view.replaceChildren(main);
  const verified = new Set<string>();
  /** Names the sections whose text has come. */
  const announceVerified = ({ sections: all }: RunViewData): void => {
    const come = all.filter(({ heading, state }) => state === "done" && !verified.has(heading));
    for (const { heading } of come) verified.add(heading);
    if (come.length > 0) announce(come.map(({ heading, word }) => `${heading}: ${word}`).join(". "), false);
  };
  return {
    show(run) {
      title.textContent = run.question;
      showItems(facts, [[...run.facts, run.estimate]], (each) => makeFactLine(each, "facts quiet"));
      showItems(end, run.ended === null ? [] : [run.ended], makeEnd);
      const hasEnded = run.ended !== null;
      buttons.hidden = hasEnded;
      phases.hidden = hasEnded;
      now.hidden = hasEnded;
      // What never came is not announced any more.
      for (const list of [questions, sources, sections]) {
        const { parentElement } = list;
        if (parentElement !== null) parentElement.hidden = hasEnded && list.children.length === 0;
      }
      showItems(phases, run.phases, ({ label, state }) =>
        element(
          "li",
          { class: `phase state-${state}`, ...(state === "now" ? { aria: { current: "step" } } : {}) },
          sign(state),
          label,
        ),
      );
      now.textContent = run.step;
      showItems(questions, run.questions, makeQuestion);
      showItems(sources, run.sources, makeProgressSource);
      showItems(sections, run.sections, makeSection);
      announceVerified(run);
      verdicts.textContent = run.verdicts;
      addBox.show(run.canSteer, hasEnded);
    },
  };
}

/** What a run that ended without a report says, and what can be done. */
function makeEnd({ title, reason, isNoAnswer }: NonNullable<RunViewData["ended"]>): HTMLElement {
  const control = (name: "research" | "resume", className: string): HTMLButtonElement =>
    button(viewText(name), () => postToHost({ type: "control", name }), className);
  return element(
    "section",
    { class: "callout no-answer", aria: { label: title } },
    element("h2", { text: title }),
    reason === "" ? null : element("p", { text: reason }),
    ...(isNoAnswer ? makeSearchAdvice() : []),
    element(
      "p",
      { class: "actions" },
      ...(isNoAnswer
        ? [control("research", "button")]
        : [control("resume", "button"), control("research", "button quietly")]),
    ),
  );
}

/** A part with its list; the text stands there while the list is empty. */
function part(title: string, list: HTMLElement, pending: string): HTMLElement {
  list.setAttribute("aria-label", title);
  return element(
    "section",
    { aria: { label: title } },
    element("h2", { text: title }),
    list,
    element("p", { class: "quiet pending", text: pending }),
  );
}

function sign(state: ProgressState): HTMLElement {
  return element("span", { class: "sign", text: SIGNS[state], aria: { hidden: "true" } });
}

function said(word: string): HTMLElement {
  return element("span", { class: "word quiet", text: word });
}

function makeQuestion({ id, question, state, word, canSkip }: RunViewData["questions"][number]): HTMLElement {
  return element(
    "li",
    { class: `state-${state}` },
    sign(state),
    element("span", { text: question }),
    said(word),
    canSkip
      ? button(viewText("skip"), () => postToHost({ type: "skip-question", id }), "button quietly small")
      : null,
  );
}

/** A section with its text, once that is verified. */
function makeSection({ heading, state, word, paragraphs }: RunViewData["sections"][number]): HTMLElement {
  const text = paragraphs.map((sentences) =>
    element(
      "p",
      {},
      ...sentences.flatMap(({ text: sentence, note }) => [
        `${sentence} `,
        note === "" ? null : element("span", { class: "word quiet", text: `(${note}) ` }),
      ]),
    ),
  );
  return element(
    "li",
    { class: `state-${state}` },
    sign(state),
    element("span", { class: "section-heading", text: heading }),
    said(word),
    text.length === 0 ? null : element("div", { class: "section-text" }, ...text),
  );
}

function makeProgressSource({
  title,
  place,
  state,
  word,
  reason,
}: RunViewData["sources"][number]): HTMLElement {
  return element(
    "li",
    { class: `state-${state}` },
    sign(state),
    element(
      "span",
      {},
      title,
      title === place ? null : element("span", { class: "quiet", text: ` ${place}` }),
      reason === "" ? null : element("span", { class: "reason quiet", text: reason }),
    ),
    said(word),
  );
}

/** Characters that a run takes of an added question. */
const LONGEST_QUESTION = 500;

interface AddBox {
  form: HTMLFormElement;
  /** Shows whether a question can still be added. The box stays where it is after that, so that nothing jumps. */
  show: (canAdd: boolean, hasEnded: boolean) => void;
}

/** The box for another question. */
function createAddBox(): AddBox {
  const input = element("input", { id: "add-question" });
  input.type = "text";
  input.maxLength = LONGEST_QUESTION;
  const label = element("label");
  label.htmlFor = input.id;
  const add = element("button", { class: "button quietly", text: viewText("add") });
  add.type = "submit";
  const form = element("form", { class: "add" }, label, element("div", { class: "add-row" }, input, add));
  let wasOpen = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = input.value.trim();
    if (question === "" || input.readOnly) return;
    postToHost({ type: "add-question", question });
    input.value = "";
  });
  return {
    form,
    show(canAdd, hasEnded) {
      wasOpen ||= canAdd;
      form.hidden = hasEnded || !wasOpen;
      label.textContent = viewText(canAdd ? "addLabel" : "addTooLate");
      // It is not disabled: the focus would be lost, and with it what is being typed.
      input.readOnly = !canAdd;
      add.setAttribute("aria-disabled", String(!canAdd));
    },
  };
}
