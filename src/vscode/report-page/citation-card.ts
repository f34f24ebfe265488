import type { CitationData, CitationState } from "../report-view/page-messages.js";
import { button, element } from "./elements.js";
import { postToHost, viewText } from "./host.js";

/*
 * Citations as chips, and the card with the quote that a chip shows while it has the pointer or the focus. The card
 * follows its chip in the document, so that Tab leads from one to the other.
 */

/** A shape for each state: colours alone are not enough. */
const SIGNS: Record<CitationState, string> = {
  pending: "…",
  supported: "✓",
  qualified: "≈",
  "not-checked": "?",
  unsupported: "∅",
  contradicted: "≠",
  broken: "✕",
  edited: "!",
  changed: "△",
};

/** Milliseconds before a card is shown and hidden, so that a pointer that passes by does nothing. */
const SHOW_AFTER = 150;
const HIDE_AFTER = 250;
/** Pixels between a card and the edges of the window. */
const MARGIN = 8;

let open: { chip: HTMLElement; card: HTMLElement } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** A sign with its state, for sentences and sources. */
export function stateSign(state: CitationState): HTMLElement {
  return element("span", { class: `sign sign-${state}`, text: SIGNS[state], aria: { hidden: "true" } });
}

/** The chip of a citation. A click opens its source. */
export function citationChip(citation: CitationData): HTMLElement {
  const { n, state, word, title, problem } = citation;
  const label = [`${viewText("citation")} ${n}`, word, problem, title]
    .filter((part) => part !== "")
    .join(", ");
  const chip = element(
    "button",
    { class: `chip chip-${state}`, aria: { label }, onClick: () => openSource(citation) },
    stateSign(state),
    n,
  );
  chip.type = "button";
  chip.addEventListener("mouseenter", () => later(SHOW_AFTER, () => showCard(chip, citation)));
  chip.addEventListener("mouseleave", () => later(HIDE_AFTER, hideCard));
  chip.addEventListener("focus", () => {
    // A click focuses as well, and opens the source: no card then.
    if (chip.matches(":focus-visible")) later(0, () => showCard(chip, citation));
  });
  chip.addEventListener("blur", hideIfLeft);
  return chip;
}

function openSource({ n, hasFile, hasSnapshot }: CitationData): void {
  hideCard();
  if (hasFile || hasSnapshot) postToHost({ type: "open", n, at: "source" });
  else jumpTo(sourceId(n));
}

function sourceId(n: string): string {
  return `source-${n.split(".")[0] ?? ""}`;
}

function later(milliseconds: number, run: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(run, milliseconds);
}

function showCard(chip: HTMLElement, citation: CitationData): void {
  if (open?.chip === chip || !chip.isConnected) return;
  hideCard();
  const card = makeCard(citation);
  card.addEventListener("mouseenter", () => clearTimeout(timer));
  card.addEventListener("mouseleave", () => later(HIDE_AFTER, hideCard));
  card.addEventListener("focusout", hideIfLeft);
  chip.after(card);
  open = { chip, card };
  placeCard();
}

export function hideCard(): void {
  clearTimeout(timer);
  const closed = open;
  open = null;
  closed?.card.remove();
}

/** Hides the card once neither it nor its chip has the focus. */
function hideIfLeft(): void {
  later(HIDE_AFTER, () => {
    if (open === null) return;
    const { activeElement } = document;
    const isWithin = open.chip === activeElement || open.card.contains(activeElement);
    if (!isWithin && !open.card.matches(":hover") && !open.chip.matches(":hover")) hideCard();
  });
}

/** Escape closes the card and returns to its chip. */
export function closeCardByKey(event: KeyboardEvent): void {
  if (event.key !== "Escape" || open === null) return;
  const { chip, card } = open;
  if (card.contains(document.activeElement)) chip.focus();
  hideCard();
}

/** Puts the card below its chip, or above it where there is no room. */
export function placeCard(): void {
  if (open === null) return;
  const { chip, card } = open;
  const at = chip.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(at.left, window.innerWidth - width - MARGIN));
  const hasRoom = at.bottom + height + MARGIN <= window.innerHeight || at.top < height + MARGIN;
  const top = hasRoom ? at.bottom + 4 : at.top - height - 4;
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}

function makeCard(citation: CitationData): HTMLElement {
  const { n, state, word, problem, quote, title, place, readOn } = citation;
  return element(
    "span",
    { class: "card", role: "group", aria: { label: `${viewText("citation")} ${n}` } },
    element("span", { class: `card-state card-${state}` }, stateSign(state), `${n} · ${word}`),
    problem === "" ? null : element("span", { class: "card-problem", text: problem }),
    quote === null
      ? null
      : element(
          "span",
          { class: "card-quote" },
          element("span", { class: "quiet", text: quote.before }),
          element("mark", { text: quote.text }),
          element("span", { class: "quiet", text: quote.after }),
        ),
    element(
      "span",
      { class: "card-source" },
      element("strong", { text: title }),
      element("span", { class: "quiet", text: [place, readOn].filter((part) => part !== "").join(" · ") }),
    ),
    cardActions(citation),
  );
}

function cardActions(citation: CitationData): HTMLElement {
  const { n, hasFile, hasSnapshot, page } = citation;
  const actions = element("span", { class: "card-actions" });
  if (hasFile) actions.append(button(viewText("open"), () => openSource(citation), "button small"));
  if (hasSnapshot)
    actions.append(
      button(
        viewText("snapshot"),
        () => postToHost({ type: "open", n, at: "snapshot" }),
        "button quietly small",
      ),
    );
  if (page !== null)
    actions.append(element("a", { class: "button quietly small", text: viewText("openPage"), href: page }));
  actions.append(button(viewText("sourceEntry"), () => jumpTo(sourceId(n)), "button quietly small"));
  return actions;
}

/** Scrolls to an element of the page and gives it the focus, since the user asked for it. */
export function jumpTo(id: string): void {
  hideCard();
  const target = document.getElementById(id);
  if (target === null) return;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}
