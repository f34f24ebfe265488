/*
 * Makes elements. Texts are only ever set as text, and attributes only by the names below, so nothing that a report says
 * becomes markup, an address or a style.
 */

interface ElementOptions {
  class?: string;
  text?: string;
  id?: string;
  title?: string;
  role?: string;
  /** An http(s) address, or an anchor of the page. Others are left out. */
  href?: string;
  disabled?: boolean;
  tabIndex?: number;
  /** The number of the first item of an ordered list. */
  start?: number;
  /** By name, without "aria-". */
  aria?: Record<string, string>;
  onClick?: (event: MouseEvent) => void;
}

type Child = Node | string | null;

/** Makes an element with its children; null is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  if (options.id !== undefined) made.id = options.id;
  if (options.title !== undefined) made.title = options.title;
  if (options.role !== undefined) made.setAttribute("role", options.role);
  if (options.href !== undefined && /^(?:https?:\/\/|#)/.test(options.href))
    made.setAttribute("href", options.href);
  if (options.disabled === true) made.setAttribute("disabled", "");
  if (options.tabIndex !== undefined) made.tabIndex = options.tabIndex;
  if (options.start !== undefined) made.setAttribute("start", `${options.start}`);
  for (const [name, value] of Object.entries(options.aria ?? {})) made.setAttribute(`aria-${name}`, value);
  const { onClick } = options;
  if (onClick !== undefined) made.addEventListener("click", (event) => onClick(event as MouseEvent));
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** A button that does not submit anything. @param title what it does, for those who point at it */
export function button(
  text: string,
  onClick: () => void,
  className = "button",
  title?: string,
): HTMLButtonElement {
  const made = element("button", {
    class: className,
    text,
    onClick,
    ...(title === undefined ? {} : { title }),
  });
  made.type = "button";
  return made;
}

const shown = new WeakMap<Element, string[]>();

/**
 * Shows items as the children of an element. Children whose items are unchanged stay as they are, so the focus and what is
 * open in them stay, and nothing jumps.
 */
export function showItems<T>(parent: Element, items: readonly T[], make: (item: T) => Element): void {
  const before = shown.get(parent) ?? [];
  const now = items.map((item) => JSON.stringify(item));
  for (const [index, item] of items.entries()) {
    const old = parent.children[index];
    if (old === undefined) parent.append(make(item));
    else if (before[index] !== now[index]) old.replaceWith(make(item));
  }
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
  shown.set(parent, now);
}
