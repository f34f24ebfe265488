import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import type { Reading } from "../../core/domain/reading.js";
import type { SourceLocation } from "../../core/domain/schema.js";
import type { DocumentText } from "../documents/document-text.js";
import type { RawDocument } from "../documents/extract-text.js";
import { createWebClient, PAGE_LIMITS } from "./fetch-page.js";

export interface PageReaderOptions {
  /** "host:port" pairs that may be private, such as intranet documentation. */
  allowedPrivateHosts: string[];
  /** Extracts the text of a fetched document, possibly on a worker thread. */
  text: (document: RawDocument, signal: AbortSignal) => Promise<DocumentText>;
}

/** Pages that lead on by themselves, one after the other. */
const MAX_PAGE_REDIRECTS = 3;

export interface PageReader {
  /** @throws ResearchError if the page is refused, unreachable, too large or without text */
  read(place: SourceLocation, signal: AbortSignal): Promise<Reading>;
  /** A file of a site as it is sent, such as its search index. @throws ResearchError as `read` */
  fetch(address: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** Search indexes hold the texts of whole sites. */
const FILE_LIMITS = { ...PAGE_LIMITS, bytes: 25 * 1024 * 1024 };

/** Reads pages that the user named or a search found: with URL checks, without cookies, as main text. */
export function createPageReader({ allowedPrivateHosts, text }: PageReaderOptions): PageReader {
  const allowed = new Set(allowedPrivateHosts.map((host) => host.trim().toLowerCase()));
  const web = createWebClient({ allowed });
  return {
    async fetch(address, signal) {
      return (await web.page(address, signal, FILE_LIMITS)).bytes;
    },
    async read(place, signal) {
      signal.throwIfAborted();
      if (place.kind !== "page")
        throw new ResearchError("unreadable", msg`Only pages are read from the web.`);
      let address = place.url;
      for (let hop = 0; ; hop++) {
        const { url, ...page } = await web.page(address, signal);
        const { redirect, ...found } = await text({ ...page, address: url.href }, signal);
        if (redirect === undefined) return { ...found, commit: null };
        if (hop === MAX_PAGE_REDIRECTS) {
          throw new ResearchError("empty-page", msg`${url.href} only leads to ${redirect}.`);
        }
        address = redirect;
      }
    },
  };
}
