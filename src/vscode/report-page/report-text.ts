import type { BlockData, SentenceData, SourceData, TextPiece } from "../report-view/page-messages.js";
import { citationChip, jumpTo, stateSign } from "./citation-card.js";
import { appendCode } from "./code-colours.js";
import { button, element } from "./elements.js";
import { makeFactLine } from "./fact-line.js";
import { postToHost, viewText } from "./host.js";

/* The blocks, sentences and sources of a report. */

/** The id of a heading, by its place among the blocks. */
export function headingId(index: number): string {
  return `section-${index}`;
}

export function makeBlock({ block, index }: { block: BlockData; index: number }): HTMLElement {
  switch (block.kind) {
    case "heading":
      return element(block.level === 2 ? "h2" : "h3", {
        id: headingId(index),
        text: block.text,
        tabIndex: -1,
      });
    case "paragraph":
      return element(
        "p",
        { class: block.isItem ? "item" : "" },
        ...joined(block.sentences.map(makeSentence)),
      );
    case "code":
      return element("figure", {}, makeCode(block.text, block.language), caption(block.sentence));
    case "quote":
      return element("figure", {}, element("blockquote", { text: block.text }), caption(block.sentence));
    case "list":
      return element("figure", {}, makeList(block), caption(block.sentence));
    case "table":
      return element("figure", {}, makeTable(block), caption(block.sentence));
    case "links":
      return element(
        "p",
        {},
        `${block.name}: `,
        ...joined(block.links.map(({ title, url }) => element("a", { text: title, href: url }))),
      );
  }
}

function joined(parts: HTMLElement[]): (Node | string)[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [" ", part]));
}

function makeCode(code: string, language: string): HTMLElement {
  const pre = element("pre", { tabIndex: 0, role: "region", aria: { label: language || "text" } });
  const inner = element("code");
  appendCode(inner, code);
  pre.append(inner);
  return pre;
}

function caption(sentence: SentenceData | null): HTMLElement | null {
  return sentence === null ? null : element("figcaption", {}, makeSentence(sentence));
}

/** A list with the text that leads to it. */
function makeList({ lead, items }: Extract<BlockData, { kind: "list" }>): HTMLElement {
  const made = element("div", { class: "list" });
  if (lead.length > 0) made.append(element("p", {}, ...makePieces(lead)));
  // The list of each depth, and its last item, which holds the next list.
  const open: { list: HTMLElement; item: HTMLElement }[] = [];
  for (const { depth, number, pieces } of items) {
    open.length = Math.min(open.length, depth + 1);
    const item = element("li", {}, ...makePieces(pieces));
    const own = open[depth];
    if (own === undefined) {
      const list =
        number === "" ? element("ul", {}, item) : element("ol", { start: Number.parseInt(number, 10) }, item);
      (open.at(-1)?.item ?? made).append(list);
      open.push({ list, item });
    } else {
      own.list.append(item);
      own.item = item;
    }
  }
  return made;
}

function makeTable({ head, rows }: Extract<BlockData, { kind: "table" }>): HTMLElement {
  const table = element("table");
  if (head.some((cell) => cell.length > 0)) {
    const cells = head.map((cell) => {
      const made = element("th", {}, ...makePieces(cell));
      made.scope = "col";
      return made;
    });
    table.append(element("thead", {}, element("tr", {}, ...cells)));
  }
  const body = element("tbody");
  for (const { cells, sentence } of rows) {
    const row = element("tr", {}, ...cells.map((cell) => element("td", {}, ...makePieces(cell))));
    if (sentence !== null) row.lastElementChild?.append(" ", makeSentence(sentence));
    body.append(row);
  }
  table.append(body);
  // Wide tables scroll by themselves, by keyboard as well.
  return element(
    "div",
    { class: "table", tabIndex: 0, role: "region", aria: { label: viewText("table") } },
    table,
  );
}

function makePieces(pieces: TextPiece[]): (Node | string)[] {
  return pieces.map((piece) => (piece.isCode ? element("code", { text: piece.text }) : piece.text));
}

/** Longer words may be parted from their chip, in characters. */
const LONGEST_LAST_WORD = 24;

