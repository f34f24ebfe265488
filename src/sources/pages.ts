import { ResearchError } from "../research/errors.js";
import type { Reading } from "../research/ports.js";
import type { Place } from "../research/schema.js";
import { decodePage } from "./charset.js";
import { unixBreaks } from "./decode.js";
import { fetchPage, type FetchedPage } from "./fetch-page.js";
import { pageText } from "./html.js";
import { headingText } from "../research/passages.js";

export interface PagesOptions {
  /** "host:port" pairs that may be private, such as an intranet's documentation. */
  allowedPrivateHosts: string[];
}

export interface Pages {
  /** @throws ResearchError where the page is refused, unreachable, too large or holds no text */
  read(place: Place, signal: AbortSignal): Promise<Reading>;
}

/** Reads pages that the user named or a search found: guarded, without cookies, as main text. */
export function openPages({ allowedPrivateHosts }: PagesOptions): Pages {
  const allowed = new Set(allowedPrivateHosts.map((host) => host.trim().toLowerCase()));
  return {
    async read(place, signal) {
      signal.throwIfAborted();
      if (place.kind !== "page") throw new ResearchError("unreadable", "Only pages are read from the web.");
      const page = await fetchPage(place.url, allowed, signal);
      const reading = readingOf(page);
      if (reading.text.trim() === "")
        throw new ResearchError("unreadable", `${page.url.href} holds no text that can be read.`);
      return reading;
    },
  };
}

function readingOf(page: FetchedPage): Reading {
  const { url, bytes } = page;
  const kind = kindOf(page);
  const decoded = decodePage(bytes, page.charset);
  const source = unixBreaks(decoded.text);
  if (kind === "html") {
    const { title, text, warnings } = pageText(source);
    return {
      title: title || url.href,
      text: clean(text),
      commit: null,
      lines: null,
      warnings: [...decoded.warnings, ...warnings],
    };
  }
  const heading = kind === "markdown" ? /^#{1,6} .+$/m.exec(source)?.[0] : undefined;
  return {
    title: heading === undefined ? url.href : headingText(heading),
    text: clean(source),
    commit: null,
    lines: null,
    warnings: decoded.warnings,
  };
}

/** What a page is, by its type, or by its look where it has none. */
function kindOf({ url, type, bytes }: FetchedPage): "html" | "markdown" | "text" {
  if (type === "text/html" || type === "application/xhtml+xml") return "html";
  if (/^text\/(?:x-)?markdown$/.test(type)) return "markdown";
  if (type === "text/plain") return /\.(?:md|markdown)$/i.test(url.pathname) ? "markdown" : "text";
  const head = Buffer.from(bytes.subarray(0, 1000)).toString("latin1");
  if (type === "" && /<(?:!doctype\s+html|html|head|body)\b/i.test(head)) return "html";
  if (type === "" && !head.includes("\u0000") && !head.startsWith("%PDF")) return "text";
  const what = type === "application/pdf" || head.startsWith("%PDF") ? "a PDF" : type || "not text";
  throw new ResearchError(
    "unreadable",
    `${url.href} is ${what}; only web pages, plain text and Markdown are read.`,
  );
}

/** Without control characters, which no reader sees and no file should hold, and without runs of blank lines. */
function clean(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- control characters are what this is about
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g, "")
      .replace(/\p{Surrogate}/gu, "\ufffd")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
  );
}
