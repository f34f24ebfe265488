import type { SessionViewData } from "../report-view/page-messages.js";
import { button, element, showItems } from "./elements.js";
import { loadState, postToHost, saveState, viewText } from "./host.js";

/* The box for a follow-up question below a report, with suggestions and the questions before and after this one. */

export interface FollowUpBox {
  section: HTMLElement;
  /** Puts the cursor into the box. */
  focus: () => void;
  show(session: SessionViewData): void;
}

export function createFollowUpBox(): FollowUpBox {
  const input = element("textarea", { id: "follow-up" });
  input.rows = 2;
  input.value = loadState().draft;
  const label = element("label", { text: viewText("askLabel") });
  label.htmlFor = input.id;
  const note = element("p", { class: "quiet" });
  const suggestions = element("ul", { class: "suggestions", aria: { label: viewText("suggestions") } });
  const thread = element("ol", { class: "thread", aria: { label: viewText("thread") } });
  const threadSection = element("section", {}, element("h3", { text: viewText("thread") }), thread);
  threadSection.hidden = true;
  suggestions.hidden = true;
  const ask = (): void => {
    const question = input.value.trim();
    if (question === "") {
      input.focus();
      return;
    }
    postToHost({ type: "ask", question });
    input.value = "";
    saveState({ ...loadState(), draft: "" });
  };
  input.addEventListener("input", () => saveState({ ...loadState(), draft: input.value }));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask();
  });
  const section = element(
    "section",
    { class: "follow-up", aria: { label: viewText("askTitle") } },
    element("h2", { text: viewText("askTitle") }),
    label,
    input,
    element("div", { class: "ask-row" }, button(viewText("ask"), ask), note),
    suggestions,
    threadSection,
  );
  return {
    section,
    focus() {
      section.scrollIntoView({ block: "center" });
      input.focus({ preventScroll: true });
    },
    show(session) {
      note.textContent = session.askNote;
      suggestions.hidden = session.suggestions.length === 0;
      showItems(suggestions, session.suggestions, (question) =>
        element(
          "li",
          {},
          button(
            question,
            () => {
              input.value = question;
              input.focus();
            },
            "suggestion",
          ),
        ),
      );
      threadSection.hidden = session.thread.length < 2;
      showItems(thread, session.thread, makeThreadItem);
    },
  };
}

function makeThreadItem({ session, question, isThis }: SessionViewData["thread"][number]): HTMLElement {
  if (isThis)
    return element(
      "li",
      { aria: { current: "true" } },
      question,
      " ",
      element("em", { text: viewText("thisReport") }),
    );
  return element(
    "li",
    {},
    button(question, () => postToHost({ type: "session", session }), "link"),
  );
}
