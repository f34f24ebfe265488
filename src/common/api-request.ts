import http from "node:http";
import https from "node:https";
import zlib from "node:zlib";
import { createProxyAgent, findProxy } from "./proxy.js";

/*
 * Requests to services that the user chose: a model or a search. They go through the proxy of the environment, and no
 * redirect is followed, so no key and no body reaches another server. Pages are fetched elsewhere, behind a guard.
 */

export interface ApiRequest {
  method?: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
  /** The largest answer that is read, decompressed, in bytes. */
  maxBytes: number;
}

export interface ApiResponse {
  status: number;
  /** Names in lower case. */
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** An answer that is larger than its limit. */
export class ApiResponseTooLargeError extends Error {}

/**
 * Sends a request and reads the whole answer, whatever its status.
 *
 * @throws ApiResponseTooLargeError; ResearchError "bad-settings" for an unusable proxy; the error of the connection;
 *   the signal's reason at a cancel
 */
export async function sendApiRequest(
  url: URL,
  { method = "GET", headers, body, maxBytes }: ApiRequest,
  signal: AbortSignal,
): Promise<ApiResponse> {
  signal.throwIfAborted();
  const proxy = findProxy(url);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method,
      headers: { "accept-encoding": "gzip", ...headers },
      signal,
      ...(proxy === null ? {} : { agent: createProxyAgent(url, proxy) }),
    });
    request.on("response", resolve).on("error", reject).end(body);
  });
  try {
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: decodeBody(await readBytes(response, maxBytes), response.headers["content-type"] ?? ""),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    response.destroy();
  }
}

async function readBytes(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const coding = response.headers["content-encoding"] ?? "";
  const isCompressed = /^(?:x-)?gzip$|^deflate$/i.test(coding.trim());
  const unzip = isCompressed ? response.pipe(zlib.createUnzip()) : null;
  // `pipe` does not pass on errors.
  response.on("error", (error) => unzip?.destroy(error));
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (unzip ?? response) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new ApiResponseTooLargeError(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Decodes an answer: UTF-8 where its bytes are that, whatever the header says, else the header's encoding. */
function decodeBody(bytes: Buffer, contentType: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const charset = /charset="?([\w-]{1,40})/i.exec(contentType)?.[1] ?? "utf-8";
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      return new TextDecoder().decode(bytes);
    }
  }
}

/** Parses Retry-After (seconds or a date) to milliseconds from now; null if there is none. */
export function parseRetryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
