import http from "node:http";
import https from "node:https";
import { pipeline, type Transform } from "node:stream";
import zlib from "node:zlib";
import { ResearchError } from "../../common/errors.js";
import { createPublicLookup, isPublicAddress, type ResolveHost } from "./url-guard.js";

/*
 * One request to a server that may be slow, broken or hostile: it ends inside its limits, whatever
 * comes, and leaves neither a socket nor a timer behind.
 */

/** What this program is called in robots.txt. */
export const PRODUCT_TOKEN = "DeepResearch";

/** All that is ever sent. No cookie, no key and no referrer: nothing is known to this module to send. */
const HEADERS = {
  "user-agent": `${PRODUCT_TOKEN}/0.1 (research on behalf of a person; respects robots.txt)`,
  accept:
    "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,application/pdf;q=0.8,*/*;q=0.1",
  "accept-encoding": "gzip, br",
  "accept-language": "en,*;q=0.5",
};

/** Policies for the content of a page can be long; what is longer than this is no page. */
const HEADER_BYTES = 64 * 1024;

export interface FetchLimits {
  /** Bytes after decompression, and as many before it. */
  bytes: number;
  /** The same for a PDF. */
  pdfBytes: number;
  redirects: number;
  /** Milliseconds to the end of each answer's headers, and for everything but waiting one's turn. */
  firstByte: number;
  total: number;
}

export interface ResponseBody {
  bytes: Uint8Array;
  /** Lower case, without parameters; empty where the server gave none. */
  type: string;
  /** As the header says, or null. */
  charset: string | null;
}

export type HttpResult =
  | ({ kind: "page"; status: number } & ResponseBody)
  | { kind: "redirect"; location: string }
  /** `retryAfter` is in milliseconds, or null where the server did not say. */
  | { kind: "refusal"; status: number; retryAfter: number | null };

export interface RequestOptions {
  resolve: ResolveHost;
  /** True for a host that the user allowed. */
  mayBePrivate: boolean;
  limits: FetchLimits;
  /** Milliseconds that remain of `limits.total`. */
  left: number;
  /** What is too large is an error, or is cut where it is too large. */
  tooLarge: "error" | "cut";
}

/**
 * One request and its whole answer.
 *
 * @throws ResearchError "refused-address", "unreachable", "too-large", "timeout" or "unreadable"; the
 *   signal's reason at a cancel
 */
export async function sendRequest(
  url: URL,
  asking: RequestOptions,
  signal: AbortSignal,
): Promise<HttpResult> {
  signal.throwIfAborted();
  const progress = { answered: false };
  try {
    return await exchange(url, asking, signal, progress);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ResearchError ? error : named(error, url, progress.answered);
  }
}

function exchange(
  url: URL,
  { resolve: resolveName, mayBePrivate, limits, left, tooLarge }: RequestOptions,
  signal: AbortSignal,
  progress: { answered: boolean },
): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === "https:" ? https : http).request(url, {
      method: "GET",
      headers: HEADERS,
      maxHeaderSize: HEADER_BYTES,
      // A connection of its own: a pooled one might have been made for somebody else.
      agent: false,
      lookup: createPublicLookup(resolveName, mayBePrivate),
    });
    const end = (): void => {
      clearTimeout(slow);
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      // Also after a whole answer: the server may keep its end open.
      asked.destroy();
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
    const slow = setTimeout(() => fail(tooSlow(url, limits.firstByte)), limits.firstByte);
    const late = setTimeout(() => fail(tooSlow(url, limits.total)), left);
    signal.addEventListener("abort", stop, { once: true });

    asked.on("error", fail);
    asked.on("close", () => {
      if (!progress.answered) fail(new Error("it closed the connection"));
    });
    asked.on("socket", (socket) => {
      socket.once("connect", () => {
        // An address in figures never passes through `lookup`: what is connected to is what counts.
        if (mayBePrivate || isPublicAddress(socket.remoteAddress ?? "")) return;
        fail(new ResearchError("refused-address", `${url.host} leads to a private address.`));
      });
    });
    asked.on("response", (response) => {
      clearTimeout(slow);
      progress.answered = true;
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
        succeed({ kind: "redirect", location: utf8(location) });
      } else if (status < 200 || status >= 300 || status === 206) {
        // A part (206) is refused as well: nobody asked for one, and it would pass for the page.
        succeed({ kind: "refusal", status, retryAfter: waitOf(response.headers["retry-after"]) });
      } else {
        bodyOf(response, url, limits, tooLarge).then(
          (body) => succeed({ kind: "page", status, ...body }),
          fail,
        );
      }
    });
    asked.end();
  });
}

