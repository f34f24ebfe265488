import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { elementsOf, HtmlElement, namesOf } from "./html-tree.js";

/*
 * Alternatives behind tabs: each panel begins with its tab's name, and the row of tabs goes. Without the name, the
 * command for one system would stand there as the one for all.
 */

/** Longer names are text. */
const MAX_NAME = 80;

/** Attributes by which a tab names its panel. */
const TARGETS = ["aria-controls", "data-bs-target", "data-target", "data-tab-target", "href"];
/** Boxes that hold a row of tabs and a panel for each. */
const BOX = /(?:^|[\s_-])(?:tabs?|tabbed|tab-?set|tab-?container|code-?group|code-?tabs?)(?:$|[\s_-])/i;
const PANELS =
  /(?:^|[\s_-])(?:tab-?(?:content|body|panels)|tabbed-content|blocks|content|inner)(?:$|[\s_-])/i;

/** The names of a row of tabs. */
interface TabRow {
  element: HtmlElement;
  names: string[];
  /** Number of panels that were found for it. */
  found: number;
}

/** Puts the names of tabs before what they show, in place. */
export function nameTabPanels(root: HtmlElement): void {
  const tabs: HtmlElement[] = [];
  const boxes: HtmlElement[] = [];
  for (const element of elementsOf(root)) {
    if (isTab(element)) tabs.push(element);
    else if (isNamedAfterTabs(element) && BOX.test(namesOf(element))) boxes.push(element);
  }
  const named = new Map<HtmlElement, string>();
  if (tabs.length > 0) nameByRole(root, tabs, named);
  for (const box of boxes) nameByPlace(box, named);
  for (const [panel, name] of named) addName(panel, name);
}

/** A quick look, for every element of a page. */
function isNamedAfterTabs({ attributes }: HtmlElement): boolean {
  return /tab|group/i.test(attributes["class"] ?? "") || /tab|group/i.test(attributes["id"] ?? "");
}

function isTab(element: HtmlElement): boolean {
  const { attributes, localName, parent } = element;
  if (attributes["role"] === "tab") return true;
  const toggle = attributes["data-bs-toggle"] ?? attributes["data-toggle"];
  if (toggle === "tab" || toggle === "pill") return true;
  // Antora's are the items of a list in a box.
  return localName === "li" && parent !== null && /(?:^|\s)tab-?list(?:\s|$)/i.test(classesAround(parent));
}

function classesAround({ attributes, parent }: HtmlElement): string {
  return `${attributes["class"] ?? ""} ${parent?.attributes["class"] ?? ""}`;
}

/** Panels that are called so, by the tab that they or it refers to, or by their order. */
function nameByRole(root: HtmlElement, tabs: HtmlElement[], named: Map<HtmlElement, string>): void {
  const rowOf = new Map<HtmlElement, TabRow>();
  const byId = new Map<string, HtmlElement>();
  const tabOf = new Map<string, HtmlElement>();
  for (const tab of tabs) {
    const list = listOf(tab);
    const row = rowOf.get(list) ?? { element: list, names: [], found: 0 };
    rowOf.set(list, row);
    row.names.push(nameOf(tab));
    rowOf.set(tab, row);
    const { id } = tab.attributes;
    if (id !== undefined) byId.set(id, tab);
    for (const attribute of TARGETS) {
      const target = /^#?([^\s#]+)$/.exec(tab.attributes[attribute] ?? "")?.[1];
      if (
        target !== undefined &&
        (attribute !== "href" || tab.attributes[attribute]?.startsWith("#") === true)
      )
        tabOf.set(target, tab);
    }
  }
  const open: TabRow[] = [];
  for (const element of elementsOf(root)) {
    const opened = rowOf.get(element);
    if (opened?.element === element) open.push(opened);
    const { id = "", ...attributes } = element.attributes;
    const label = attributes["aria-labelledby"] ?? attributes["aria-labelled-by"] ?? "";
    const tab = tabOf.get(id) ?? (isPanel(element) ? byId.get(label) : undefined);
    if (tab === element || (tab === undefined && !isPanel(element))) continue;
    while (open.length > 1 && (open.at(-1)?.found ?? 0) >= (open.at(-1)?.names.length ?? 0)) open.pop();
    const row = tab === undefined ? open.at(-1) : rowOf.get(tab);
    const name = tab === undefined ? row?.names[row.found] : nameOf(tab);
    if (row === undefined || name === undefined) continue;
    row.found++;
    named.set(element, name);
  }
  for (const row of rowOf.values()) if (row.found > 0) row.element.childNodes = [];
}

function isPanel({ attributes }: HtmlElement): boolean {
  return attributes["role"] === "tabpanel" || /(?:^|\s)tab-?panel(?:\s|$)/i.test(attributes["class"] ?? "");
}

/** The row that a tab stands in: the element that is called so, or the list around it. */
function listOf(tab: HtmlElement): HtmlElement {
  let at = tab.parent;
  for (let steps = 0; steps < 4 && at !== null; steps++, at = at.parent)
    if (at.attributes["role"] === "tablist") return at;
  const { parent } = tab;
  if (parent === null) return tab;
  return parent.localName === "li" && parent.parent !== null ? parent.parent : parent;
}

/** Panels without roles: one after each label, or as many in a box as labels in the box before it. */
function nameByPlace(box: HtmlElement, named: Map<HtmlElement, string>): void {
  const children = childElements(box).filter(({ localName }) => localName !== "input");
  for (const [at, child] of children.entries()) {
    const next = children[at + 1];
    if (next === undefined || named.has(next)) continue;
    if (child.localName === "label" && next.localName === "div") {
      named.set(next, nameOf(child));
      child.childNodes = [];
      continue;
    }
    const labels = labelsIn(child);
    const panels = PANELS.test(namesOf(next)) ? childElements(next) : [];
    if (labels.length === 0 || panels.length !== labels.length || panels.some((each) => named.has(each)))
      continue;
    panels.forEach((panel, index) => named.set(panel, labels[index] ?? ""));
    child.childNodes = [];
  }
}

/** The names in a row of tabs that holds nothing else; none for another element. */
function labelsIn(row: HtmlElement): string[] {
  const names: string[] = [];
  for (const child of childElements(row)) {
    if (child.localName === "input") continue;
    if (!/^(?:label|button|li|a)$/.test(child.localName)) return [];
    const name = nameOf(child);
    if (name === "" || name.length > MAX_NAME) return [];
    names.push(name);
  }
  return names;
}

function childElements(parent: HtmlElement): HtmlElement[] {
  return parent.childNodes.filter((child): child is HtmlElement => child.nodeType === 1);
}

function nameOf(tab: HtmlElement): string {
  return collapseWhitespace(tab.textContent);
}

/** Puts a name at the beginning of a panel, or before code that is one. */
function addName(panel: HtmlElement, name: string): void {
  const { line, parent } = panel;
  if (name === "" || name.length > MAX_NAME || panel.textContent.trim() === "") return;
  const isCode = panel.localName === "pre" || panel.localName === "code";
  const holder = isCode ? parent : panel;
  if (holder === null) return;
  const label = new HtmlElement("p", {}, holder, line);
  label.childNodes.push({ nodeType: 3, nodeValue: /[:?!：]$/.test(name) ? name : `${name}:`, line });
  const at = isCode ? holder.childNodes.indexOf(panel) : 0;
  holder.childNodes.splice(at, 0, label);
}
