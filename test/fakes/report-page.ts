import { readFileSync } from "node:fs";
import vm from "node:vm";
import { parseHTML } from "linkedom";
import {
  ViewTextNames,
  type HostMessage,
  type PageMessage,
} from "../../src/vscode/report-view/page-messages.js";

/* The page of the report view, with its real script, in a document without a window. */

/** What is needed of linkedom's elements; the DOM's own types belong to browsers. */
interface PageElement {
  localName: string;
  textContent: string;
  value: string;
  hidden?: boolean;
  readOnly?: boolean;
  children: Iterable<PageElement> & { length: number };
  attributes: Iterable<{ name: string; value: string }>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement> & { length: number };
}

export interface FakePage {
  document: PageElement;
  click(selector: string): void;
  /** Sends a message as the host does. */
  send(message: HostMessage | { type: string }): void;
  /** What the page sent. */
  sent: PageMessage[];
  /** What the page keeps. */
  state: () => unknown;
}

interface LinkedomWindow {
  window: {
    HTMLElement: { prototype: Record<string, unknown> };
    Event: new (type: string, options: { bubbles: boolean }) => unknown;
  };
  document: PageElement;
}

const SCRIPT = readFileSync("dist/vscode/report-page.js", "utf8");

/** Each text is its own name, with its values. */
const TEXTS = Object.fromEntries(ViewTextNames.map((name) => [name, `${name} {0}`.trim()]));

export function openFakePage(kept?: unknown): FakePage {
  const { window, document } = parseHTML(
    '<!DOCTYPE html><html><body><div id="view"></div><div id="announcement" role="status"></div></body></html>',
  ) as unknown as LinkedomWindow;
  const listeners = new Map<string, ((event: unknown) => void)[]>();
  const sent: PageMessage[] = [];
  let state = kept;
  // What a document without layout does not have.
  const { prototype } = window.HTMLElement;
  prototype["scrollIntoView"] = () => undefined;
  prototype["getBoundingClientRect"] = () => ({ top: 0, bottom: 0, left: 0, right: 0, width: 0, height: 0 });
  const view = {
    document,
    innerWidth: 1000,
    innerHeight: 800,
    scrollY: 0,
    scrollTo: () => undefined,
    addEventListener: (type: string, listen: (event: unknown) => void) =>
      listeners.set(type, [...(listeners.get(type) ?? []), listen]),
  };
  vm.runInNewContext(SCRIPT, {
    ...view,
    window: view,
    URL,
    setTimeout,
    clearTimeout,
    requestAnimationFrame: (run: () => void) => setTimeout(run, 0),
    acquireVsCodeApi: () => ({
      // Copied, as on the way to the host.
      postMessage: (message: PageMessage) => sent.push(structuredClone(message)),
      getState: () => state,
      setState: (next: unknown) => (state = next),
    }),
  });
  const send = (data: unknown): void => listeners.get("message")?.forEach((listen) => listen({ data }));
  send({ type: "texts", texts: TEXTS });
  const click = (selector: string): void => {
    const found = document.querySelector(selector) as unknown as { dispatchEvent?: (event: unknown) => void };
    if (found.dispatchEvent === undefined) throw new Error(`There is no ${selector}.`);
    found.dispatchEvent(new window.Event("click", { bubbles: true }));
  };
  return { document, click, send, sent, state: () => state };
}
