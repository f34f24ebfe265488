import { msg } from "../../common/messages.js";
import dns from "node:dns";
import net from "node:net";
import ipaddr from "ipaddr.js";
import { ResearchError } from "../../common/errors.js";

/*
 * Decides which addresses pages may be fetched from. URLs are untrusted, so none may reach this machine or its private
 * network, whether by name, IP address or redirect.
 */

/** Ports of websites; mail, databases and other services use other ports. */
const WEB_PORTS: ReadonlySet<string> = new Set(["80", "443", "8080", "8443"]);

/** Host names that are never public, whatever they resolve to. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.*$/i;

/** Azure's metadata service, which is internal like 169.254.169.254 though its address looks public. */
const CLOUD_SERVICE = "168.63.129.16";

/**
 * True for an address on the public internet. Special addresses are not public, in any spelling, nor are IPv6 addresses
 * that embed an IPv4 address, since they may lead to any IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // Only local addresses have a zone ("%eth0").
  if (net.isIP(address) === 0 || address.includes("%") || address === CLOUD_SERVICE) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed.kind() === "ipv4") return true;
  // Only 2000::/3 is public in IPv6; "::7f00:1", an old spelling of 127.0.0.1, is outside.
  const [first = 0] = (parsed as ipaddr.IPv6).parts;
  return first >> 13 === 1;
}

/**
 * Parses a URL that may be fetched: http or https, on an allowed port, without credentials, and not a private host name
 * or IP address. What a name resolves to is checked when connecting.
 *
 * @param allowed "host:port" pairs that may be private or use another port
 * @throws ResearchError "bad-url" or "refused-address"
 */
export function assertPublicUrl(address: string, allowed: ReadonlySet<string>): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw new ResearchError("bad-url", msg`“${shortenUrl(address)}” is not an address.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ResearchError("bad-url", msg`“${shortenUrl(address)}” is not an http or https address.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ResearchError(
      "bad-url",
      msg`The address at ${url.host} contains a user name or password.`,
      msg`Remove it.`,
    );
  }
  if (isAllowedHost(url, allowed)) return url;
  const host = bareHost(url);
  if (PRIVATE_NAME.test(host) || (net.isIP(host) !== 0 && !isPublicAddress(host)))
    throw privateAddressError(url.host);
  if (!WEB_PORTS.has(portOf(url))) {
    throw new ResearchError(
      "refused-address",
      msg`${url.host} is not read: only ports 80, 443, 8080 and 8443 are allowed.`,
      msg`If you trust that server, allow its host:port with ALLOWED_PRIVATE_HOSTS.`,
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
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** A URL for messages: shortened, and without a password. */
function shortenUrl(address: string): string {
  const open = address.replace(/\/\/[^/?#]*@/, "//…@");
  return open.length > 200 ? `${open.slice(0, 200)}…` : open;
}

function privateAddressError(host: string): ResearchError {
  return new ResearchError(
    "refused-address",
    msg`${host} is in a private network or on this machine, so it is not read.`,
    msg`If it is intranet documentation that you trust, allow its host:port with ALLOWED_PRIVATE_HOSTS.`,
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
 * A `lookup` for node:http that returns only public addresses, so that the address that is connected to is the one that
 * was checked. One private address rejects the whole name.
 * @param mayBePrivate true for hosts that the user allowed, which may resolve to any address
 */
export function createPublicLookup(resolve: ResolveHost, mayBePrivate: boolean): net.LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      // `addresses` is undefined after an error.
      const [first] = error === null ? addresses : [];
      if (error !== null) callback(error, "", 0);
      else if (first === undefined || !(mayBePrivate || addresses.every(isPublic)))
        callback(privateAddressError(hostname), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * The refusal of a name that resolves to a private address here, for requests that a proxy sends. null if all addresses
 * are public, and if the name does not resolve here: behind a proxy, often only the proxy knows public names.
 */
export function findPrivateName(host: string, resolve: ResolveHost): Promise<ResearchError | null> {
  return new Promise((done) => {
    resolve(host, { all: true }, (error, addresses) => {
      done(error !== null || addresses.every(isPublic) ? null : privateAddressError(host));
    });
  });
}

function isPublic({ address }: dns.LookupAddress): boolean {
  return isPublicAddress(address);
}
