import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A stand-in for an S3 server: real HTTP on 127.0.0.1, with the bucket in the path. It checks each signature and the
 * hash of each body, honours If-Match and If-None-Match, lists in pages, and takes uploads in parts.
 */

export interface FakeS3 {
  /** For AWS_ENDPOINT_URL_S3. */
  address: string;
  /** By key. */
  objects: Map<string, Buffer>;
  /** "METHOD key?query" of each request, in order. */
  asked: string[];
  /** Uploads in parts that were begun and neither completed nor given up. */
  uploads: Map<string, Map<number, Buffer>>;
  /** Statuses that the next requests are answered with, before anything else counts. */
  faults: number[];
  /** Whether If-Match and If-None-Match count; older servers ignore them. */
  hasConditions: boolean;
  environment: Record<string, string>;
  close(): Promise<void>;
}

const BUCKET = "backups";
const ACCESS = "fake-access";
const SECRET = "fake+secret/key";
const REGION = "eu-central-1";
/** Small, so that tests see several pages. */
const PAGE = 3;

export async function startFakeS3(): Promise<FakeS3> {
  const fake: FakeS3 = {
    address: "",
    objects: new Map(),
    asked: [],
    uploads: new Map(),
    faults: [],
    hasConditions: true,
    environment: {},
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  const server = createServer((request, response) => {
    answer(fake, request, response).catch((error: unknown) =>
      refuse(response, 500, "InternalError", String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.environment = {
    AWS_ENDPOINT_URL_S3: fake.address,
    AWS_ACCESS_KEY_ID: ACCESS,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: REGION,
  };
  return fake;
}

async function answer(
  fake: FakeS3,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ServerResponse> {
  const url = new URL(request.url ?? "/", fake.address);
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const [, bucket = "", ...names] = url.pathname.split("/");
  const key = names.map(decodeURIComponent).join("/");
  const query = url.searchParams;
  fake.asked.push(`${request.method} ${key}${url.search}`);
  const fault = fake.faults.shift();
  if (fault !== undefined) return refuse(response, fault, "SlowDown", "Please reduce your request rate.");
  if (!isSigned(request, url, body))
    return refuse(response, 403, "SignatureDoesNotMatch", "Check your key and signing method.");
  if (bucket !== BUCKET) return refuse(response, 404, "NoSuchBucket", "The specified bucket does not exist");
  const { method } = request;
  if (key === "" && method === "GET") return list(fake, query, response);
  const upload = query.get("uploadId");
  if (method === "POST" && query.has("uploads")) {
    const id = `upload-${fake.asked.length}`;
    fake.uploads.set(id, new Map());
    return send(
      response,
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  if (upload !== null) {
    const parts = fake.uploads.get(upload);
    if (parts === undefined) return refuse(response, 404, "NoSuchUpload", "There is no such upload.");
    if (method === "PUT") {
      parts.set(Number(query.get("partNumber")), body);
      return response.writeHead(200, { etag: tagOf(body) }).end();
    }
    if (method === "DELETE") {
      fake.uploads.delete(upload);
      return response.writeHead(204).end();
    }
    const wanted = [
      ...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>("[0-9a-f]+")<\/ETag>/g),
    ];
    const whole = wanted.map(([, number, tag]) => {
      const part = parts.get(Number(number)) ?? Buffer.alloc(0);
      return tag === tagOf(part) ? part : null;
    });
    if (whole.some((part, at) => part === null || (at < whole.length - 1 && part.length < 5 * 1024 * 1024)))
      return refuse(response, 400, "InvalidPart", "A part is missing, changed or too small.");
    if (!isExpected(fake, request, key))
      return refuse(response, 412, "PreconditionFailed", "At least one condition failed.");
    fake.uploads.delete(upload);
    const content = Buffer.concat(whole.filter((part) => part !== null));
    fake.objects.set(key, content);
    const tag = tagOf(content).replaceAll('"', "&quot;");
    return send(
      response,
      `<CompleteMultipartUploadResult><ETag>${tag}</ETag></CompleteMultipartUploadResult>`,
    );
  }
  if (method === "PUT") {
    if (!isExpected(fake, request, key))
      return refuse(response, 412, "PreconditionFailed", "At least one condition failed.");
    fake.objects.set(key, body);
    return response.writeHead(200, { etag: tagOf(body) }).end();
  }
  const found = fake.objects.get(key);
  if (method === "DELETE") {
    fake.objects.delete(key);
    return response.writeHead(204).end();
  }
  if (found === undefined) return refuse(response, 404, "NoSuchKey", "The specified key does not exist.");
  response.writeHead(200, { etag: tagOf(found), "content-length": found.length });
  return response.end(method === "HEAD" ? undefined : found);
}

function list(fake: FakeS3, query: URLSearchParams, response: ServerResponse): ServerResponse {
  const prefix = query.get("prefix") ?? "";
  const after = Buffer.from(query.get("continuation-token") ?? "", "base64").toString();
  const keys = [...fake.objects.keys()]
    .sort()
    .filter((key) => key.startsWith(prefix) && (after === "" || key > after));
  const page = keys.slice(0, PAGE);
  const contents = page.map((key) => {
    const content = fake.objects.get(key) ?? Buffer.alloc(0);
    const tag = escapeXml(tagOf(content));
    return `<Contents><Key>${escapeXml(key)}</Key><ETag>${tag}</ETag><Size>${content.length}</Size></Contents>`;
  });
  const isMore = keys.length > page.length;
  const next = Buffer.from(page.at(-1) ?? "").toString("base64");
  const more = isMore ? `<NextContinuationToken>${next}</NextContinuationToken>` : "";
  return send(
    response,
    `<ListBucketResult><IsTruncated>${isMore}</IsTruncated>${more}${contents.join("")}</ListBucketResult>`,
  );
}

function isExpected(fake: FakeS3, { headers }: IncomingMessage, key: string): boolean {
  if (!fake.hasConditions) return true;
  const found = fake.objects.get(key);
  if (headers["if-none-match"] === "*") return found === undefined;
  const match = headers["if-match"];
  return match === undefined || (found !== undefined && tagOf(found) === match);
}

function tagOf(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

function send(response: ServerResponse, xml: string): ServerResponse {
  return response.writeHead(200, { "content-type": "application/xml" }).end(`<?xml version="1.0"?>${xml}`);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): ServerResponse {
  const xml = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return response.writeHead(status, { "content-type": "application/xml" }).end(xml);
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Computes the signature anew, as version 4 of AWS's signing says. */
function isSigned({ method = "", headers }: IncomingMessage, url: URL, body: Buffer): boolean {
  const hash = createHash("sha256").update(body).digest("hex");
  const [, access, day = "", region = "", signed = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  const date = String(headers["x-amz-date"]);
  if (
    access !== ACCESS ||
    region !== REGION ||
    headers["x-amz-content-sha256"] !== hash ||
    !date.startsWith(day)
  )
    return false;
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const canonical = [
    method,
    url.pathname
      .split("/")
      .map((name) => encode(decodeURIComponent(name)))
      .join("/"),
    [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&"),
    ...signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signed,
    hash,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, createHash("sha256").update(canonical).digest("hex")].join(
    "\n",
  );
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature, "hex"));
}
