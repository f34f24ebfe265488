import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import zlib from "node:zlib";
import { isCancelled, ResearchError } from "../research/errors.js";
import { checkedUrl, isAllowed, isPublicAddress, publicLookup } from "./address.js";

/** A page as it came. */
export interface FetchedPage {
  /** Where it came from in the end, after redirects. */
  url: URL;
  bytes: Uint8Array;
  /** Lower case, without parameters; empty where the server gave none. */
  type: string;
  /** As the header says, or null. */
  charset: string | null;
}

export interface FetchLimits {
  /** Bytes after decompression. */
  bytes: number;
  redirects: number;
  /** Milliseconds to the first byte of each answer, and for everything. */
  firstByte: number;
  total: number;
}

export const PAGE_LIMITS: FetchLimits = {
  bytes: 5 * 1024 * 1024,
  redirects: 5,
  firstByte: 15_000,
  total: 30_000,
};

const HEADERS = {
  "user-agent": "DeepResearch/0.1",
  accept: "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8",
  "accept-encoding": "gzip, deflate, br",
  "accept-language": "en,*;q=0.5",
};

/**
 * Fetches a page. Each hop of a redirect is checked like the first address, nothing is sent along,
 * and nothing is kept between calls.
 *
 * @param allowed "host:port" pairs that may be private
 * @throws ResearchError "bad-url", "refused-address", "unreachable", "too-large", "timeout"; AbortError on cancel
 */
export async function fetchPage(
  address: string,
  allowed: ReadonlySet<string>,
  signal: AbortSignal,
  limits: FetchLimits = PAGE_LIMITS,
): Promise<FetchedPage> {
  const deadline = AbortSignal.timeout(limits.total);
  const either = AbortSignal.any([signal, deadline]);
  let url = checkedUrl(address, allowed);
  try {
    for (let hop = 0; hop <= limits.redirects; hop++) {
      const answer = await request(url, isAllowed(url, allowed), either, limits);
      if (answer instanceof URL) {
        url = checkedUrl(answer.href, allowed);
        continue;
      }
      return { url, ...answer };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw tooSlow(url, limits.total);
    if (error instanceof ResearchError || isCancelled(error)) throw error;
    throw new ResearchError("unreachable", `${url.host} could not be reached (${reasonOf(error)}).`, "", {
      cause: error,
    });
  }
  throw new ResearchError("unreachable", `${address} redirects more than ${limits.redirects} times.`);
}

function tooSlow(url: URL, milliseconds: number): ResearchError {
  return new ResearchError("timeout", `${url.host} did not answer within ${milliseconds / 1000} seconds.`);
}

const REASONS: Record<string, string> = {
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "it refuses the connection",
  ECONNRESET: "it closed the connection",
  ETIMEDOUT: "it did not answer",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no network",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is its own",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  if (REASONS[code] === undefined && inner !== undefined) return reasonOf(inner);
  return (
    REASONS[code] ?? (code || (error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown"))
  );
}

/** One request: the page, or where it redirects to. */
function request(
  url: URL,
  mayBePrivate: boolean,
  signal: AbortSignal,
  limits: FetchLimits,
): Promise<URL | Omit<FetchedPage, "url">> {
  return new Promise((resolve, reject) => {
    const make = url.protocol === "https:" ? https.request : http.request;
    const asked = make(url, {
      method: "GET",
      headers: HEADERS,
      signal,
      // A connection of its own: a pooled one might have been made for somebody else.
      agent: false,
      ...(mayBePrivate ? {} : { lookup: publicLookup }),
    });
    const slow = setTimeout(() => asked.destroy(tooSlow(url, limits.firstByte)), limits.firstByte);
    const fail = (error: unknown): void => {
      clearTimeout(slow);
      asked.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    asked.on("error", fail);
    asked.on("socket", (socket) => {
      socket.once("connect", () => {
        // An address in figures never passes through `lookup`: what is connected to is what counts.
        if (mayBePrivate || isPublicAddress(socket.remoteAddress ?? "")) return;
        asked.destroy(new ResearchError("refused-address", `${url.host} leads to a private address.`));
      });
    });
    asked.on("response", (response) => {
      clearTimeout(slow);
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (status >= 300 && status < 400 && location !== undefined) {
        response.destroy();
        if (URL.canParse(location, url.href)) resolve(new URL(location, url.href));
        else fail(new ResearchError("bad-url", `${url.href} redirects to something that is no address.`));
        return;
      }
      if (status < 200 || status >= 300) {
        response.destroy();
        const said = http.STATUS_CODES[status] ?? "";
        fail(
          new ResearchError(
            "unreachable",
            `${url.href} answered HTTP ${status}${said === "" ? "" : ` (${said.toLowerCase()})`}.`,
          ),
        );
        return;
      }
      body(response, url, limits.bytes).then((bytes) => {
        resolve({ bytes, ...contentType(response.headers["content-type"] ?? "") });
      }, fail);
    });
    asked.end();
  });
}

async function body(response: http.IncomingMessage, url: URL, most: number): Promise<Uint8Array> {
  const tooLarge = new ResearchError("too-large", `${url.href} is larger than ${most / 1024 / 1024} MB.`);
  if (Number(response.headers["content-length"] ?? 0) > most) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of decompressed(response, url) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Counted after decompression: a small download can hold a large page.
    if (length > most) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decompressed(response: http.IncomingMessage, url: URL): Readable {
  const encoding = (response.headers["content-encoding"] ?? "identity").toLowerCase().trim();
  if (encoding === "identity" || encoding === "") return response;
  const through =
    encoding === "gzip" || encoding === "x-gzip"
      ? zlib.createGunzip()
      : encoding === "deflate"
        ? zlib.createInflate()
        : encoding === "br"
          ? zlib.createBrotliDecompress()
          : null;
  if (through === null) {
    throw new ResearchError(
      "unreadable",
      `${url.href} comes in an encoding that cannot be read (${encoding.slice(0, 30)}).`,
    );
  }
  response.on("error", (error) => through.destroy(error));
  through.on("error", () => response.destroy());
  return response.pipe(through);
}

function contentType(header: string): { type: string; charset: string | null } {
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  const charset = parameters
    .map((each) => /^\s*charset\s*=\s*["']?([^"'\s]+)/.exec(each)?.[1])
    .find((each) => each !== undefined);
  return { type: type.trim(), charset: charset ?? null };
}
