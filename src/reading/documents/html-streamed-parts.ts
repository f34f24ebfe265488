import { elementsOf, MAX_ELEMENT_DEPTH, type HtmlElement } from "./html-tree.js";

/*
 * Pages that React streams: parts that were not ready come at the end, hidden, and a script puts each where a template
 * holds its place.
 */

/** Pages have a few; further ones are shown where they are. */
const MAX_PLACED = 64;
const PART = /^S:[\da-f]{1,8}$/;
const PLACE = /^[BP]:[\da-f]{1,8}$/;
const COMPLETION = /"([BPS]:[\da-f]{1,8})","([BPS]:[\da-f]{1,8})"/g;

/** Shows the parts of a page that came later, each in its place. */
export function placeStreamedParts(root: HtmlElement): void {
  const parts = new Map<string, HtmlElement>();
  const places = new Map<string, HtmlElement>();
  const placeOf = new Map<string, string>();
  for (const element of elementsOf(root)) {
    const { id } = element.attributes;
    if (id !== undefined && PART.test(id) && element.attributes["hidden"] !== undefined)
      parts.set(id, element);
    else if (id !== undefined && PLACE.test(id)) places.set(id, element);
    else if (element.localName === "script") readCompletions(element, placeOf);
  }
  let placed = 0;
  for (const [id, part] of parts) {
    delete part.attributes["hidden"];
    const number = id.slice(2);
    const place = places.get(placeOf.get(id) ?? "") ?? places.get(`P:${number}`) ?? places.get(`B:${number}`);
    if (place !== undefined && placed++ < MAX_PLACED) putInPlace(part, place);
  }
}

/** The places and parts that a script names, in either order. */
function readCompletions(script: HtmlElement, placeOf: Map<string, string>): void {
  const text = script.textContent;
  if (!text.includes("$R")) return;
  for (const [, first = "", second = ""] of text.matchAll(COMPLETION))
    if (PLACE.test(first)) placeOf.set(second, first);
    else placeOf.set(first, second);
}

/** Puts a part where a template is, unless it would be too deep or within itself. */
function putInPlace(part: HtmlElement, place: HtmlElement): void {
  const holder = place.parent;
  const index = holder?.childNodes.indexOf(place) ?? -1;
  if (holder === null || index < 0 || part.parent === null) return;
  let depth = 0;
  for (let at: HtmlElement | null = holder; at !== null; at = at.parent, depth++) if (at === part) return;
  if (depth + heightOf(part) > MAX_ELEMENT_DEPTH) return;
  part.parent.childNodes = part.parent.childNodes.filter((each) => each !== part);
  holder.childNodes[holder.childNodes.indexOf(place)] = part;
  part.parent = holder;
}

function heightOf(root: HtmlElement): number {
  let height = 0;
  for (let level = [root]; level.length > 0; height++)
    level = level.flatMap((each) =>
      each.childNodes.filter((child): child is HtmlElement => child.nodeType === 1),
    );
  return height;
}
