/*
 * What goes over the wire to Gemini, as the engine's own process sees it: Node tells of each request when it is sent.
 * Seen from here, "while a pause was running" is exact: a request counts from the moment it was sent, and a pause from the
 * moment the 429 had been read.
 */
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

export interface WireFigures {
  requests: number;
  /** Most requests at one time for one key and model. */
  most: number;
  /** Requests made while the delay of a 429 for their key and model was running. */
  inPause: number;
  /** What was asked and whose good answer was read to its end: at which of its requests that was first, from 1. */
  answered: Record<string, number>;
}

/** A 429 has been read when its last byte is there; the engine is given so long to hear of it, in milliseconds. */
const HEARD_WITHIN = 5;

interface Way {
  open: number;
  /** Pauses, from and until, on the clock of performance.now(). */
  pauses: { from: number; until: number }[];
}

/** Begins to watch; call it before the first request. */
export function watchWire(origin: string): () => WireFigures {
  const figures: WireFigures = { requests: 0, most: 0, inPause: 0, answered: {} };
  const ways = new Map<string, Way>();
  // Node documents the channel's name and message with its own HTTP client, not with a type.
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { request: ClientRequest };
    const model = /\/models\/([\w.-]+):generateContent/.exec(request.path)?.[1];
    if (`${request.protocol}//${String(request.getHeader("host"))}` !== origin || model === undefined) return;
    const name = `${String(request.getHeader("x-goog-api-key"))} ${model}`;
    const way = ways.get(name) ?? { open: 0, pauses: [] };
    ways.set(name, way);
    const now = performance.now();
    figures.requests++;
    figures.most = Math.max(figures.most, ++way.open);
    if (way.pauses.some(({ from, until }) => now > from + HEARD_WITHIN && now < until)) figures.inPause++;
    request.once("close", () => way.open--);
    request.once("response", (response: IncomingMessage) => {
      response.once("end", () => {
        const { statusCode, headers } = response;
        const from = performance.now();
        if (statusCode === 429) way.pauses.push({ from, until: from + Number(headers["x-delay-ms"]) });
        else countAnswer(String(headers["x-answer"] ?? ""), figures);
      });
    });
  });
  return () => ({ ...figures });
}

/** @param answer what was asked, and at which of its requests it was answered: "NAME/2"; empty for none */
function countAnswer(answer: string, { answered }: WireFigures): void {
  const [asked = "", at] = answer.split("/");
  if (asked !== "") answered[asked] ??= Number(at);
}
