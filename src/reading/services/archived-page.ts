import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import type { Reading } from "../../core/domain/reading.js";
import { askService, limitError, readJson, type Service } from "./service-request.js";
import { serviceUserAgent } from "./service-address.js";
import { toDocument, type ServicePageTools } from "./service-page.js";

/* Copies of the Wayback Machine, for pages that are gone or refuse to be read. */

/** What the archive asks of those who were told to slow down, in milliseconds. */
const HOUR_MS = 60 * 60 * 1000;

const service: Service = {
  name: "The Wayback Machine",
  hasKey: false,
  // Who goes on after this is shut out for an hour, and then for longer.
  failureOf: ({ status }) =>
    status === 429 ? { error: limitError(service, status, HOUR_MS), isPassing: false, wait: HOUR_MS } : null,
};

/** The first row names the columns; without copies there is none. */
const Copies = z.array(z.tuple([z.string(), z.string(), z.string()]).rest(z.unknown()));
const READABLE = /^(?:text\/(?:html|plain|markdown)|application\/xhtml\+xml)$/;

/** HTTP statuses of pages that are gone, or that refuse programs. */
export const ARCHIVABLE_STATUSES: ReadonlySet<number> = new Set([403, 404, 410, 451]);

/**
 * Reads the newest copy of a page; null where the archive has none that can be read.
 * @param status why the page itself was not read
 * @throws ResearchError as `askService`
 */
export async function readArchivedPage(
  address: string,
  status: number,
  { text, contact }: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading | null> {
  const headers = { "user-agent": serviceUserAgent(contact) };
  const list = new URL("https://web.archive.org/cdx/search/cdx");
  list.search = new URLSearchParams({
    url: address,
    output: "json",
    limit: "-1",
    filter: "statuscode:200",
    fl: "timestamp,original,mimetype",
  }).toString();
  const copies = await askService(service, { url: list, headers, read: readJson(Copies) }, signal);
  const [, copy] = copies;
  const [timestamp = "", original = "", type = ""] = copy ?? [];
  if (!/^\d{14}$/.test(timestamp) || !READABLE.test(type) || !isSamePage(address, original)) return null;
  const body = await askService(
    service,
    {
      url: new URL(`https://web.archive.org/web/${timestamp}id_/${original}`),
      headers,
      read: (answer) => answer,
      followsOwnHost: true,
    },
    signal,
  );
  if (body.trim() === "")
    throw new ResearchError("empty-page", msg`The archived copy of ${address} is empty.`);
  const found = await text(toDocument(body, type, address), signal);
  const day = `${timestamp.slice(0, 4)}-${timestamp.slice(4, 6)}-${timestamp.slice(6, 8)}`;
  const shown = `https://web.archive.org/web/${timestamp}/${original}`;
  return {
    ...found,
    commit: null,
    canonical: null,
    warnings: [
      ...found.warnings,
      `The page itself answered HTTP ${status}. This is the archived copy of ${day} in the Wayback Machine: ${shown}`,
    ],
  };
}

/** Whether two addresses differ at most in the protocol, "www." and a slash at the end. */
function isSamePage(one: string, other: string): boolean {
  const plain = (address: string): string => {
    if (!URL.canParse(address)) return "";
    const { hostname, pathname, search } = new URL(address);
    return (
      hostname.replace(/^www\./, "") + (pathname.endsWith("/") ? pathname.slice(0, -1) : pathname) + search
    );
  };
  return plain(one) !== "" && plain(one) === plain(other);
}
