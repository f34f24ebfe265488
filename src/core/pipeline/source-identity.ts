import { mayBeSameText, isNearDuplicate, type MinHashSketch } from "../text/near-duplicates.js";
import { formatLocation, isLocalLocation, type SourceLocation, type Source } from "../domain/schema.js";

/*
 * When two places, or what was read at them, are one source.
 */

/**
 * One address for what is the same place: no fragment, no tracking parameters, no trailing slash,
 * no "www.", no index page, https.
 */
export function canonicalLocationKey(place: SourceLocation): string {
  if (isLocalLocation(place)) return `${place.kind}:${formatLocation(place)}`;
  try {
    const url = new URL(place.url);
    url.hash = "";
    // Of one site with and without "www.", and over http and https, there is one.
    url.hostname = url.hostname.replace(/^www\./, "");
    if (url.protocol === "http:" && url.port === "") url.protocol = "https:";
    url.pathname = url.pathname.replace(/\/index\.(?:html?|php)$/i, "/");
    for (const name of [...url.searchParams.keys()]) {
      if (/^(utm_\w+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_[ce]id|ref_src|_ga)$/i.test(name))
        url.searchParams.delete(name);
    }
    url.searchParams.sort();
    return `${place.kind}:${url.href.replace(/\/$/, "")}`;
  } catch {
    return `${place.kind}:${place.url}`;
  }
}

/** A source and the fingerprint of its text, for comparison. */
export interface ComparableSource {
  source: Source;
  sketch: MinHashSketch;
}

/** True for one text, one address, or a copy. */
export function isSameSource(one: ComparableSource, other: ComparableSource): boolean {
  if (one.source.textSha256 !== null && one.source.textSha256 === other.source.textSha256) return true;
  if (one.source.place.kind !== other.source.place.kind) return false;
  if (isNearDuplicate(one.sketch, other.sketch)) return true;
  // Some sites give one address as every page's own.
  return ownKey(one.source) === ownKey(other.source) && mayBeSameText(one.sketch, other.sketch);
}

const ownKeys = new WeakMap<Source, string>();

/** As `keyOf`, worked out once for each source: every pair of them is compared. */
function ownKey(source: Source): string {
  const key = ownKeys.get(source) ?? keyOf(source);
  ownKeys.set(source, key);
  return key;
}

/** The address that a page gives as its own counts where it is of the same host: others could claim anything. */
function keyOf({ place, canonical }: Source): string {
  if (place.kind !== "page" || canonical === null || hostOf(canonical) !== hostOf(place.url))
    return canonicalLocationKey(place);
  const isFrontPage = new URL(canonical).pathname === "/";
  return isFrontPage ? canonicalLocationKey(place) : canonicalLocationKey({ kind: "page", url: canonical });
}

/** A page's host without "www."; empty for what is no address. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/^www\./, "") : "";
}
