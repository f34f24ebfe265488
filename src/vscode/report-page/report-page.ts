import type { ReportViewData, SessionViewData } from "../report-view/page-messages.js";
import { hideCard } from "./citation-card.js";
import { element, showItems } from "./elements.js";
import { createFollowUpBox } from "./follow-up-box.js";
import { loadState, saveState, viewText } from "./host.js";
import { followScroll, showContents } from "./report-contents.js";
import { makeActions, makeAttention, makeHead, makeMissing } from "./report-head.js";
import { makeBlock, makeSource } from "./report-text.js";

/* The page of a report. It is updated in place, so that nothing jumps and the focus stays. */

export interface ReportPage {
  show(report: ReportViewData): void;
  showSession(session: SessionViewData): void;
  onScroll(): void;
}

export function createReportPage(view: HTMLElement): ReportPage {
  const head = element("header");
  const actions = element("div", { class: "actions", role: "toolbar", aria: { label: viewText("actions") } });
  const attention = element("div", { class: "attention-bar" });
  const contents = element("ol");
  const missing = element("div");
  const article = element("article", { id: "summary", tabIndex: -1 });
  const sources = element("ol", { class: "sources" });
  const followUp = createFollowUpBox();
  const bar = element("div", { class: "bar" }, actions, attention);
  const sourceSection = element(
    "section",
    { id: "sources", tabIndex: -1, aria: { label: viewText("sources") } },
    element("h2", { text: viewText("sources") }),
    sources,
  );
  const main = element("main", {}, head, bar, missing, article, sourceSection, followUp.section);
  const nav = element(
    "nav",
    { aria: { label: viewText("contents") } },
    element("h2", { text: viewText("contents") }),
    contents,
  );
  view.replaceChildren(element("div", { class: "columns" }, nav, main));
  let report: ReportViewData | null = null;
  let session: SessionViewData | null = null;

  return { show, showSession, onScroll };

  function show(next: ReportViewData): void {
    const isFirst = report === null;
    report = next;
    hideCard();
    showHead();
    showItems(actions, [next.canRun], () =>
      element("div", { class: "buttons" }, ...makeActions(next, followUp.focus)),
    );
    showItems(missing, next.missing === null ? [] : [next.missing], () =>
      element("div", {}, ...makeMissing(next, followUp.focus)),
    );
    showItems(
      article,
      next.blocks.map((block, index) => ({ block, index })),
      makeBlock,
    );
    showItems(sources, next.sources, makeSource);
    sourceSection.hidden = next.sources.length === 0;
    showContents(contents, next);
    const count = article.querySelectorAll(".sentence.attention").length;
    showItems(attention, count === 0 ? [] : [count], () =>
      element("div", { class: "buttons" }, ...makeAttention(count)),
    );
    followUp.section.hidden = !next.canRun;
    if (isFirst) restoreScroll(next.id);
    followScroll(contents);
  }

  function showSession(next: SessionViewData): void {
    session = next;
    showHead();
    followUp.show(next);
  }

  function showHead(): void {
    if (report === null) return;
    const data = report;
    const { title, question, facts, notes, checked, changes, problems } = data;
    const shown = { title, question, facts, notes, checked, changes, problems, more: session?.facts ?? [] };
    showItems(head, [shown], () => element("div", {}, ...makeHead(data, session)));
  }

  function onScroll(): void {
    followScroll(contents);
    if (report !== null) saveState({ ...loadState(), id: report.id, scroll: window.scrollY });
  }
}

function restoreScroll(id: string): void {
  const state = loadState();
  if (state.id === id && state.scroll > 0) window.scrollTo(0, state.scroll);
  else saveState({ ...state, id, scroll: 0, draft: state.id === id ? state.draft : "" });
}
