import dns from "node:dns";
import net from "node:net";
import ipaddr from "ipaddr.js";
import { ResearchError } from "../research/errors.js";

/*
 * Which addresses a page may come from. A page's address is anybody's to choose, so nothing inside
 * this machine or its network may be reached through one, by name, by number or by redirect.
 */

/** True for an address on the public internet; anything special, whatever its spelling, is not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // "::ffff:127.0.0.1" is 127.0.0.1.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed.kind() === "ipv4") return true;
  // "::7f00:1" too, in the old spelling that the ranges do not name.
  const parts = (parsed as ipaddr.IPv6).parts;
  return parts.slice(0, 6).some((part) => part !== 0);
}

/**
 * The address as one that may be asked for: http or https, without a name and password in it, and not
 * a private address in letters or figures. What its name resolves to is checked at connecting.
 *
 * @param allowed "host:port" pairs that may be private
 * @throws ResearchError "bad-url" or "refused-address"
 */
export function checkedUrl(address: string, allowed: ReadonlySet<string>): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw new ResearchError("bad-url", `“${address}” is not an address.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ResearchError("bad-url", `“${address}” is not an http or https address.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ResearchError(
      "bad-url",
      `The address at ${url.host} holds a user name or password.`,
      "Leave it out.",
    );
  }
  if (isAllowed(url, allowed)) return url;
  const host = bareHost(url);
  const isLocalName = /(?:^|\.)localhost\.?$/i.test(host);
  if (isLocalName || (net.isIP(host) !== 0 && !isPublicAddress(host))) throw refused(url.host);
  return url;
}

export function isAllowed(url: URL, allowed: ReadonlySet<string>): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return allowed.has(`${url.hostname}:${port}`) || allowed.has(`${bareHost(url)}:${port}`);
}

/** The host without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function refused(host: string): ResearchError {
  return new ResearchError(
    "refused-address",
    `${host} is in a private network or this machine, and is not read.`,
    "If it is an intranet's documentation that you trust, allow its host:port with ALLOWED_PRIVATE_HOSTS.",
  );
}

/**
 * A `lookup` for node:http that hands out public addresses only, so that the address which is
 * connected to is the one that was checked. One private address among them refuses them all.
 */
export const publicLookup: net.LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, "", 0);
      return;
    }
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
      callback(refused(hostname), "", 0);
      return;
    }
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
