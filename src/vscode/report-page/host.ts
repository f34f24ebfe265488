import * as z from "zod/mini";
import {
  HostMessage,
  type PageMessage,
  type TextName,
  type ViewTexts,
} from "../report-view/page-messages.js";

/* The page's connection to the extension host. */

interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: PageState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** What is kept while the page is hidden, and after the window is reloaded. */
export interface PageState {
  /** The report that it belongs to. */
  id: string;
  scroll: number;
  /** The follow-up question that was being typed. */
  draft: string;
}

// The policy of the page forbids code that is made from text.
z.config({ jitless: true });

const api = acquireVsCodeApi();
let texts: Partial<ViewTexts> = {};

export function postToHost(message: PageMessage): void {
  api.postMessage(message);
}

/** A text of the page, with {0}, {1} … replaced. */
export function viewText(name: TextName, ...values: (string | number)[]): string {
  return (texts[name] ?? "").replace(/\{(\d)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );
}

export function loadState(): PageState {
  const kept = api.getState();
  const state =
    typeof kept === "object" && kept !== null ? (kept as Partial<Record<keyof PageState, unknown>>) : {};
  return {
    id: typeof state.id === "string" ? state.id : "",
    scroll: typeof state.scroll === "number" ? state.scroll : 0,
    draft: typeof state.draft === "string" ? state.draft : "",
  };
}

export function saveState(state: PageState): void {
  api.setState(state);
}

/** Calls `show` with each message of the host. Messages of any other shape are ignored. */
export function listenToHost(show: (message: HostMessage) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = HostMessage.safeParse(event.data);
    if (!message.success) return;
    if (message.data.type === "texts") texts = message.data.texts;
    else show(message.data);
  });
}
