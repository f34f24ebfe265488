import type { Token } from "markdown-it";
import type { l10n as window } from "vscode";
import { tokensToText } from "./sanitize-tokens.js";

/*
 * Shows citations as small chips with their verdict. The report states the verdict in words, in italics after a
 * line's citations; the chip repeats it by colour, shape and a sign (media/preview.css), and contains the
 * quote.
 */

/** `missing`: the report has no such source or quote. */
type State = "supported" | "qualified" | "not-checked" | "unsupported" | "contradicted" | "missing";

interface Source {
  title: string;
  grounded: boolean;
  quotes: string[];
}

/**
 * The localizer: `vscode.l10n` in the window. It is passed in, so that this module does not depend on VS Code.
 */
export type PreviewLocalizer = Pick<typeof window, "t">;

/** The relevant items of a line. */
type Item = Citation | Mark;

interface Citation {
  kind: "citation";
  link: Token;
  /** The first token in the link, which gets the number. */
  text: Token;
  source: number;
  quote: number | null;
}

/** The text in italics after the citations: the result of the check, if it was not a plain yes. */
interface Mark {
  kind: "mark";
  emphasis: Token;
  state: State;
  reason: string;
}

const MARK = /^\((qualified|not checked|unsupported|contradicted)(?:: ([^]*))?\)$/;
const GROUNDED = "Found with Google Search, not re-checkable:";
const LONGEST_QUOTE = 600;
/** Maximum number of tokens in a citation or a mark. */
const MOST_INSIDE = 200;

/**
 * Turns the citations before the list of sources into chips.
 * @param tokens our own sanitized tokens; they are changed
 * @param l10n translates the chip's texts
 */
export function addCitationChips(tokens: Token[], l10n: PreviewLocalizer): void {
  const sourcesAt = findSources(tokens);
  const sources = readSources(tokens.slice(sourcesAt));
  let line: Item[] = [];
  const endLine = (): void => {
    decorate(line, sources, l10n);
    line = [];
  };
  let inRow = false;
  for (const token of tokens.slice(0, sourcesAt)) {
    if (token.type === "tr_open") inRow = true;
    if (token.type === "tr_close") inRow = false;
    for (const item of readItems(token.children ?? [])) {
      if (item === "break") endLine();
      else line.push(item);
    }
    // The cells of a table row belong to one line.
    if (!inRow) endLine();
  }
  endLine();
}

function* readItems(inline: Token[]): Generator<Item | "break"> {
  for (const [at, token] of inline.entries()) {
    if (token.type === "softbreak" || token.type === "hardbreak") yield "break";
    const item =
      token.type === "link_open"
        ? citationAt(inline, at)
        : token.type === "em_open"
          ? markAt(inline, at)
          : null;
    if (item !== null) yield item;
  }
}

function citationAt(inline: Token[], at: number): Item | null {
  const link = inline[at];
  const inner = tokensInside(inline, at);
  const text = inner[0];
  const [, target] = /^#source-(\d{1,6})$/.exec(linkTarget(link)) ?? [];
  const [, source, quote] = /^\[(\d{1,6})(?:\.(\d{1,6}))?\]$/.exec(tokensToText(inner)) ?? [];
  if (link === undefined || text === undefined || source === undefined || source !== target) return null;
  if (inner.some(({ type }) => type !== "text")) return null;
  // The first text token gets the number; the others become empty.
  for (const rest of inner.slice(1)) rest.content = "";
  return {
    kind: "citation",
    link,
    text,
    source: Number(source),
    quote: quote === undefined ? null : Number(quote),
  };
}

function markAt(inline: Token[], at: number): Item | null {
  const emphasis = inline[at];
  const [, words, reason = ""] = MARK.exec(tokensToText(tokensInside(inline, at))) ?? [];
  if (emphasis === undefined || words === undefined) return null;
  return { kind: "mark", emphasis, state: words.replace(" ", "-") as State, reason: reason.trim() };
}

/** The tokens between an opening and its closing token; only the first ones if there are very many. */
function tokensInside(inline: Token[], at: number): Token[] {
  const close = inline[at]?.type.replace("_open", "_close");
  let end = at + 1;
  while (end < inline.length && end - at <= MOST_INSIDE && inline[end]?.type !== close) end++;
  return inline.slice(at + 1, end);
}

