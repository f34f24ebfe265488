import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { isStorePath } from "../../core/domain/file-store.js";

/** What a request to a bucket needs. */
export interface BucketAccess {
  /** Without the bucket's name in its path. */
  endpoint: URL;
  /** Whether the bucket's name stands in the path, otherwise in the host's name. */
  isPathStyle: boolean;
  bucket: string;
  /** Before each key, without slashes at its ends; may be empty. */
  prefix: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Whether a text names objects in a bucket: "s3://BUCKET" or "s3://BUCKET/PREFIX". */
export function isBucketAddress(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * Reads an address, and the rest from the variables that other S3 programs use. They are the machine's own: a workspace
 * says neither where a backup goes nor with which key.
 * @throws ResearchError "bad-settings" that names what is missing or wrong
 */
export function readBucketAccess(
  address: string,
  environment: Record<string, string | undefined>,
): BucketAccess {
  const [bucket = "", ...rest] = address.replace(/^s3:\/\//i, "").split("/");
  while (rest.at(-1) === "") rest.pop();
  const prefix = rest.join("/");
  if (!BUCKET.test(bucket) || bucket.includes("..") || (prefix !== "" && !isStorePath(prefix))) {
    throw new ResearchError(
      "bad-settings",
      msg`${address} is not the address of a bucket; allowed: s3://BUCKET or s3://BUCKET/PREFIX.`,
    );
  }
  const region = read("AWS_REGION") ?? read("AWS_DEFAULT_REGION") ?? "us-east-1";
  const given = read("AWS_ENDPOINT_URL_S3") ?? read("AWS_ENDPOINT_URL");
  // A certificate for all buckets does not cover names with dots.
  const isPathStyle = given !== null || bucket.includes(".");
  const amazon = `https://${isPathStyle ? "" : `${bucket}.`}s3.${region}.amazonaws.com`;
  return {
    ...{ endpoint: parseEndpoint(given ?? amazon, region), isPathStyle, bucket, prefix, region },
    accessKeyId: demand("AWS_ACCESS_KEY_ID"),
    secretAccessKey: demand("AWS_SECRET_ACCESS_KEY"),
    sessionToken: read("AWS_SESSION_TOKEN"),
  };

  function read(name: string): string | null {
    const value = environment[name]?.trim() ?? "";
    return value === "" ? null : value;
  }

  function demand(name: string): string {
    const value = read(name);
    if (value !== null) return value;
    throw new ResearchError(
      "bad-settings",
      msg`${name} is not set, so the bucket ${bucket} cannot be opened.`,
      msg`Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in your own environment.`,
    );
  }
}

function parseEndpoint(text: string, region: string): URL {
  if (!/^[a-z0-9-]{1,64}$/.test(region))
    throw new ResearchError(
      "bad-settings",
      msg`AWS_REGION is ${JSON.stringify(region)}; allowed: a region such as eu-central-1.`,
    );
  const url = URL.canParse(text) ? new URL(text) : null;
  // Without TLS, a backup could be read on its way: only on this machine.
  const isLocal = url !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLocal)) &&
    url.search === ""
  )
    return url;
  throw new ResearchError(
    "bad-settings",
    msg`AWS_ENDPOINT_URL_S3 is ${JSON.stringify(text)}; allowed: an https URL, or an http URL on this machine.`,
  );
}
