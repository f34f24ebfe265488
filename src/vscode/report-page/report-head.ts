import type { ReportViewData, SessionViewData } from "../report-view/page-messages.js";
import { jumpTo } from "./citation-card.js";
import { button, element } from "./elements.js";
import { isSameQuestion, makeFactLine } from "./fact-line.js";
import { makeSearchAdvice } from "./search-advice.js";
import { postToHost, viewText } from "./host.js";

/* The top of a report: what was asked, how much of the answer is verified, and what can be done with it. */

/** @param session null until it is loaded */
export function makeHead(report: ReportViewData, session: SessionViewData | null): HTMLElement[] {
  const { title, question, notes, checked, changes, problems } = report;
  const facts = [...report.facts, ...(session?.facts ?? [])];
  return [
    element("h1", { text: title }),
    question === "" || isSameQuestion(title, question)
      ? null
      : element("p", { class: "question", text: question }),
    makeFactLine(facts, "facts quiet"),
    makeBar(checked),
    ...notes.map((note) => element("p", { class: "quiet", text: note })),
    changes.label === "" ? null : makeList(changes.label, changes.items, "changes"),
    problems.length === 0 ? null : makeList(viewText("problems", problems.length), problems, "problems"),
  ].filter((part) => part !== null);
}

/** "19 of 20 verified" as a bar with its words. */
function makeBar({ verified, all, label, when }: ReportViewData["checked"]): HTMLElement {
  const meter = element("progress", {
    class: verified === all ? "all" : "",
    aria: { label: viewText("verified") },
  });
  meter.max = Math.max(1, all);
  meter.value = verified;
  return element(
    "p",
    { class: "checked" },
    all === 0 ? null : meter,
    element("strong", { text: label }),
    element("span", { class: "quiet", text: when }),
  );
}

function makeList(label: string, items: string[], className: string): HTMLElement {
  return element(
    "details",
    { class: className },
    element("summary", { text: label }),
    element("ul", {}, ...items.map((item) => element("li", { text: item }))),
  );
}

/** @param askBelow goes to the box for a follow-up question */
export function makeActions({ canRun }: ReportViewData, askBelow: () => void): HTMLElement[] {
  const act = (
    name: "verify" | "refresh" | "copy" | "copyPlain" | "openMarkdown" | "openPreview",
  ): HTMLButtonElement =>
    button(
      viewText(name),
      () => postToHost({ type: "action", name: ACTIONS[name] }),
      "button quietly small",
      viewText(`${name}Help`),
    );
  return [
    act("verify"),
    ...(canRun ? [act("refresh"), button(viewText("followUp"), askBelow, "button quietly small")] : []),
    act("copy"),
    act("copyPlain"),
    act("openMarkdown"),
    act("openPreview"),
  ];
}

const ACTIONS = {
  verify: "verify",
  refresh: "refresh",
  copy: "copy",
  copyPlain: "copy-plain",
  openMarkdown: "markdown",
  openPreview: "preview",
} as const;

/** The number of sentences that need attention, with buttons to the next and the previous one. */
export function makeAttention(count: number): HTMLElement[] {
  if (count === 0) return [];
  return [
    element("span", { class: "attention-count", text: viewText("attention", count) }),
    button(viewText("previous"), () => goToAttention(-1), "button quietly small"),
    button(viewText("next"), () => goToAttention(1), "button quietly small"),
  ];
}

let current: string | null = null;

/** Goes to the next or previous sentence that needs attention, from the last one, and round at the end. */
function goToAttention(step: 1 | -1): void {
  const ids = [...document.querySelectorAll(".sentence.attention")].map(({ id }) => id);
  const at = current === null ? -1 : ids.indexOf(current);
  const next = at < 0 ? (step === 1 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  current = ids[next] ?? null;
  if (current !== null) jumpTo(current);
}

/** What was not found, and what to try. Empty if nothing is missing. */
export function makeMissing({ missing, canRun }: ReportViewData, askBelow: () => void): HTMLElement[] {
  if (missing === null) return [];
  const { isWhole, title, points } = missing;
  const callout = element(
    "section",
    { class: isWhole ? "callout no-answer" : "callout", aria: { label: title } },
    element("h2", { text: title }),
    points.length === 0 ? null : element("ul", {}, ...points.map((point) => element("li", { text: point }))),
  );
  if (isWhole) {
    callout.append(...makeSearchAdvice());
    if (canRun)
      callout.append(
        element(
          "p",
          { class: "actions" },
          button(viewText("followUp"), askBelow),
          button(
            viewText("research"),
            () => postToHost({ type: "action", name: "research" }),
            "button quietly",
          ),
        ),
      );
  }
  return [callout];
}