function decorate(line: Item[], sources: Map<number, Source>, l10n: PreviewLocalizer): void {
  // A mark follows the citations that it is about; citations without a mark after them use the line's last
  // mark.
  let mark = line.findLast((item) => item.kind === "mark");
  for (const item of line.toReversed()) {
    if (item.kind === "citation") makeChip(item, mark, sources.get(item.source), l10n);
    else {
      mark = item;
      item.emphasis.attrs = [["class", `deep-research-mark deep-research-${item.state}`]];
    }
  }
}

function makeChip(
  { link, text, source: s, quote: q }: Citation,
  mark: Mark | undefined,
  source: Source | undefined,
  l10n: PreviewLocalizer,
): void {
  const number = q === null ? `${s}` : `${s}.${q}`;
  const quote = q === null ? "" : source?.quotes[q - 1];
  const isMissing = source === undefined || quote === undefined;
  const state: State = isMissing ? "missing" : (mark?.state ?? "supported");
  const reason = isMissing
    ? source === undefined
      ? l10n.t("the report has no source {0}", s)
      : l10n.t("the report has no quote {0}", number)
    : (mark?.reason ?? "");
  const verdict = [stateWord(state, l10n), reason].filter((part) => part !== "").join(": ");
  const title = source?.title ?? "";
  text.content = number;
  link.attrs = [
    ...(link.attrs ?? []).filter(([name]) => name === "href" || name === "data-href"),
    ["class", `deep-research-chip deep-research-${state}`],
    [
      "title",
      [
        ...(quote ? [`“${shortened(quote.replace(/^["“]([^]*)["”]$/, "$1"))}”`] : []),
        ...(title === "" ? [] : [`— ${title}`]),
        ...(source?.grounded === true ? [l10n.t("Found with Google Search, not re-checkable")] : []),
        verdict.charAt(0).toUpperCase() + verdict.slice(1),
      ].join("\n"),
    ],
    ["aria-label", [l10n.t("Citation {0}", number), verdict, title].filter((part) => part !== "").join(", ")],
  ];
}

function stateWord(state: State, l10n: PreviewLocalizer): string {
  switch (state) {
    case "supported":
      // The preview checks nothing: the report view shows the last check.
      return l10n.t("supported when it was written");
    case "qualified":
      return l10n.t("qualified");
    case "not-checked":
      return l10n.t("not checked");
    case "unsupported":
      return l10n.t("unsupported");
    case "contradicted":
      return l10n.t("contradicted");
    case "missing":
      return l10n.t("missing");
  }
}

function shortened(quote: string): string {
  return quote.length <= LONGEST_QUOTE ? quote : `${quote.slice(0, LONGEST_QUOTE).trimEnd()}…`;
}

/** The index of the list of sources; the number of tokens if there is none. */
function findSources(tokens: Token[]): number {
  const at = tokens.findLastIndex((token, index) => {
    const heading = tokens[index + 1];
    return (
      token.type === "heading_open" &&
      token.tag === "h2" &&
      tokensToText(heading?.children ?? []) === "Sources"
    );
  });
  return at < 0 ? tokens.length : at;
}

function readSources(tokens: Token[]): Map<number, Source> {
  const sources = new Map<number, Source>();
  let current: Source | undefined;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    const inline = token.children ?? [];
    if (token.type === "ordered_list_open") depth++;
    else if (token.type === "ordered_list_close") depth--;
    else if (token.type === "list_item_open" && depth === 1) current?.quotes.push("");
    else if (token.type === "inline" && tokens[at - 1]?.type === "heading_open") {
      const [, number] = /^Source (\d{1,6})$/.exec(tokensToText(inline)) ?? [];
      if (number === undefined) continue;
      current = { title: "", grounded: false, quotes: [] };
      sources.set(Number(number), current);
    } else if (token.type === "inline" && current !== undefined) {
      const words = tokensToText(inline);
      if (depth > 0) current.quotes.push(`${current.quotes.pop() ?? ""}${words}`);
      else if (current.title === "") {
        const link = inline.findIndex(({ type }) => type === "link_open");
        current.title =
          link < 0
            ? shortened(words.split(", read on ", 1).join(""))
            : tokensToText(tokensInside(inline, link));
        current.grounded = words.startsWith(GROUNDED);
      }
    }
  }
  return sources;
}

function linkTarget(link: Token | undefined): string {
  return String(link?.attrs?.find(([name]) => name === "href")?.[1] ?? "");
}
