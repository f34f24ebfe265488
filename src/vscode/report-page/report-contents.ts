import type { ReportViewData } from "../report-view/page-messages.js";
import { element, showItems } from "./elements.js";
import { viewText } from "./host.js";
import { headingId, jumpLink } from "./report-text.js";

/* The contents of a report, which follow the scroll position. */

interface ContentsEntry {
  id: string;
  words: string;
  level: 2 | 3;
}

/** Pixels below the top of the window at which a section counts as the one that is read. */
const READING_LINE = 140;

export function showContents(list: HTMLElement, { blocks, sources }: ReportViewData): void {
  const entries: ContentsEntry[] = [
    { id: "summary", words: viewText("summary"), level: 2 },
    ...blocks.flatMap((block, index) =>
      block.kind === "heading" ? [{ id: headingId(index), words: block.text, level: block.level }] : [],
    ),
    ...(sources.length === 0 ? [] : [{ id: "sources", words: viewText("sources"), level: 2 as const }]),
  ];
  showItems(list, entries, ({ id, words, level }) =>
    element("li", { class: `level-${level}` }, jumpLink(id, words)),
  );
}

/** Marks the section that is read. */
export function followScroll(list: HTMLElement): void {
  const links = [...list.querySelectorAll("a")];
  const isAtEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
  const passed = links.filter((link) => {
    const target = document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    return target !== null && target.getBoundingClientRect().top <= READING_LINE;
  });
  const current = (isAtEnd && window.scrollY > 0 ? links.at(-1) : passed.at(-1)) ?? links[0];
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
