import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { tasks, type TaskName } from "../../src/research/tasks.js";
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
  | "cut"
  /** As it would without a script. */
  | "default";

export interface Recorded {
  role: Role;
  model: string;
  path: string;
  body: GenerateRequest;
  key: string;
}

const GenerateRequest = z.looseObject({
  contents: z
    .array(
      z.looseObject({ role: z.string().optional(), parts: z.array(z.looseObject({ text: z.string() })) }),
    )
    .min(1),
  systemInstruction: z.looseObject({ parts: z.array(z.looseObject({ text: z.string() })) }).optional(),
  tools: z.array(z.looseObject({ googleSearch: z.looseObject({}).optional() })).optional(),
  generationConfig: z
    .looseObject({ responseMimeType: z.string().optional(), responseJsonSchema: z.unknown().optional() })
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
  /** How the n-th call (from 0) of a role is answered; undefined: as by default. */
  script: (role: Role, answer: (call: number, model: string) => Reply | undefined) => void;
  close: () => Promise<void>;
}

/** Starts the stand-in. `latency` is waited before each answer, in milliseconds. */
export async function startFakeGemini({ port = 0, latency = 0 } = {}): Promise<FakeGemini> {
  const requests: Recorded[] = [];
  const violations: string[] = [];
  const scripts = new Map<Role, (call: number, model: string) => Reply | undefined>();
  let open = 0;
  let peak = 0;
  let disconnects = 0;

  const server = createServer((request, response) => {
    peak = Math.max(peak, ++open);
    response.once("close", () => {
      open--;
      if (!response.writableFinished) disconnects++;
    });
    handle(request, response).catch((error: unknown) => {
      violations.push(String(error));
      fail(response, 400, "INVALID_ARGUMENT", String(error));
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
    if (url.searchParams.has("key")) violations.push("The key is in the address.");
    if (/^\/v1(beta)?\/models$/.test(url.pathname) && request.method === "GET") {
      requests.push({ role: "models", model: "", path: url.pathname, body: { contents: [] }, key });
      if (await refuse(key, response)) return;
      const reply = scripts.get("models")?.(count("models") - 1, "") ?? "default";
      if (reply !== "default") return send(reply, response);
      const models = ["gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-4-hydrogen"];
      return send({ json: { models: models.map((name) => ({ name: `models/${name}` })) } }, response);
    }
    const found = /^\/v1(?:beta)?\/models\/([\w.-]+):generateContent$/.exec(url.pathname);
    if (found?.[1] === undefined || request.method !== "POST") {
      violations.push(`${request.method ?? ""} ${url.pathname} is not part of the API.`);
      return fail(response, 404, "NOT_FOUND", "Not found.");
    }
    if (request.headers["content-type"] !== "application/json")
      violations.push("The content type is not JSON.");
    const body = GenerateRequest.parse(JSON.parse(await bodyOf(request)));
    check(body);
    const role = roleOf(body);
    requests.push({ role, model: found[1], path: url.pathname, body, key });
    const call = count(role) - 1;
    if (latency > 0) await wait(latency);
    if (await refuse(key, response)) return;
    const reply = scripts.get(role)?.(call, found[1]) ?? "default";
    return send(reply === "default" ? { json: withUsage(sensibly(role, body), body) } : reply, response);
  }

  function count(role: Role): number {
    return requests.filter((each) => each.role === role).length;
  }

  /** What the API itself answers with a 400. */
  function check({ contents, generationConfig, tools }: GenerateRequest): void {
    const config = JSON.stringify(generationConfig ?? {});
    for (const name of ["temperature", "topP", "topK", "candidateCount"]) {
      if (config.includes(`"${name}"`)) violations.push(`${name} is refused by the newest models.`);
    }
    if (config.includes('"minimal"')) violations.push("thinkingLevel minimal is refused.");
    if (contents.at(-1)?.role === "model") violations.push("The request ends with a turn of the model.");
    if (contents.some(({ parts }) => parts.every(({ text }) => text.trim() === "")))
      violations.push("Contents are empty.");
    if (tools !== undefined && generationConfig?.responseMimeType !== undefined) {
      violations.push("Search and a schema do not go together.");
    }
    for (const word of config.matchAll(
      /"(\$schema|\$ref|\$defs|pattern|minLength|maxLength|const|oneOf|format|default)":/g,
    )) {
      violations.push(`The schema's ${word[1] ?? ""} is unknown to the API.`);
    }
  }

  async function send(reply: Exclude<Reply, "default">, response: ServerResponse): Promise<void> {
    if (reply === "hang") return;
    if (reply === "cut") return void response.socket?.destroy();
    if (reply === "hang-in-body") {
      response.writeHead(200, { "content-type": "application/json" }).write('{"candidates": [');
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
    return Promise.resolve();
  }

  /** Keys that begin with "bad" are unknown, those that begin with "quota" are used up for today. */
  async function refuse(key: string, response: ServerResponse): Promise<boolean> {
    if (key === "" || key.startsWith("bad")) {
      await send(
        errorReply(400, "INVALID_ARGUMENT", "API key not valid.", [{ reason: "API_KEY_INVALID" }]),
        response,
      );
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

/** A 429 that asks to wait. */
export function rateLimit(retryDelay: string): Reply & object {
  return errorReply(429, "RESOURCE_EXHAUSTED", "Too many requests.", [
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
      modelVersion: "fake",
      responseId: "fake",
    },
  };
}

function roleOf(body: GenerateRequest): Role {
  if (body.tools?.some(({ googleSearch }) => googleSearch !== undefined) === true) return "search";
  const instructions = body.systemInstruction?.parts.map(({ text }) => text).join("") ?? "";
  const found = Object.entries(tasks).find(([, task]) => task.instructions === instructions);
  if (found === undefined) throw new Error("No task of ours has these instructions.");
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
    modelVersion: "fake",
    responseId: "fake",
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
