import { msg, type Message } from "../../common/messages.js";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { pipeline, type Transform } from "node:stream";
import zlib from "node:zlib";
import { parseRetryAfter } from "../../common/api-request.js";
import { ResearchError, systemErrorCode } from "../../common/errors.js";
import { createProxyAgent, findProxy } from "../../common/proxy.js";
import {
  bareHost,
  createPublicLookup,
  findPrivateName,
  isPublicAddress,
  type ResolveHost,
} from "./url-guard.js";

/*
 * One request to a server that may be slow, broken or hostile: it always ends within its limits and leaves no socket
 * or timer behind.
 */

/** Our name in robots.txt. */
export const PRODUCT_TOKEN = "DeepResearch";

/** All headers that are sent: no cookies, keys or referrers. */
const HEADERS = {
  "user-agent": `${PRODUCT_TOKEN}/0.1 (research on behalf of a person; respects robots.txt)`,
  accept:
    "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,application/pdf;q=0.8,*/*;q=0.1",
  "accept-encoding": "gzip, br",
  "accept-language": "en,*;q=0.5",
};

/** Content security policies can be long; larger headers are rejected. */
const HEADER_BYTES = 64 * 1024;

export interface FetchLimits {
  /** Maximum bytes after decompression, and also before it. */
  bytes: number;
  /** The same limit for a PDF. */
  pdfBytes: number;
  redirects: number;
  /** Milliseconds until the end of the response headers, and in total, without throttling. */
  firstByte: number;
  total: number;
}

export interface ResponseBody {
  bytes: Uint8Array;
  /** Lower case, without parameters; empty where the server gave none. */
  type: string;
  /** From the header, or null. */
  charset: string | null;
}

export type HttpResult =
  | ({ kind: "page"; status: number } & ResponseBody)
  | { kind: "redirect"; location: string }
  /** `retryAfter` is in milliseconds, or null if not sent. */
  | { kind: "refusal"; status: number; retryAfter: number | null };

export interface RequestOptions {
  resolve: ResolveHost;
  /** True for hosts that the user allowed. */
  mayBePrivate: boolean;
  limits: FetchLimits;
  /** Milliseconds that remain of `limits.total`. */
  left: number;
  /** Whether an oversized body is an error or is truncated. */
  tooLarge: "error" | "cut";
}

/**
 * Sends one request and reads the whole response.
 *
 * @throws ResearchError "refused-address", "unreachable", "too-large", "timeout" or "unreadable"; the
 *   signal's reason at a cancel
 */