function tooSlow(url: URL, milliseconds: number): ResearchError {
  return new ResearchError("timeout", `${url.host} did not answer within ${milliseconds / 1000} seconds.`);
}

/** An address for a message, not endless. */
export function shortUrl({ href }: URL): string {
  return href.length > 200 ? `${href.slice(0, 200)}…` : href;
}

const REASONS: Record<string, string> = {
  ENOTFOUND: "host not found",
  EAI_AGAIN: "its name could not be resolved",
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "it did not answer",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no network",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  EPROTO: "it does not use TLS",
};

/** What went wrong below HTTP, or in it, as an error for a person. */
function named(error: unknown, url: URL, answered: boolean): ResearchError {
  const code = codeOf(error);
  const because = { cause: error };
  if (/^(?:Z_|ERR__|ERR_BROTLI)/.test(code)) {
    const message = `${shortUrl(url)} is incomplete or cannot be decompressed.`;
    return new ResearchError("unreadable", message, "", because);
  }
  if (code.startsWith("HPE_")) {
    const reason =
      code === "HPE_HEADER_OVERFLOW" ? "its headers are too large" : "its response is not valid HTTP";
    return new ResearchError("unreachable", `${url.host} answered, but ${reason}.`, "", because);
  }
  if (answered) {
    return new ResearchError(
      "unreachable",
      `${url.host} closed the connection in the middle of the page.`,
      "",
      because,
    );
  }
  const said = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
  const reason = REASONS[code] ?? (code || said || "unknown");
  return new ResearchError("unreachable", `${url.host} could not be reached (${reason}).`, "", because);
}

/** Where several addresses were tried, the first one's. */
function codeOf(error: unknown): string {
  const own = error instanceof Error && "code" in error ? String(error.code) : "";
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  return REASONS[own] === undefined && inner !== undefined ? codeOf(inner) : own;
}

/** A header's bytes are handed out as Latin-1; where they are UTF-8, that was meant. */
function utf8(header: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "latin1"));
  } catch {
    return header;
  }
}

/** A Retry-After, in seconds or as a date, in milliseconds from now; null where there is none. */
function waitOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

async function bodyOf(
  response: http.IncomingMessage,
  url: URL,
  limits: FetchLimits,
  tooLarge: "error" | "cut",
): Promise<ResponseBody> {
  const { type, charset } = contentType(response.headers["content-type"] ?? "");
  const declared = Number(response.headers["content-length"] ?? 0);
  const roof = Math.max(limits.bytes, limits.pdfBytes);
  const refuse = (most: number): ResearchError =>
    new ResearchError("too-large", `${shortUrl(url)} is larger than ${megabytes(most)} MB.`);
  if (tooLarge === "error" && declared > roof) throw refuse(roof);

  // One buffer that grows, not a list of chunks: a million chunks of one byte would fill the memory.
  let held = Buffer.allocUnsafe(0);
  let length = 0;
  for await (const chunk of decoded(response, url, roof, refuse)) {
    if (length + chunk.length > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length + chunk.length, held.length * 2, 64 * 1024));
      held.copy(larger, 0, 0, length);
      held = larger;
    }
    held.set(chunk, length);
    length += chunk.length;
    const isPdf = /^application\/(?:x-)?pdf$/.test(type) || held.toString("latin1", 0, 5) === "%PDF-";
    const most = isPdf ? limits.pdfBytes : limits.bytes;
    if (length > most && tooLarge === "cut") return { bytes: held.subarray(0, most), type, charset };
    if (length > most || (length >= 5 && declared > most && tooLarge === "error")) throw refuse(most);
  }
  return { bytes: held.subarray(0, length), type, charset };
}

function megabytes(bytes: number): string {
  return String(Math.round((bytes / 1024 / 1024) * 100) / 100);
}

/** The body after decompression. The caller counts what comes out; what goes in is counted here. */
function decoded(
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
  const arriving = counted(response, most, refuse);
  const [coding, second] = codings;
  if (coding === undefined) return arriving;
  // Twice compressed is nothing that was asked for, and how a small download becomes an endless page.
  const through = second === undefined ? decompressor(coding) : null;
  if (through === null) {
    throw new ResearchError(
      "unreadable",
      `${shortUrl(url)} uses an unsupported content encoding (${codings.join(", ").slice(0, 30)}).`,
    );
  }
  // The error reaches whoever reads `through`.
  pipeline(arriving, through, () => undefined);
  return through;
}

/** Compressed data that yields nothing, such as endless empty members, would never be counted after. */
async function* counted(
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
