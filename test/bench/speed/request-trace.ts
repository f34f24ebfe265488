/*
 * What goes over the wire to Gemini, as the engine's own process sees it: Node's fetch tells of each
 * request when it is made and when it is over. Seen from here, "while a pause was running" is exact: a
 * request counts from the moment it was made, and a pause from the moment the 429 had been read.
 */
import { subscribe } from "node:diagnostics_channel";

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

interface Request {
  origin: unknown;
  path: string;
  headers: string[];
}

interface Way {
  open: number;
  /** Pauses, from and until, on the clock of performance.now(). */
  pauses: { from: number; until: number }[];
}

/** Begins to watch; call it before the first request. */
export function watchWire(origin: string): () => WireFigures {
  const figures: WireFigures = { requests: 0, most: 0, inPause: 0, answered: {} };
  const ways = new Map<string, Way>();
  const open = new Map<Request, { way: Way; delay: number | null; answer: string | null }>();

  onRequest("create", ({ request }) => {
    const model = /\/models\/([\w.-]+):generateContent/.exec(request.path)?.[1];
    if (String(request.origin) !== origin || model === undefined) return;
    const at = request.headers.indexOf("x-goog-api-key");
    const name = `${request.headers[at + 1] ?? ""} ${model}`;
    const way = ways.get(name) ?? { open: 0, pauses: [] };
    ways.set(name, way);
    open.set(request, { way, delay: null, answer: null });
    const now = performance.now();
    figures.requests++;
    figures.most = Math.max(figures.most, ++way.open);
    if (way.pauses.some(({ from, until }) => now > from + HEARD_WITHIN && now < until)) figures.inPause++;
  });
  onRequest("headers", ({ request, response }) => {
    const seen = open.get(request);
    if (seen === undefined || response === undefined) return;
    const { statusCode, headers } = response;
    if (statusCode === 429) seen.delay = Number(valueOf(headers, "x-delay-ms"));
    else seen.answer = valueOf(headers, "x-answer");
  });
  const over = ({ request }: RequestMessage): void => {
    const seen = open.get(request);
    if (seen === undefined) return;
    open.delete(request);
    seen.way.open--;
    const now = performance.now();
    if (seen.delay !== null) seen.way.pauses.push({ from: now, until: now + seen.delay });
  };
  onRequest("trailers", (told) => {
    const [asked, at] = open.get(told.request)?.answer?.split("/") ?? [];
    if (asked !== undefined) figures.answered[asked] ??= Number(at);
    over(told);
  });
  onRequest("error", over);
  return () => ({ ...figures });
}

interface RequestMessage {
  request: Request;
  response?: { statusCode: number; headers: (Buffer | string)[] };
}

function valueOf(headers: (Buffer | string)[], name: string): string | null {
  const at = headers.findIndex((header) => String(header).toLowerCase() === name);
  return at < 0 ? null : String(headers[at + 1]);
}

function onRequest(
  what: "create" | "headers" | "trailers" | "error",
  listen: (told: RequestMessage) => void,
): void {
  // Node documents the channels' names and messages with fetch's implementation, not with a type.
  subscribe(`undici:request:${what}`, (message) => listen(message as RequestMessage));
}