export async function sendRequest(
  url: URL,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<HttpResult> {
  signal.throwIfAborted();
  const proxy = findProxy(url);
  if (proxy !== null && !options.mayBePrivate) {
    // The proxy resolves the name. What this machine knows of it still counts.
    const refusal = await findPrivateName(bareHost(url), options.resolve);
    signal.throwIfAborted();
    if (refusal !== null) throw refusal;
  }
  const progress = { answered: false };
  try {
    return await exchange(url, proxy, options, signal, progress);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ResearchError ? error : networkError(error, url, proxy, progress.answered);
  }
}

function exchange(
  url: URL,
  proxy: URL | null,
  { resolve: resolveName, mayBePrivate, limits, left, tooLarge }: RequestOptions,
  signal: AbortSignal,
  progress: { answered: boolean },
): Promise<HttpResult> {
  let isResolved = false;
  const publicLookup = createPublicLookup(resolveName, mayBePrivate);
  const lookup: net.LookupFunction = (...args) => {
    isResolved = true;
    publicLookup(...args);
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method: "GET",
      headers: HEADERS,
      maxHeaderSize: HEADER_BYTES,
      // Use a new connection: a pooled one was checked for another request.
      agent: proxy === null ? false : createProxyAgent(url, proxy),
      lookup,
    });
    const end = (): void => {
      clearTimeout(slow);
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      // Needed after complete responses as well, since the server may keep the connection open.
      request.destroy();
    };
    const succeed = (answer: HttpResult): void => {
      end();
      resolve(answer);
    };
    const fail = (error: unknown): void => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const stop = (): void => fail(new Error("stopped"));
    const slow = setTimeout(() => fail(timeoutError(url, limits.firstByte)), limits.firstByte);
    const late = setTimeout(() => fail(timeoutError(url, limits.total)), left);
    signal.addEventListener("abort", stop, { once: true });

    request.on("error", fail);
    request.on("close", () => {
      if (!progress.answered) fail(new Error("it closed the connection"));
    });
    request.on("socket", (socket) => {
      socket.once("connect", () => {
        // IP address literals skip `lookup`, so check the address that was connected to.
        if (mayBePrivate || proxy !== null || isPublicAddress(socket.remoteAddress ?? "")) return;
        const isEditorProxy = !isResolved && net.isIP(bareHost(url)) === 0;
        if (!isEditorProxy)
          fail(new ResearchError("refused-address", msg`${url.host} leads to a private address.`));
        // In VS Code, node:http obeys the editor's proxy, which resolves the name as any proxy does.
        else
          void findPrivateName(bareHost(url), resolveName).then(
            (refusal) => refusal !== null && fail(refusal),
          );
      });
    });
    request.on("response", (response) => {
      clearTimeout(slow);
      progress.answered = true;
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
        succeed({ kind: "redirect", location: decodeHeader(location) });
      } else if (status < 200 || status >= 300 || status === 206) {
        // Partial content (206) is rejected, because it was not requested and would pass for the page.
        succeed({ kind: "refusal", status, retryAfter: parseRetryAfter(response.headers["retry-after"]) });
      } else {
        readBody(response, url, limits, tooLarge).then(
          (body) => succeed({ kind: "page", status, ...body }),
          fail,
        );
      }
    });
    request.end();
  });
}

function timeoutError(url: URL, milliseconds: number): ResearchError {
  return new ResearchError("timeout", msg`${url.host} did not answer within ${milliseconds / 1000} seconds.`);
}

/** A URL for messages, shortened. */
export function shortUrl({ href }: URL): string {
  return href.length > 200 ? `${href.slice(0, 200)}…` : href;
}

const REASONS: Record<string, Message> = {
  ENOTFOUND: msg`host not found`,
  EAI_AGAIN: msg`its name could not be resolved`,
  ECONNREFUSED: msg`it refused the connection`,
  ECONNRESET: msg`it closed the connection`,
  EPIPE: msg`it closed the connection`,
  ETIMEDOUT: msg`it did not answer`,
  EHOSTUNREACH: msg`there is no route to it`,
  ENETUNREACH: msg`there is no network`,
  CERT_HAS_EXPIRED: msg`its certificate has expired`,
  DEPTH_ZERO_SELF_SIGNED_CERT: msg`its certificate is self-signed`,
  SELF_SIGNED_CERT_IN_CHAIN: msg`its certificate is self-signed`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: msg`its certificate cannot be verified`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: msg`its certificate cannot be verified`,
  ERR_TLS_CERT_ALTNAME_INVALID: msg`its certificate is for another host`,
  EPROTO: msg`it does not use TLS`,
};

/** Converts a network or HTTP error to a message for people. */
function networkError(error: unknown, url: URL, proxy: URL | null, answered: boolean): ResearchError {
  const code = errorCode(error);
  const because = { cause: error };
  if (/^(?:Z_|ERR__|ERR_BROTLI)/.test(code)) {
    const message = msg`${shortUrl(url)} is incomplete or cannot be decompressed.`;
    return new ResearchError("unreadable", message, "", because);
  }
  if (code.startsWith("HPE_")) {
    const reason =
      code === "HPE_HEADER_OVERFLOW" ? msg`its headers are too large` : msg`its response is not valid HTTP`;
    return new ResearchError("unreachable", msg`${url.host} answered, but ${reason}.`, "", because);
  }
  if (answered) {
    return new ResearchError(
      "unreachable",
      msg`${url.host} closed the connection in the middle of the page.`,
      "",
      because,
    );
  }
  const said = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
  const reason = REASONS[code] ?? (code || said || "unknown");
  if (proxy !== null) {
    return new ResearchError(
      "unreachable",
      msg`${url.host} could not be reached through the proxy ${proxy.host} (${reason}).`,
      msg`Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.`,
      because,
    );
  }
  return new ResearchError("unreachable", msg`${url.host} could not be reached (${reason}).`, "", because);
}