function makeSentence(sentence: SentenceData): HTMLElement {
  const { key, pieces, citations, verdict, attention } = sentence;
  const needsAttention = attention.length > 0;
  // That a source has changed is no fault of the sentence.
  const isWrong = citations.some(({ state }) => state !== "supported" && state !== "changed");
  const names = ["sentence", ...(needsAttention ? ["attention"] : []), ...(isWrong ? ["wrong"] : [])];
  const made = element("span", { class: names.join(" "), id: `sentence-${key}`, tabIndex: -1 });
  const [first, ...others] = citations.map(citationChip);
  if (first === undefined) made.append(makeWords(pieces));
  else {
    const [begin, last] = splitLastWord(pieces);
    const together = element("span", { class: "together" }, makeWords(last), "\u00a0", first);
    made.append(makeWords(begin), together, ...others);
  }
  if (verdict !== null || needsAttention) made.append(" ", makeNote(sentence));
  return made;
}

function makeWords(pieces: TextPiece[]): HTMLElement {
  return element("span", { class: "words" }, ...makePieces(pieces));
}

/** Parts the last word from a sentence; it is empty where it is long or code. */
function splitLastWord(pieces: TextPiece[]): [TextPiece[], TextPiece[]] {
  const last = pieces.at(-1);
  if (last === undefined || last.isCode) return [pieces, []];
  const at = last.text.trimEnd().lastIndexOf(" ") + 1;
  if (last.text.length - at > LONGEST_LAST_WORD) return [pieces, []];
  const begin = { ...last, text: last.text.slice(0, at) };
  return [[...pieces.slice(0, -1), begin], [{ ...last, text: last.text.slice(at) }]];
}

/** Says in words what is wrong with a sentence, and leads to its repair. */
function makeNote({ key, verdict, attention }: SentenceData): HTMLElement {
  const reasons = [...new Set([verdict?.reason ?? "", ...attention])].filter((reason) => reason !== "");
  const note = element("span", { class: `note note-${verdict?.state ?? "edited"}` });
  if (verdict !== null)
    note.append(stateSign(verdict.state), ` ${verdict.word}`, reasons.length > 0 ? ": " : "");
  note.append(reasons.map(endSentence).join(" "));
  if (attention.length > 0)
    note.append(
      " ",
      button(viewText("fix"), () => postToHost({ type: "edit", key }), "link"),
    );
  return note;
}

function endSentence(words: string): string {
  return /[.!?…]["”“»«’]?$/.test(words) ? words : `${words}.`;
}

/** An entry in the list of sources. */
export function makeSource(source: SourceData): HTMLElement {
  const { number, title, place, kind, readOn, quotes } = source;
  return element(
    "li",
    { class: "source", id: `source-${number}`, tabIndex: -1 },
    element(
      "div",
      { class: "source-head" },
      element("span", { class: "source-number", text: `${number}`, aria: { hidden: "true" } }),
      element("h3", { text: title }),
    ),
    makeFactLine([place, kind, readOn], "quiet"),
    sourceActions(source),
    makeBackLinks(source),
    element(
      "details",
      {},
      element("summary", { text: viewText("details") }),
      source.sha256 === ""
        ? null
        : element("p", { class: "hash quiet", text: `${viewText("sha256")} ${source.sha256}` }),
      element(
        "ol",
        { aria: { label: viewText("quotes") } },
        ...quotes.map((quote) => element("li", { text: quote })),
      ),
    ),
  );
}

function sourceActions({ number, quotes, hasFile, hasSnapshot, page }: SourceData): HTMLElement {
  const actions = element("p", { class: "source-actions" });
  const n = quotes.length === 0 ? `${number}` : `${number}.1`;
  if (hasFile)
    actions.append(
      button(viewText("open"), () => postToHost({ type: "open", n, at: "source" }), "button quietly small"),
    );
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
  return actions;
}

/** Links back to the sentences that cite the source. */
function makeBackLinks({ citedBy }: SourceData): HTMLElement {
  if (citedBy.length === 0) return element("p", { class: "quiet", text: viewText("notCited") });
  const links = citedBy.map(({ key, text: sentence }) =>
    element("li", {}, jumpLink(`sentence-${key}`, sentence === "" ? `${key + 1}` : sentence)),
  );
  return element(
    "details",
    {},
    element("summary", { text: viewText("citedBy", citedBy.length) }),
    element("ul", {}, ...links),
  );
}

/** A link to a place in the page. */
export function jumpLink(id: string, words: string): HTMLAnchorElement {
  return element("a", {
    href: `#${id}`,
    text: words,
    onClick: (event) => {
      event.preventDefault();
      jumpTo(id);
    },
  });
}
