import { trimEndMatching } from "../../core/text/linear-search.js";
import { quoteToPlainText } from "./plain-text.js";
import type { QuotableUnit } from "./quotable-units.js";

/*
 * Tables of contents and navigation bars, which a page's text may hold without their links. They name every subject and say
 * nothing of any.
 */

/** A list of at least so many items may be a table of contents. */
const FEWEST_ITEMS = 4;
/** It is one if at least this share of them are headings of the source. */
const HEADINGS = 0.34;
const ITEM_MARK = /^\s{0,40}(?:[-*+•]|\d{1,3}[.)])\s/;

/** The units that are items of a table of contents, or of a bar that leads to other pages. */
export function findNavigationUnits(units: QuotableUnit[], headings: Iterable<string>): Set<QuotableUnit> {
  const known = new Set([...headings].map(titleOf));
  const found = new Set(units.filter(({ quote }) => isNavigationBar(quote)));
  let run: QuotableUnit[] = [];
  const close = (): void => {
    if (isContents(run.flatMap(itemsOf), known)) for (const unit of run) found.add(unit);
    run = [];
  };
  for (const unit of units) {
    if (unit.passage !== run.at(-1)?.passage) close();
    if (itemsOf(unit).length > 0) run.push(unit);
    else close();
  }
  close();
  return found;
}

function itemsOf({ quote, kind }: QuotableUnit): string[] {
  if (kind === "code" || kind === "table") return [];
  return quote.split("\n").flatMap((line) => (ITEM_MARK.test(line) ? line.replace(ITEM_MARK, "") : []));
}

function isContents(items: string[], headings: ReadonlySet<string>): boolean {
  if (items.length < FEWEST_ITEMS) return false;
  return items.filter((item) => headings.has(titleOf(item))).length / items.length >= HEADINGS;
}

/** A title without its number, as in "2.1. Options". */
function titleOf(text: string): string {
  const bare = quoteToPlainText(text).replace(/^(?:\d+\.)+\d*\s+/, "");
  return trimEndMatching(bare, /[.:\s]/).toLowerCase();
}

const WAYS =
  /^(?:<<|«|←)?\s*(?:prev(?:ious)?|next|up|home|top|contents|index|zurück|weiter|inhalt)\s*(?:>>|»|→)?$/i;

/** "<< 7. Helgrind | Up | Home | 9. Massif >>" */
function isNavigationBar(quote: string): boolean {
  if (quote.length > 300) return false;
  const cells = quote
    .split(/[|\n]/)
    .map((cell) => cell.trim())
    .filter((cell) => /[\p{L}<>«»←→]/u.test(cell));
  const leads = cells.filter((cell) => WAYS.test(cell) || /^(?:<<|«|←)\s|\s(?:>>|»|→)$/.test(cell)).length;
  return cells.length >= 2 && leads >= 2;
}
