import { setTimeout as wait } from "node:timers/promises";
import type { IncomingMessage } from "node:http";
import { AwsV4Signer } from "aws4fetch";
import { openApiResponse, readResponseText } from "../../common/api-request.js";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { sha256Hex } from "../../common/hash.js";
import type { BucketAccess } from "./bucket-access.js";

/* Signed requests to the objects of a bucket. A failure that may pass is tried again. */

export interface S3Request {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** The object's whole key; "" for the bucket itself. */
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Statuses that the caller understands, besides 2xx. */
  expects?: readonly number[];
}

const TRIES = 4;
/** Milliseconds before the second try; twice as many before each further one. */
const FIRST_DELAY = 250;
const MAX_ERROR_BYTES = 64 * 1024;

/** What went wrong, as S3 says it in XML. */
interface S3Failure {
  status: number;
  code: string;
  message: string;
}

/**
 * Sends a request. The caller reads the answer to its end or destroys it.
 * @param failure the error's code if the request fails
 * @throws ResearchError with that code, or "no-network"; the signal's reason
 */
export async function sendS3Request(
  access: BucketAccess,
  request: S3Request,
  failure: "cannot-read" | "cannot-write",
  signal: AbortSignal,
): Promise<IncomingMessage> {
  for (let tries = 1; ; tries++) {
    let response: IncomingMessage;
    try {
      response = await sendSigned(access, request, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ResearchError) throw error;
      if (tries < TRIES) {
        await pause(FIRST_DELAY * 2 ** (tries - 1), signal);
        continue;
      }
      throw new ResearchError(
        "no-network",
        msg`${access.endpoint.host} cannot be reached.`,
        msg`Check the connection, the proxy and AWS_ENDPOINT_URL_S3.`,
        { cause: error },
      );
    }
    const status = response.statusCode ?? 0;
    if ((status >= 200 && status < 300) || request.expects?.includes(status) === true) return response;
    const found = await readFailure(response, status);
    if (tries < TRIES && (status >= 500 || status === 429))
      await pause(FIRST_DELAY * 2 ** (tries - 1), signal);
    else throw toS3Error(access, found, failure);
  }
}

/** Reads the answer of a request whole. @throws as `sendS3Request` */
export async function readS3Text(
  access: BucketAccess,
  request: S3Request,
  failure: "cannot-read" | "cannot-write",
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const response = await sendS3Request(access, request, failure, signal);
  try {
    return await readResponseText(response, maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw new ResearchError(failure, msg`${access.endpoint.host} broke off its answer.`, msg`Try again.`, {
      cause: error,
    });
  } finally {
    response.destroy();
  }
}

async function sendSigned(
  access: BucketAccess,
  { method, key, query = {}, headers = {}, body }: S3Request,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(access.endpoint);
  const path = key.split("/").map(encodeURIComponent).join("/");
  url.pathname = `${url.pathname.replace(/\/$/, "")}${access.isPathStyle ? `/${access.bucket}` : ""}/${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { accessKeyId, secretAccessKey, sessionToken, region } = access;
  const signed = await new AwsV4Signer({
    ...{ method, url: url.href, accessKeyId, secretAccessKey, region, service: "s3" },
    ...(sessionToken === null ? {} : { sessionToken }),
    headers: { ...headers, "x-amz-content-sha256": sha256Hex(body ?? "") },
  }).sign();
  const sent = {
    ...Object.fromEntries(signed.headers),
    ...(body === undefined ? {} : { "content-length": body.length }),
  };
  return openApiResponse(
    signed.url,
    { method, headers: sent, ...(body === undefined ? {} : { body }) },
    signal,
  );
}

async function readFailure(response: IncomingMessage, status: number): Promise<S3Failure> {
  // An answer to HEAD has no body, and a proxy's may be anything.
  const text = await readResponseText(response, MAX_ERROR_BYTES).catch(() => "");
  response.destroy();
  return { status, code: readXmlValue(text, "Code") ?? "", message: readXmlValue(text, "Message") ?? "" };
}

/** The error for people. */
function toS3Error(
  { bucket, endpoint }: BucketAccess,
  { status, code, message }: S3Failure,
  failure: "cannot-read" | "cannot-write",
): ResearchError {
  if (code === "NoSuchBucket") {
    return new ResearchError(
      failure,
      msg`The bucket ${bucket} does not exist at ${endpoint.host}.`,
      msg`Create it, or name another one.`,
    );
  }
  if (status === 401 || status === 403) {
    return new ResearchError(
      failure,
      msg`${endpoint.host} refuses access to the bucket ${bucket} (${code === "" ? status : code}).`,
      msg`Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and what the key is allowed to do.`,
    );
  }
  const why = [code, message].filter((part) => part !== "").join(": ");
  return new ResearchError(
    failure,
    msg`${endpoint.host} answered ${status} for the bucket ${bucket}${why === "" ? "" : ` (${why})`}.`,
    msg`Try again later.`,
  );
}

/** The text of the first element of a name, which has no elements within; null if there is none. */
export function readXmlValue(xml: string, name: string): string | null {
  const start = xml.indexOf(`<${name}>`);
  const end = start === -1 ? -1 : xml.indexOf(`</${name}>`, start);
  return end === -1 ? null : decodeXml(xml.slice(start + name.length + 2, end));
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeXml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (typeof name === "string") return ENTITIES[name.toLowerCase()] ?? whole;
      const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
    },
  );
}

/** @throws the signal's reason */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
