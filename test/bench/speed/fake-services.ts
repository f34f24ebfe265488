/*
 * One stand-in with latency, in a process of its own, so that neither its work nor its waiting counts
 * as the engine's: the model (Gemini's API), the search (SearXNG's JSON API) or the pages. Forked by
 * processes.ts, which hands in the settings as the first message and may ask for the figures later.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { roleOf, type GenerateRequest, type Role } from "../../fakes/gemini.js";
import { answerTo, textAnswer, outputTokensOf, tokensOf, type Amounts } from "./fake-answers.js";
import { articleOf, hostAt, htmlOf, seeded } from "./synthetic-web.js";

export type StandInSettings = {
  /** Waited before each answer, in milliseconds. */
  latency: number;
  /** The share of requests that a fault is answered to, from 0 to 1, and what decides which. */
  faults: { share: number; seed: string } | null;
} & (
  | { part: "model"; amounts: Amounts }
  | { part: "search"; hits: number; pagesPort: number }
  | { part: "pages"; characters: number }
);

export interface StandInFigures {
  requests: number;
  /** Requests by what they ask for: a task of the model's, "search", "page", "robots.txt". */
  by: Record<string, number>;
  /** Answers that are faults, by kind. */
  faults: Record<string, number>;
  /** How often each request came to the model, by what it asks. */
  times: Record<string, number>;
  /** Requests that no task of ours sends; there should be none. */
  strange: number;
}

const FAULTS = ["429", "503", "cut", "bad", "hang"] as const;
type Fault = (typeof FAULTS)[number];

const figures: StandInFigures = { requests: 0, by: {}, faults: {}, times: {}, strange: 0 };

/** Which fault a request meets: by what it asks and how often it came, not by when. */
function faultFor(settings: StandInSettings, identity: string): Fault | null {
  count(figures.times, identity);
  const times = figures.times[identity] ?? 1;
  const random = seeded(`${settings.faults?.seed ?? ""} ${settings.part} ${identity} ${times}`);
  if (settings.faults === null || random() >= settings.faults.share) return null;
  // Only the model's requests have a limit of time that can be set: elsewhere nothing hangs.
  const kinds = settings.part === "model" ? FAULTS : FAULTS.slice(0, -1);
  const fault = kinds[Math.floor(random() * kinds.length)] ?? "503";
  count(figures.faults, fault);
  return fault;
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function fail(response: ServerResponse, fault: Exclude<Fault, "bad">, identity: string): void {
  if (fault === "hang") return;
  if (fault === "cut") return void response.socket?.destroy();
  if (fault === "503") {
    const error = { code: 503, status: "UNAVAILABLE", message: "The model is overloaded.", details: [] };
    json(response, 503, { error });
    return;
  }
  const delay = Math.round(seeded(`delay ${identity}`)() * 1000);
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${delay / 1000}s` };
  const error = { code: 429, status: "RESOURCE_EXHAUSTED", message: "Too many requests.", details: [retry] };
  // The first header is for pages and the search, the second for who watches the engine keep to it.
  const headers = { "retry-after": String(Math.round(delay / 1000)), "x-delay-ms": String(delay) };
  json(response, 429, { error }, headers);
}

function json(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

type Answering = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

function model(settings: StandInSettings & { part: "model" }): Answering {
  return async (request, response, url) => {
    const name = /\/models\/([\w.-]+):generateContent$/.exec(url.pathname)?.[1];
    if (name === undefined) {
      figures.strange++;
      json(response, 404, { error: { code: 404, status: "NOT_FOUND", message: url.pathname } });
      return;
    }
    const text = await bodyOf(request);
    const body = JSON.parse(text) as GenerateRequest;
    let role: Role;
    try {
      role = roleOf(body);
    } catch {
      figures.strange++;
      json(response, 400, { error: { code: 400, status: "INVALID_ARGUMENT", message: "No task." } });
      return;
    }
    count(figures.by, role);
    // The marks around strangers' text are new in each request; all else of a request that is sent again is the same.
    const identity = createHash("sha256")
      .update(text.replace(/DATA-[0-9a-f-]{36}/g, "DATA"))
      .digest("hex");
    const fault = faultFor(settings, identity);
    const time = figures.times[identity] ?? 1;
    await wait(settings.latency);
    const value = answerTo(role, body, settings.amounts);
    if (fault === "bad") {
      // JSON that breaks off: the envelope, or what is inside it.
      const broken = time % 2 === 0 ? '{"candidates": [' : JSON.stringify(textAnswer('{"claims": ['));
      return void response.writeHead(200, { "content-type": "application/json" }).end(broken);
    }
    if (fault !== null) {
      fail(response, fault, identity);
      return;
    }
    const [promptTokenCount, candidatesTokenCount] = [tokensOf(body), outputTokensOf(value)];
    const usageMetadata = { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount }; // prettier-ignore
    // By this name whoever watches the engine tells which answers it had in hand.
    const headers = { "x-answer": `${identity}/${time}` };
    json(response, 200, { ...value, usageMetadata, modelVersion: name }, headers);
  };
}

function search(settings: StandInSettings & { part: "search" }): Answering {
  /** Each search gets hosts of its own, in the order in which they were first made. */
  const first = new Map<string, number>();
  return async (_, response, url) => {
    const query = url.searchParams.get("q") ?? "";
    count(figures.by, "search");
    const begin = first.get(query) ?? first.size * settings.hits;
    first.set(query, begin);
    const fault = faultFor(settings, query);
    await wait(settings.latency);
    if (fault === "bad") return void response.writeHead(200).end('{"results": [');
    if (fault !== null) {
      fail(response, fault, query);
      return;
    }
    const results = Array.from({ length: settings.hits }, (_unused, index) => {
      const { title } = articleOf(query, index + 1, 0);
      const host = `${hostAt(begin + index)}:${settings.pagesPort}`;
      return { url: `http://${host}/${encodeURIComponent(query)}/${index + 1}`, title, content: title };
    });
    json(response, 200, { query, results });
  };
}

function pages(settings: StandInSettings & { part: "pages" }): Answering {
  return async (_, response, url) => {
    if (url.pathname === "/robots.txt") {
      count(figures.by, "robots.txt");
      return void response.writeHead(404).end();
    }
    count(figures.by, "page");
    const [, query = "", n = "1"] = url.pathname.split("/").map(decodeURIComponent);
    const fault = faultFor(settings, url.pathname);
    await wait(settings.latency);
    if (fault === "bad") return void response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
    if (fault !== null) {
      fail(response, fault, url.pathname);
      return;
    }
    const page = htmlOf(articleOf(query, Number(n), settings.characters));
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  };
}

function answering(settings: StandInSettings): Answering {
  if (settings.part === "model") return model(settings);
  return settings.part === "search" ? search(settings) : pages(settings);
}

process.once("message", (settings: StandInSettings) => {
  const handle = answering(settings);
  const listener: RequestListener = (request, response) => {
    // Pages are at many addresses, all of them this machine's; nobody else is answered.
    if (!/^(::ffff:)?127\./.test(request.socket.localAddress ?? "")) return void request.socket.destroy();
    figures.requests++;
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
    // Whoever goes away in the middle of a request gets no answer.
    handle(request, response, url).catch(() => response.destroy());
  };
  const server = createServer(listener);
  server.keepAliveTimeout = 60_000;
  server.listen(0, settings.part === "pages" ? "0.0.0.0" : "127.0.0.1", () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
  process.on("message", () => process.send?.(figures));
});
process.once("disconnect", () => process.exit());
