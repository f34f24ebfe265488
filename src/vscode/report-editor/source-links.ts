import path from "node:path";
import { textFragmentUrl } from "../../core/report/render-report.js";
import type { ParsedSource } from "../../core/report/parse-report.js";
import { toSafeWebUrl } from "./escape-markdown.js";

/* Names and addresses of a report's sources. Does not depend on VS Code. */

/** The live page with a text fragment for the quote; null for files and for non-web addresses. */
export function livePageUrl({ url, grounded }: ParsedSource, quote: string | undefined): string | null {
  if (url === null) return null;
  // Pages found by Google are linked exactly as Google returned them.
  return toSafeWebUrl(
    grounded || quote === undefined || /#page=\d+$/.test(url) ? url : textFragmentUrl(url, quote),
  );
}

/** A short name for a source. */
export function sourceName({ title, file, url }: ParsedSource): string {
  return title || (file === null ? (url ?? "") : path.posix.basename(file.path));
}
