import dns from "node:dns";
import net from "node:net";
import ipaddr from "ipaddr.js";
import { ResearchError } from "../../common/errors.js";

/*
 * Which addresses a page may come from. A page's address is anybody's to choose, so nothing inside
 * this machine or its network may be reached through one, by name, by number or by redirect.
 */

/** Where websites and their documentation are served. Elsewhere mail, databases and the like listen. */
const WEB_PORTS: ReadonlySet<string> = new Set(["80", "443", "8080", "8443"]);

/** Names that never lead to the public internet, whoever answers for them. */
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.*$/i;

/** Answers inside a cloud's machines only, as 169.254.169.254 does, though its number looks public. */
const CLOUD_SERVICE = "168.63.129.16";

/**
 * True for an address on the public internet; anything special, whatever its spelling, is not. What
 * carries an IPv4 address inside an IPv6 one is special too, since it may lead to any IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // A zone ("%eth0") belongs to an address inside a network.
  if (net.isIP(address) === 0 || address.includes("%") || address === CLOUD_SERVICE) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed.kind() === "ipv4") return true;
  // Of IPv6 only 2000::/3 is given out: "::7f00:1", the old spelling of 127.0.0.1, lies outside.
  const [first = 0] = (parsed as ipaddr.IPv6).parts;
  return first >> 13 === 1;
}

/**
 * The address as one that may be asked for: http or https, at a port of the web, without a name and
 * password in it, and not a private address in letters or figures. What its name resolves to is
 * checked at connecting.
 *
 * @param allowed "host:port" pairs that may be private, or at another port
 * @throws ResearchError "bad-url" or "refused-address"
 */
export function assertPublicUrl(address: string, allowed: ReadonlySet<string>): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw new ResearchError("bad-url", `“${shown(address)}” is not an address.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ResearchError("bad-url", `“${shown(address)}” is not an http or https address.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ResearchError(
      "bad-url",
      `The address at ${url.host} contains a user name or password.`,
      "Remove it.",
    );
  }
  if (isAllowedHost(url, allowed)) return url;
  const host = bareHost(url);
  if (INNER_NAME.test(host) || (net.isIP(host) !== 0 && !isPublicAddress(host))) throw refused(url.host);
  if (!WEB_PORTS.has(portOf(url))) {
    throw new ResearchError(
      "refused-address",
      `${url.host} is not read: only ports 80, 443, 8080 and 8443 are allowed.`,
      "If you trust that server, allow its host:port with ALLOWED_PRIVATE_HOSTS.",
    );
  }
  return url;
}

export function isAllowedHost(url: URL, allowed: ReadonlySet<string>): boolean {
  const port = portOf(url);
  return allowed.has(`${url.hostname}:${port}`) || allowed.has(`${bareHost(url)}:${port}`);
}

function portOf(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}

/** The host without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** An address for a message: not endless, and without the password that it may hold. */
function shown(address: string): string {
  const open = address.replace(/\/\/[^/?#]*@/, "//…@");
  return open.length > 200 ? `${open.slice(0, 200)}…` : open;
}

function refused(host: string): ResearchError {
  return new ResearchError(
    "refused-address",
    `${host} is in a private network or on this machine, so it is not read.`,
    "If it is intranet documentation that you trust, allow its host:port with ALLOWED_PRIVATE_HOSTS.",
  );
}

/** All addresses of a name, as `dns.lookup` gives them. */
export type ResolveHost = (
  hostname: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

export const resolveHost: ResolveHost = (hostname, options, done) => dns.lookup(hostname, options, done);

/**
 * A `lookup` for node:http that hands out public addresses only, so that the address which is
 * connected to is the one that was checked. One private address among them refuses them all.
 *
 * @param mayBePrivate true for a host that the user allowed: then any address will do
 */
export function createPublicLookup(resolve: ResolveHost, mayBePrivate: boolean): net.LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      // At an error there are no addresses, not even none.
      const [first] = error === null ? addresses : [];
      if (error !== null) callback(error, "", 0);
      else if (first === undefined || !(mayBePrivate || addresses.every(isPublic)))
        callback(refused(hostname), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function isPublic({ address }: dns.LookupAddress): boolean {
  return isPublicAddress(address);
}