/** The error code; if several addresses were tried, that of the first. */
function errorCode(error: unknown): string {
  const own = systemErrorCode(error);
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  return REASONS[own] === undefined && inner !== undefined ? errorCode(inner) : own;
}

/** Node decodes headers as Latin-1; decodes valid UTF-8 correctly. */
function decodeHeader(header: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "latin1"));
  } catch {
    return header;
  }
}

async function readBody(
  response: http.IncomingMessage,
  url: URL,
  limits: FetchLimits,
  tooLarge: "error" | "cut",
): Promise<ResponseBody> {
  const { type, charset } = contentType(response.headers["content-type"] ?? "");
  const declared = Number(response.headers["content-length"] ?? 0);
  const maxBytes = Math.max(limits.bytes, limits.pdfBytes);
  const refuse = (most: number): ResearchError =>
    new ResearchError("too-large", msg`${shortUrl(url)} is larger than ${megabytes(most)} MB.`);
  if (tooLarge === "error" && declared > maxBytes) throw refuse(maxBytes);

  // One growing buffer instead of a list: a million one-byte chunks would fill the memory.
  let buffer = Buffer.allocUnsafe(0);
  let length = 0;
  for await (const chunk of decompressedBody(response, url, maxBytes, refuse)) {
    if (length + chunk.length > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(length + chunk.length, buffer.length * 2, 64 * 1024));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    buffer.set(chunk, length);
    length += chunk.length;
    const isPacked =
      /^application\/(?:x-)?pdf$|wordprocessingml/.test(type) ||
      /^(?:%PDF-|PK)/.test(buffer.toString("latin1", 0, 5));
    const most = isPacked ? limits.pdfBytes : limits.bytes;
    if (length > most && tooLarge === "cut") return { bytes: buffer.subarray(0, most), type, charset };
    if (length > most || (length >= 5 && declared > most && tooLarge === "error")) throw refuse(most);
  }
  return { bytes: buffer.subarray(0, length), type, charset };
}

function megabytes(bytes: number): string {
  return String(Math.round((bytes / 1024 / 1024) * 100) / 100);
}

/** The decompressed body. The caller counts its bytes; the compressed bytes are counted here. */
function decompressedBody(
  response: http.IncomingMessage,
  url: URL,
  most: number,
  refuse: (most: number) => ResearchError,
): AsyncIterable<Uint8Array> {
  const codings = (response.headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "identity");
  const arriving = countBytes(response, most, refuse);
  const [coding, second] = codings;
  if (coding === undefined) return arriving;
  // Nested compression was not requested, and can turn a small download into an endless page.
  const through = second === undefined ? decompressor(coding) : null;
  if (through === null) {
    throw new ResearchError(
      "unreadable",
      msg`${shortUrl(url)} uses an unsupported content encoding (${codings.join(", ").slice(0, 30)}).`,
    );
  }
  // Errors reach the reader of `through`.
  pipeline(arriving, through, () => undefined);
  return through;
}

/** Counts compressed bytes, since endless empty members would yield no output to count. */
async function* countBytes(
  response: http.IncomingMessage,
  most: number,
  refuse: (most: number) => ResearchError,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    yield chunk;
    if (length > most) throw refuse(most);
  }
}

function decompressor(coding: string): Transform | null {
  if (coding === "gzip" || coding === "x-gzip") return zlib.createGunzip();
  if (coding === "deflate") return zlib.createInflate();
  if (coding === "br") return zlib.createBrotliDecompress();
  return null;
}

function contentType(header: string): { type: string; charset: string | null } {
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  const charset = parameters
    .map((each) => /^\s*charset\s*=\s*["']?([^"'\s]+)/.exec(each)?.[1])
    .find((each) => each !== undefined);
  return { type: type.trim(), charset: charset ?? null };
}
