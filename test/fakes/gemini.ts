import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { TASKS, type TaskName } from "../../src/core/prompts/tasks.js";
import { sensibly } from "./gemini-answers.js";

/*
 * A stand-in for Gemini's API: real HTTP on 127.0.0.1. By itself it answers each of our tasks
 * sensibly from the request alone, so that a whole run works against it; a test may script the n-th
 * call of a task. It checks each request as Google does, and records what came.
 */

export type Role = TaskName | "search" | "models";

/** How a scripted call is answered. */
export type Reply =
  | { json: unknown; status?: number }
  | { body: string; status?: number; headers?: Record<string, string> }
  /** Never answers, or stops in the middle of the body. */
  | "hang"
  | "hang-in-body"
  /** Closes the connection, at once or in the middle of the body. */
  | "cut"
  | "cut-in-body"
  /** As it would without a script. */
  | "default";

export interface Recorded {
  role: Role;
  model: string;
  path: string;
  body: GenerateRequest;
  key: string;
  /** When it had come, on the clock of `performance.now()`. */
  at: number;
}

/** Answers the n-th call (from 0) of a role; undefined: as by default. */
type Script = (call: number, model: string, request: Recorded) => Reply | undefined;

/** The names that requests may have; Google answers a 400 to any other. */
const GenerateRequest = z.strictObject({
  contents: z
    .array(
      z.strictObject({
        role: z.enum(["user", "model"]).optional(),
        parts: z.array(z.looseObject({ text: z.string() })).min(1),
      }),
    )
    .min(1),
  systemInstruction: z
    .strictObject({
      role: z.string().optional(),
      parts: z.array(z.looseObject({ text: z.string() })),
    })
    .optional(),
  tools: z.array(z.strictObject({ googleSearch: z.strictObject({}).optional() })).optional(),
  toolConfig: z.looseObject({}).optional(),
  safetySettings: z.array(z.looseObject({})).optional(),
  generationConfig: z
    .strictObject({
      responseMimeType: z.string().optional(),
      responseJsonSchema: z.unknown().optional(),
      maxOutputTokens: z.number().optional(),
      seed: z.number().optional(),
      thinkingConfig: z
        .strictObject({
          thinkingLevel: z.enum(["low", "medium", "high"]).optional(),
          includeThoughts: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;

export interface FakeGemini {
  address: string;
  requests: Recorded[];
  /** Requests that Google would refuse; a test asserts that there are none. */
  violations: string[];
  /** Most requests that were being answered at one time. */
  peak: () => number;
  /** Requests whose caller went away before the answer. */
  disconnects: () => number;
  script: (role: Role, answer: Script) => void;
  close: () => Promise<void>;
}

/** The models that there are. */
const KNOWN_MODELS = ["gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-4-hydrogen"];

/** The keywords of JSON Schema that the API documents. */
const SCHEMA_WORDS = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "enum",
  "items",
  "prefixItems",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "title",
  "description",
]);

/** A request that Google would refuse with a 400. */
class Refused extends Error {}

/** Starts the stand-in. `latency` is waited before each answer, in milliseconds. */
export async function startFakeGemini({ port = 0, latency = 0 } = {}): Promise<FakeGemini> {
  const requests: Recorded[] = [];
  const violations: string[] = [];
  const scripts = new Map<Role, Script>();
  /** Responses that were cut by a script, not by the caller. */
  const cut = new WeakSet<ServerResponse>();
  let open = 0;
  let peak = 0;
  let disconnects = 0;

  const server = createServer((request, response) => {
    peak = Math.max(peak, ++open);
    response.once("close", () => {
      open--;
      if (!response.writableFinished && !cut.has(response)) disconnects++;
    });
    handle(request, response).catch((error: unknown) => {
      // Whoever goes away before the request was read has violated nothing.
      if (request.destroyed && !request.complete) return;
      const message = error instanceof Error ? error.message : String(error);
      violations.push(message);
      fail(response, 400, "INVALID_ARGUMENT", message);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: at } = server.address() as AddressInfo;

  return {
    address: `http://127.0.0.1:${at}`,
    requests,
    violations,
    peak: () => peak,
    disconnects: () => disconnects,
    script: (role, answer) => scripts.set(role, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const header = request.headers["x-goog-api-key"];
    const key = typeof header === "string" ? header : "";
    if (url.searchParams.has("key")) throw new Refused("The key is in the address.");
    if (/^\/v1(beta)?\/models$/.test(url.pathname) && request.method === "GET") {
      const recorded = record({ role: "models", model: "", path: url.pathname, body: { contents: [] }, key });
      if (latency > 0) await wait(latency);
      if (await refuse(key, response)) return;
      const reply = scripts.get("models")?.(count("models") - 1, "", recorded) ?? "default";
      if (reply !== "default") return send(reply, response);
      return send({ json: { models: KNOWN_MODELS.map((name) => ({ name: `models/${name}` })) } }, response);
    }
    const found = /^\/v1(?:beta)?\/models\/([\w.-]+):generateContent$/.exec(url.pathname);
    if (found?.[1] === undefined || request.method !== "POST") {
      violations.push(`${request.method ?? ""} ${url.pathname} is not part of the API.`);
      fail(response, 404, "NOT_FOUND", "Not found.");
      return;
    }
    if (request.headers["content-type"] !== "application/json") {
      throw new Refused("The content type is not JSON.");
    }
    const parsed = GenerateRequest.safeParse(JSON.parse(await bodyOf(request)));
    if (!parsed.success) throw new Refused(`Invalid JSON payload received. ${z.prettifyError(parsed.error)}`);
    const body = parsed.data;
    check(body);
    const role = roleOf(body);
    const recorded = record({ role, model: found[1], path: url.pathname, body, key });
    const call = count(role) - 1;
    if (latency > 0) await wait(latency);
    if (await refuse(key, response)) return;
    if (!KNOWN_MODELS.includes(found[1])) {
      await send(noModel(found[1]), response);
      return;
    }
    const reply = scripts.get(role)?.(call, found[1], recorded) ?? "default";
    return send(reply === "default" ? { json: withUsage(sensibly(role, body), body) } : reply, response);
  }

  function record(request: Omit<Recorded, "at">): Recorded {
    const recorded = { ...request, at: performance.now() };
    requests.push(recorded);
    return recorded;
  }

  function count(role: Role): number {
    return requests.filter((each) => each.role === role).length;
  }

  /** What the API itself answers with a 400, beside names it does not know. */
  function check({ contents, generationConfig, tools }: GenerateRequest): void {
    if (contents.at(-1)?.role === "model") throw new Refused("The request ends with a turn of the model.");
    if (contents.some(({ parts }) => parts.every(({ text }) => text.trim() === ""))) {
      throw new Refused("Contents are empty.");
    }
    const { responseMimeType, responseJsonSchema } = generationConfig ?? {};
    if (tools !== undefined && (responseMimeType !== undefined || responseJsonSchema !== undefined)) {
      throw new Refused("Search and a schema do not go together.");
    }
    if (responseJsonSchema !== undefined) {
      if (responseMimeType !== "application/json") throw new Refused("A schema needs application/json.");
      checkSchema(responseJsonSchema);
    }
  }

  async function send(reply: Exclude<Reply, "default">, response: ServerResponse): Promise<void> {
    if (reply === "hang") return;
    if (reply === "hang-in-body" || reply === "cut-in-body") {
      response.writeHead(200, { "content-type": "application/json" }).write('{"candidates": [');
      // The beginning is to arrive before the end.
      await wait(20);
    }
    if (reply === "hang-in-body") return;
    if (reply === "cut" || reply === "cut-in-body") {
      cut.add(response);
      response.socket?.destroy();
      return;
    }
    if ("json" in reply) {
      response.writeHead(reply.status ?? 200, { "content-type": "application/json; charset=UTF-8" });
      response.end(JSON.stringify(reply.json));
    } else {
      response
        .writeHead(reply.status ?? 200, reply.headers ?? { "content-type": "text/html" })
        .end(reply.body);
    }
  }

  /** Keys that begin with "bad" are unknown, those that begin with "quota" are used up for today. */
  async function refuse(key: string, response: ServerResponse): Promise<boolean> {
    if (key === "") {
      const message = "Method doesn't allow unregistered callers. Please use API Key to call this API.";
      await send(errorReply(403, "PERMISSION_DENIED", message), response);
      return true;
    }
    if (key.startsWith("bad")) {
      await send(unknownKey(), response);
      return true;
    }
    if (key.startsWith("quota")) {
      await send(dayQuota(), response);
      return true;
    }
    return false;
  }

  function fail(response: ServerResponse, status: number, name: string, message: string): void {
    if (!response.headersSent) void send(errorReply(status, name, message), response);
  }
}

/** An error in Google's form. */
export function errorReply(
  status: number,
  name: string,
  message: string,
  details: unknown[] = [],
): Reply & object {
  return { status, json: { error: { code: status, message, status: name, details } } };
}

/** What Google answers to a key that it does not know. */
export function unknownKey(): Reply & object {
  return errorReply(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    },
  ]);
}

/** What Google answers where a model does not exist, or no longer. */
export function noModel(model: string): Reply & object {
  const message = `models/${model} is not found for API version v1beta, or is not supported for generateContent.`;
  return errorReply(404, "NOT_FOUND", message);
}

/** A 429 for the day. Google sends a short retryDelay with it all the same. */
export function dayQuota(): Reply & object {
  return errorReply(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", [
    {
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier", quotaValue: "20" }],
    },
    { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "12s" },
  ]);
}

/** A 429 that asks to wait, and may name the limits that were passed. */
export function rateLimit(
  retryDelay: string,
  violations: { quotaId: string; quotaValue: string }[] = [],
): Reply & object {
  const failure = { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations };
  return errorReply(429, "RESOURCE_EXHAUSTED", "Too many requests.", [
    ...(violations.length === 0 ? [] : [failure]),
    { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay },
  ]);
}

/** An answer whose text is this, in Google's form. */
export function textReply(text: string, more: Record<string, unknown> = {}): Reply & object {
  return {
    json: {
      candidates: [
        { content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0, ...more },
      ],
      usageMetadata: {
        promptTokenCount: 100,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 5,
        totalTokenCount: 125,
      },
      responseId: "fake",
    },
  };
}

/** Refuses a schema with a keyword that the API does not document. */
function checkSchema(schema: unknown): void {
  const parsed = z.record(z.string(), z.unknown()).safeParse(schema);
  if (!parsed.success) throw new Refused("A schema is an object.");
  for (const word of Object.keys(parsed.data)) {
    if (!SCHEMA_WORDS.has(word)) throw new Refused(`The schema's “${word}” is unknown to the API.`);
  }
  const { properties, items, prefixItems } = parsed.data;
  if (properties !== undefined) {
    Object.values(z.record(z.string(), z.unknown()).parse(properties)).forEach(checkSchema);
  }
  if (items !== undefined) checkSchema(items);
  if (prefixItems !== undefined) z.array(z.unknown()).parse(prefixItems).forEach(checkSchema);
}

/** The task whose instructions a request has. */
export function roleOf(body: GenerateRequest): Role {
  if (body.tools?.some(({ googleSearch }) => googleSearch !== undefined) === true) return "search";
  const instructions = body.systemInstruction?.parts.map(({ text }) => text).join("") ?? "";
  const found = Object.entries(TASKS).find(([, task]) => task.instructions === instructions);
  if (found === undefined) throw new Refused("No task of ours has these instructions.");
  // Object.entries widens the names of the registry.
  return found[0] as TaskName;
}

/** Tokens, roughly: four letters each. */
function withUsage(answer: object, body: GenerateRequest): object {
  const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);
  const [promptTokenCount, candidatesTokenCount] = [tokens(body), tokens(answer)];
  return {
    ...answer,
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount,
      totalTokenCount: promptTokenCount + candidatesTokenCount,
    },
    responseId: "fake",
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
