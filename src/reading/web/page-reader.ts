import { ResearchError } from "../../common/errors.js";
import type { Reading } from "../../core/domain/reading.js";
import type { Place } from "../../core/domain/schema.js";
import type { Document, DocumentText } from "../documents/extract-text.js";
import { openWeb } from "./fetch-page.js";

export interface PagesOptions {
  /** "host:port" pairs that may be private, such as an intranet's documentation. */
  allowedPrivateHosts: string[];
  /** Makes text of what was fetched, on a thread of its own or not. */
  text: (document: Document, signal: AbortSignal) => Promise<DocumentText>;
}

export interface Pages {
  /** @throws ResearchError where the page is refused, unreachable, too large or holds no text */
  read(place: Place, signal: AbortSignal): Promise<Reading>;
}

/** Reads pages that the user named or a search found: guarded, without cookies, as main text. */
export function openPages({ allowedPrivateHosts, text }: PagesOptions): Pages {
  const allowed = new Set(allowedPrivateHosts.map((host) => host.trim().toLowerCase()));
  const web = openWeb({ allowed });
  return {
    async read(place, signal) {
      signal.throwIfAborted();
      if (place.kind !== "page") throw new ResearchError("unreadable", "Only pages are read from the web.");
      const { url, ...page } = await web.page(place.url, signal);
      return { ...(await text({ ...page, address: url.href }, signal)), commit: null };
    },
  };
}
